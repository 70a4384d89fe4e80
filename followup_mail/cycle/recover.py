"""First step: settle every intention that a crash or a lost answer left open."""

from datetime import timedelta

from followup_mail.core.case import DraftKey, DraftState
from followup_mail.core.compose import fingerprint
from followup_mail.core.message import MessageKey
from followup_mail.cycle.worker import Scene
from followup_mail.store import Intention

# A server may still be taking in an APPEND whose answer was lost: looking once, at once, doubles drafts.
LATE_APPEND_SECONDS = (2.0, 3.0, 5.0)
SETTLED_AFTER = timedelta(minutes=1)  # what is older than this comes late no more: one more look is enough


def recover(scene: Scene) -> None:
    """Look every open intention up in Drafts, Sent and Trash; what is nowhere, even after a while, is planned again."""
    worker = scene.worker
    intentions = worker.ledger.intentions(worker.account)
    if not intentions or not worker.acts:
        return
    missing = [intention for intention in intentions if not _settle(scene, intention)]
    young = any(scene.now - intention.at < SETTLED_AFTER for intention in missing)
    for seconds in LATE_APPEND_SECONDS if young else LATE_APPEND_SECONDS[:1]:
        if missing:
            scene.pass_on()
            worker.pause(seconds)
            missing = [intention for intention in missing if not _settle(scene, intention)]
    for intention in missing:
        worker.ledger.abandon(intention.key, intention.message_id, "its APPEND never arrived", scene.now)


def _settle(scene: Scene, intention: Intention) -> bool:
    """Whether the intended draft was found, and its row now says where."""
    ledger, boxes = scene.worker.ledger, scene.boxes
    for mailbox, state in (
        (boxes.drafts, DraftState.PLACED),
        (boxes.sent, DraftState.SENT),
        (boxes.trash, DraftState.DISCARDED),
    ):
        if mailbox is None or mailbox not in scene.statuses:
            continue
        key = scene.worker.mailbox.find(mailbox, intention.message_id, uid_from=_uid_from(scene, intention, mailbox))
        if key is None:
            continue
        confirm_placed(scene, intention.key, intention.octets, key)
        if state is not DraftState.PLACED:
            ledger.settle(intention.key, state, at=scene.now, sent_at=scene.now if state is DraftState.SENT else None)
        return True
    return False


def _uid_from(scene: Scene, intention: Intention, mailbox: str) -> int:
    """Where in the mailbox the intended draft can stand at the earliest."""
    same = mailbox == intention.mailbox and scene.statuses[mailbox].uidvalidity == intention.uidvalidity
    return intention.uidnext if same else 1


def confirm_placed(scene: Scene, draft: DraftKey, octets: bytes, key: MessageKey | None) -> None:
    """Commit where the draft stands, with the fingerprint of what the server gives back (servers rewrite)."""
    worker = scene.worker
    stored = next(iter(worker.mailbox.read([key], worker.byte_cap)), None) if key else None
    mark = fingerprint(stored.octets if stored else octets)
    worker.ledger.placed(draft, message_key=key, fingerprint=mark, at=scene.now)
