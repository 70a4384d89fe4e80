"""Second step: what the owner did with the drafts placed so far."""

from followup_mail.core.case import DraftSeen, DraftState, advance
from followup_mail.core.plan import JournalEntry
from followup_mail.cycle.worker import Scene
from followup_mail.ports import Found, Placed, Status

OURS = (DraftState.PLACED, DraftState.EDITED)


def survey(scene: Scene) -> None:
    """Bring every draft's row in line with Drafts, Sent and Trash, where one of them changed since the last look."""
    worker, boxes = scene.worker, scene.boxes
    if boxes.drafts not in scene.statuses:
        return  # a mailbox that cannot be seen says nothing about what was in it
    ours = {str(entry.key): entry for entry in _ours(scene)}
    looked: dict[str, Status] = {
        name: scene.statuses[name] for name in (boxes.drafts, boxes.sent, boxes.trash) if name in scene.statuses
    }
    if ours and looked != worker.memory.surveyed:
        for found in worker.mailbox.survey([_placed(entry) for entry in ours.values()]):
            _note(scene, ours[found.draft], found)
    worker.memory.surveyed = looked


def _ours(scene: Scene) -> list[JournalEntry]:
    journal = scene.worker.ledger.journal()
    return [entry for entry in journal if entry.account == scene.worker.account and entry.state in OURS]


def _placed(entry: JournalEntry) -> Placed:
    return Placed(
        draft=str(entry.key),
        message_id=entry.message_id or "",
        key=entry.message_key,
        fingerprint=entry.fingerprint or "",
        recipients=tuple(person.addr_spec for person in entry.recipients if person.addr_spec),
        references=entry.references,
        text=entry.text or "",
    )


def _note(scene: Scene, entry: JournalEntry, found: Found) -> None:
    state = _state_of(entry, found)
    moved = found.where == "drafts" and found.key is not None and found.key != entry.message_key
    if moved and found.key is not None:
        scene.worker.ledger.settle(entry.key, entry.state, at=scene.now, message_key=found.key)
    if state is not entry.state:
        note_draft(scene, entry, state, message_id=found.message_id)


def _state_of(entry: JournalEntry, found: Found) -> DraftState:
    match found.where:
        case "drafts":
            return DraftState.EDITED if found.changed else entry.state
        case "sent":
            return DraftState.SENT
        case _:
            return DraftState.DISCARDED


def note_draft(scene: Scene, entry: JournalEntry, state: DraftState, *, message_id: str | None = None) -> None:
    """Commit what became of a draft, in its row and in its case."""
    ledger = scene.worker.ledger
    sent_at = scene.now if state is DraftState.SENT else None
    people = tuple(person.addr_spec for person in entry.recipients if person.addr_spec)
    with ledger.turn():
        ledger.settle(entry.key, state, at=scene.now, sent_at=sent_at, message_id=message_id)
        case = ledger.case(entry.case_id)
        if case is not None:
            ledger.save_case(advance(case, DraftSeen(entry.key, state, scene.now, message_id, people)))
