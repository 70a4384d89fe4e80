"""Fifth step: actions → drafts in the mailbox. The intention is committed before each APPEND."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from followup_mail.core.case import Case, DraftKey, DraftState, Purpose
from followup_mail.core.case.names import same_address
from followup_mail.core.compose import (
    Draft,
    Identity,
    Letter,
    LetterForm,
    compose,
    letter_context,
    likeness,
    new_message_id,
    suitable_letters,
    text_of,
)
from followup_mail.core.facts import Doubt, establish_facts
from followup_mail.core.message import Message, MessageKey, Received, parse_message
from followup_mail.core.plan import (
    Action,
    JournalEntry,
    PlaceDraft,
    Remind,
    ReplaceDraft,
    WithdrawDraft,
    placed_today,
    within_cap,
)
from followup_mail.cycle.recover import confirm_placed
from followup_mail.cycle.worker import Scene
from followup_mail.errors import MailboxError, MessageError
from followup_mail.ports import Letters

log = structlog.get_logger()

LIKE = 0.7  # word likeness from which two letters to one person count as the same letter
DRAFT_CAP = 64 * 1024
RENDERED_MOST = 4  # letters tried for one draft: each may take seconds to fail


def place(scene: Scene, actions: list[Action]) -> None:
    """Withdraw what is out of date, then place what is due, the most pressing first, within the day's cap."""
    for action in actions:
        if isinstance(action, WithdrawDraft):
            _withdraw(scene, action.key, action.reason)
    worker = scene.worker
    policy = worker.policy(worker.ledger.began(worker.account), scene.now)
    today = placed_today(worker.ledger.journal(), policy=policy, now=scene.now)
    for action in within_cap(_placements(scene, actions), journal_today=today, policy=policy, now=scene.now):
        scene.pass_on()
        try:
            _place(scene, action)
        except MailboxError as error:  # full, read-only or gone: the rows stay planned, the owner is told once a day
            what = f"The drafts mailbox refuses drafts: {error}"
            worker.ledger.remind(Remind(f"drafts:{worker.account}:{scene.now.date()}", "", what, scene.now), scene.now)
            break


def _placements(scene: Scene, actions: Iterable[Action]) -> list[PlaceDraft]:
    """What is to be placed; of a replacement only once the old text is out of Drafts."""
    wanted = []
    for action in actions:
        if isinstance(action, PlaceDraft):
            wanted.append(action)
        elif isinstance(action, ReplaceDraft) and _withdraw(scene, action.key, action.reason, DraftState.SUPERSEDED):
            wanted.append(action.place)
    return wanted


def _withdraw(scene: Scene, key: DraftKey, reason: str, state: DraftState = DraftState.WITHDRAWN) -> bool:
    """Take back our own draft; one that the owner changed meanwhile is theirs and stays."""
    worker = scene.worker
    entry = worker.ledger.entry(key)
    if entry is None or entry.message_key is None or not worker.acts:
        return False
    if not worker.mailbox.withdraw_draft(entry.message_key, entry.fingerprint or ""):
        worker.memory.surveyed = {}  # the next survey finds out what became of it
        return False
    worker.ledger.settle(key, state, at=scene.now, reason=reason)
    scene.report.withdrawn += 1
    return True


def _place(scene: Scene, action: PlaceDraft) -> None:
    worker = scene.worker
    case = worker.ledger.case(action.case_id)
    if case is None:
        return
    try:
        draft = _compose(scene, action, case)
    except MessageError as error:
        worker.ledger.plan_draft(replace(action, held=(Doubt("letter", str(error), holds=True),)))
        what = f"The {action.key.purpose.value.replace('_', ' ')} for {case.id} waits: {error}"
        worker.ledger.remind(Remind(f"letter:{action.key}", case.id, what, scene.now), scene.now)
        return
    if _adopt(scene, action, draft):
        return
    if not worker.acts:
        scene.report.drafts.append(draft)
        return
    _append(scene, action, draft)


