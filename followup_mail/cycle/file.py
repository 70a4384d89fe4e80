"""Facts → Case: each message changes the one hiring process it belongs to, in one transaction."""

import re
import unicodedata
from dataclasses import replace

import structlog

from followup_mail.core.case import Ambiguous, Case, DraftState, Purpose, advance, find_case, opens_case
from followup_mail.core.compose import recognise
from followup_mail.core.facts import Facts
from followup_mail.core.message import Message, MessageKey
from followup_mail.core.plan import AskOwner
from followup_mail.cycle.survey import note_draft
from followup_mail.cycle.worker import Scene
from followup_mail.errors import FollowupMailError

log = structlog.get_logger()

WHICH = "which:"  # how the id of a question begins that no plan asks
MAY_HAVE_BEEN_SENT = (DraftState.PLACED, DraftState.EDITED, DraftState.DISCARDED, DraftState.EXPIRED, DraftState.SENT)


def file_facts(scene: Scene, facts: Facts, message: Message | None) -> None:
    """Commit {facts, case, seen key}; a message that breaks the case is shunted. `message` only of the owner's own."""
    worker, ledger = scene.worker, scene.worker.ledger
    try:
        with ledger.turn():
            case: Case | None = None
            verdict = "claims to be the owner's, but does not stand in Sent"
            if not _is_feigned(scene, facts):
                facts = _note_sent_letter(scene, facts, message)
                case, verdict = _case_of(scene, facts)
            reason = f"{verdict}: {facts.evidence[0].rule}" if facts.evidence else verdict
            ledger.remember(
                worker.account,
                facts.key,
                facts.message_id,
                reason=reason,
                facts=facts,
                case=case,
            )
    except FollowupMailError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a message breaks, the worker goes on
        shunt(scene, facts.key, error)


def shunt(scene: Scene, key: MessageKey, error: Exception) -> None:
    """Set a message aside with what it broke; the owner is shown it and the worker goes on."""
    scene.report.shunted += 1
    reason = f"{type(error).__name__} while reading"
    log.warning("message shunted", mailbox=key.mailbox, uid=key.uid, reason=reason)
    log.debug("why it was shunted", uid=key.uid, exc_info=error)
    scene.worker.ledger.shunt(scene.worker.account, key, reason)


def _is_feigned(scene: Scene, facts: Facts) -> bool:
    """Whether a message only says that the owner wrote it: anybody may, in From; what they sent stands in Sent."""
    return facts.from_owner and facts.key.mailbox != scene.boxes.sent


def _note_sent_letter(scene: Scene, facts: Facts, message: Message | None) -> Facts:
    """See in an owner's message one of our letters, sent: whoever it went to in the end was thanked by it."""
    if message is None:
        return facts
    journal = [entry for entry in scene.worker.ledger.journal() if entry.state in MAY_HAVE_BEEN_SENT]
    key = recognise(message, journal)
    entry = next((entry for entry in journal if entry.key == key), None)
    if entry is None:
        return facts
    if entry.state is not DraftState.SENT:
        note_draft(scene, entry, DraftState.SENT, message_id=facts.message_id)
    return replace(facts, thanks=facts.thanks or entry.key.purpose is Purpose.THANK_YOU)


def _case_of(scene: Scene, facts: Facts) -> tuple[Case | None, str]:
    """The case as these facts leave it, and what was done: "filed", "opened", "ambiguous" or "other"."""
    worker = scene.worker
    policy = worker.policy(None, scene.now)
    cases = worker.ledger.cases()
    match = find_case(facts, cases)
    if isinstance(match, Ambiguous):
        _ask_which(scene, facts, match)
        return None, "ambiguous"
    if match is None and not opens_case(facts):
        return None, "other"
    case = advance(
        match,
        facts,
        id=match.id if match else case_id(facts, {case.id for case in cases}),
        account=worker.account,
        owner_address=facts.owner_address or worker.owner.addresses[0],
        zone=policy.zone,
        interview_length=policy.interview_length,
        now=scene.now,
    )
    return case, "filed" if match else "opened"


def _ask_which(scene: Scene, facts: Facts, match: Ambiguous) -> None:
    names = " or ".join(case.id for case in match.cases)
    question = AskOwner(
        id=f"{WHICH}{facts.message_id or facts.key}",
        case_id=match.cases[0].id,
        question=f"A message about an interview fits more than one case ({names}); which is it about?",
        due=scene.now,
    )
    scene.worker.ledger.ask(question, scene.now)


def case_id(facts: Facts, taken: set[str]) -> str:
    """A short name for a new case, from its company: "larkspur-health", "larkspur-health-2"."""
    plain = unicodedata.normalize("NFKD", facts.company or "").encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "case"
    count = 1
    name = slug
    while name in taken:
        count += 1
        name = f"{slug}-{count}"
    return name
