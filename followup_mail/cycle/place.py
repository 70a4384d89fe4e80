"""Fifth step: actions → drafts in the mailbox. The intention is committed before each APPEND."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import structlog

from followup_mail.core.case import Case, DraftKey, DraftState
from followup_mail.core.compose import (
    Draft,
    Identity,
    Letter,
    LetterForm,
    compose,
    letter_context,
    new_message_id,
    suitable_letters,
)
from followup_mail.core.facts import Doubt
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
from followup_mail.cycle.adopt import adopt, intend
from followup_mail.cycle.recover import confirm_placed
from followup_mail.cycle.worker import Scene
from followup_mail.errors import MailboxError, MessageError
from followup_mail.ports import Letters

log = structlog.get_logger()

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
    if adopt(scene, action, draft):
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
    uidnext = intend(scene, action, draft.message_id, draft.octets, draft)
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
