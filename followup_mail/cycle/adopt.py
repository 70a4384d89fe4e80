"""A like letter that is there already (another machine, a lost ledger) counts as ours: nothing is doubled."""

from collections.abc import Iterator
from datetime import datetime

from followup_mail.core.case import DraftState, Purpose
from followup_mail.core.case.names import same_address
from followup_mail.core.compose import Draft, Identity, letter_context, likeness, text_of
from followup_mail.core.facts import establish_facts
from followup_mail.core.message import Message, MessageKey, Received, parse_message
from followup_mail.core.plan import PlaceDraft
from followup_mail.cycle.recover import confirm_placed
from followup_mail.cycle.worker import Scene
from followup_mail.errors import MessageError

LIKE = 0.7  # word likeness from which two letters to one person count as the same letter
DRAFT_CAP = 64 * 1024


def intend(scene: Scene, action: PlaceDraft, message_id: str, octets: bytes, draft: Draft) -> int:
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


def adopt(scene: Scene, action: PlaceDraft, draft: Draft) -> bool:
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
        intend(scene, action, message_id, received.octets, draft)
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