def _compose(scene: Scene, action: PlaceDraft, case: Case) -> Draft:
    """The draft this action asks for; raises MessageError where no letter fits."""
    worker, now = scene.worker, scene.now
    written = [entry for entry in worker.ledger.journal() if entry.letter and entry.state is not DraftState.WITHDRAWN]
    identity = Identity(worker.owner.name, case.owner_address, worker.owner.signature)
    visit = [entry for entry in written if entry.key.scope == action.key.scope]
    siblings = [entry for entry in visit if action.recipient.addr_spec not in _addr_specs(entry)]
    context = letter_context(action, case, identity=identity, policy_zone=worker.owner.zone, now=now)
    to_them = {entry.letter for entry in written if entry.letter and action.recipient.addr_spec in _addr_specs(entry)}
    beside = {entry.letter for entry in siblings if entry.letter}
    forms = suitable_letters(worker.letters.forms(), action, context, used=to_them, siblings_used=beside)
    if not forms:
        raise MessageError(f"no letter for {action.key.purpose} in the language {case.language!r}")
    message_id = worker.ledger.lost_message_id(action.key) or new_message_id(
        worker.draw(), case.owner_address.rpartition("@")[2]
    )
    letter = render_first(worker.letters, forms, context)
    return compose(action, case, identity=identity, letter=letter, message_id=message_id, now=now)


def render_first(letters: Letters, forms: Sequence[LetterForm], context: Mapping[str, object]) -> Letter:
    """The first of the letters that can be rendered whole; raises the first one's MessageError where none can."""
    trouble: MessageError | None = None
    for form in forms[:RENDERED_MOST]:
        try:
            return letters.render(form, context)
        except MessageError as error:
            log.warning("letter not rendered", letter=form.name)
            trouble = trouble or error
    raise trouble or MessageError("no letter to render")


def _addr_specs(entry: JournalEntry) -> set[str | None]:
    return {person.addr_spec for person in entry.recipients}


def _append(scene: Scene, action: PlaceDraft, draft: Draft) -> None:
    """Intention → APPEND → where it stands, each committed; a lost answer is for the next cycle's recovery."""
    worker, drafts = scene.worker, scene.boxes.drafts
    uidnext = _intend(scene, action, draft.message_id, draft.octets, draft)
    try:
        key = worker.mailbox.append_draft(draft.octets)
    except MailboxError as error:
        worker.ledger.abandon(action.key, draft.message_id, str(error), scene.now)
        raise
    if key is None and drafts:
        key = worker.mailbox.find(drafts, draft.message_id, uid_from=uidnext)
    confirm_placed(scene, action.key, draft.octets, key)
    scene.report.placed += 1
    log.info("draft placed", purpose=action.key.purpose.value, uid=key.uid if key else None)


def _intend(scene: Scene, action: PlaceDraft, message_id: str, octets: bytes, draft: Draft) -> int:
    """Commit the intention; answers the lowest uid under which the draft can come to stand."""
    drafts = scene.boxes.drafts
    status = scene.statuses.get(drafts) if drafts else None
    uidnext = status.uidnext if status else 1
    scene.worker.ledger.intend(
        action.key,
        message_id=message_id,
        octets=octets,
        text=draft.text,
        letter=draft.letter,
        drafts_mailbox=drafts or "",
        uidvalidity=status.uidvalidity if status else 0,
        uidnext=uidnext,
        at=scene.now,
    )
    return uidnext


def _adopt(scene: Scene, action: PlaceDraft, draft: Draft) -> bool:
    """Whether a like letter to them is there already (another machine, a lost ledger): it counts as ours.

    One in Drafts is taken over, as edited unless it is ours to the letter; one in Sent was sent, one in Trash thrown
    away. A letter from before the interviews it is about is another one.
    """
    boxes = scene.boxes
    for name, state in (
        (boxes.drafts, DraftState.EDITED),
        (boxes.sent, DraftState.SENT),
        (boxes.trash, DraftState.DISCARDED),
    ):
        like = _find_like(scene, name, action, draft) if name in scene.statuses else None
        if like is None:
            continue
        received, same = like
        message_id = parse_message(received).message_id or draft.message_id
        _intend(scene, action, message_id, received.octets, draft)
        confirm_placed(scene, action.key, received.octets, received.key)
        if state is not DraftState.EDITED or not same:
            sent_at = scene.now if state is DraftState.SENT else None
            scene.worker.ledger.settle(action.key, state, at=scene.now, sent_at=sent_at)
        return True
    return False


def _find_like(scene: Scene, name: str | None, action: PlaceDraft, draft: Draft) -> tuple[Received, bool] | None:
    """A letter in the mailbox that is this one, and whether to the letter; in Drafts also the owner's own thanks."""
    if name is None:
        return None
    worker = scene.worker
    since, drafts = _since(scene, action), name == scene.boxes.drafts
    keys = _read_letters(scene, action) if name == scene.boxes.sent else _letters_to_them(scene, name, action)
    for received in worker.mailbox.read(keys, DRAFT_CAP) if keys else ():
        message = parse_message(received)
        if message.sent_at is not None and message.sent_at < since:
            continue
        same_thread = action.reply_to is not None and action.reply_to.message_id in message.references
        least = LIKE / 2 if drafts and same_thread else LIKE
        text = text_of(received.octets)
        alike = likeness(text, draft.text)
        if alike < least:
            alike = max((likeness(text, other) for other in _other_words(scene, action)), default=0.0)
        if alike >= least or (drafts and _is_thanks(scene, action, message)):
            return received, alike >= 1.0
    return None


def _other_words(scene: Scene, action: PlaceDraft) -> Iterator[str]:
    """The same letter as every other template would have it: which one was chosen, a lost ledger took with it."""
    worker, case = scene.worker, scene.worker.ledger.case(action.case_id)
    if case is None:
        return
    identity = Identity(worker.owner.name, case.owner_address, worker.owner.signature)
    context = letter_context(action, case, identity=identity, policy_zone=worker.owner.zone, now=scene.now)
    for form in worker.letters.forms():
        if form.purpose == action.key.purpose.value and form.language == case.language:
            try:
                yield worker.letters.render(form, context).text
            except MessageError:
                continue


def _letters_to_them(scene: Scene, name: str, action: PlaceDraft) -> list[MessageKey]:
    """What in the mailbox is to the recipient and was not written by us, as far as the ledger knows."""
    worker = scene.worker
    ours = worker.ledger.letter_ids()
    to_them = []
    for batch in worker.mailbox.read_header_fields(name, None):
        for header in batch:
            field = " ".join(header.fields.get("to", ())).casefold()
            own = set(header.fields.get("message-id", ())) & ours
            if (action.recipient.addr_spec or "\0").casefold() in field and not own:
                to_them.append(header.key)
    return to_them


def _read_letters(scene: Scene, action: PlaceDraft) -> list[MessageKey]:
    """The owner's sent letters to the recipient, of those that were read into the case."""
    ours = scene.worker.ledger.letter_ids()
    return [
        reading.key
        for reading in scene.worker.ledger.messages(case_id=action.case_id)
        if reading.facts is not None
        and reading.facts.from_owner
        and reading.message_id not in ours
        and any(same_address(to.addr_spec, action.recipient.addr_spec) for to in reading.facts.recipients)
    ]


def _since(scene: Scene, action: PlaceDraft) -> datetime:
    """When the first of the interviews it is about began."""
    case = scene.worker.ledger.case(action.case_id)
    starts = [one.start for one in case.interviews if one.id in action.interviews] if case else []
    return min(starts, default=action.due)


def _is_thanks(scene: Scene, action: PlaceDraft, message: Message) -> bool:
    """Whether the owner is at work on their own thanks, or on ours under another name."""
    if action.key.purpose is not Purpose.THANK_YOU:
        return False
    owner = scene.worker.owner
    return establish_facts(message, me=owner.addresses, zone=owner.zone, expected=True).thanks
