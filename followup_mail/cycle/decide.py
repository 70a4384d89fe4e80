"""Fourth step: cases → actions; what is planned, held or settled is written into the ledger's rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from followup_mail.core.case import Case, DraftState
from followup_mail.core.plan import (
    Action,
    AskOwner,
    PlaceDraft,
    Policy,
    Remind,
    ReplaceDraft,
    SettleDraft,
    WithdrawDraft,
    plan,
)
from followup_mail.cycle.file import WHICH
from followup_mail.cycle.worker import Planned, Scene

HOLDS_AT_MOST = timedelta(hours=1)
OPEN = (DraftState.PLANNED, DraftState.HELD, DraftState.PLACED, DraftState.EDITED)


def decide(scene: Scene) -> list[Action]:
    """Plan every case of this account; answers what is due now in the mailbox: placements and withdrawals."""
    worker, ledger = scene.worker, scene.worker.ledger
    policy = worker.policy(ledger.began(worker.account), scene.now)
    actions: list[Action] = []
    for case in ledger.cases():
        if case.account == worker.account:
            actions += _decide_case(scene, case, policy)
    _ask(scene, [action for action in actions if isinstance(action, AskOwner)], policy)
    return [action for action in actions if _is_due_in_mailbox(action, scene)]


def _is_due_in_mailbox(action: Action, scene: Scene) -> bool:
    """Whether the mailbox has a part in it now."""
    if isinstance(action, PlaceDraft):
        return action.due <= scene.now and not action.held
    return isinstance(action, WithdrawDraft | ReplaceDraft)


def _ask(scene: Scene, asks: list[AskOwner], policy: Policy) -> None:
    """Close the questions whose answer changes nothing any more; ask what is due, the oldest first, up to the most."""
    ledger, now = scene.worker.ledger, scene.now
    wanted = {ask.id for ask in asks}
    mine = {case.id for case in ledger.cases() if case.account == scene.worker.account}
    for question in ledger.open_questions():
        stale = question.asked_at + policy.slept_through < now if question.id.startswith(WHICH) else True
        if question.case_id in mine and question.id not in wanted and stale:
            ledger.close_question(question.id, now, "its answer changes nothing any more")
    room = policy.questions_most - len(ledger.open_questions())
    for ask in sorted(asks, key=lambda ask: (ask.due, ask.id)):
        if room > 0 and ask.due <= now:
            room -= ledger.ask(ask, now)


def _decide_case(scene: Scene, case: Case, policy: Policy) -> list[Action]:
    ledger = scene.worker.ledger
    journal = ledger.journal(case.id)
    settled = max((case.ended, *case.asked_at)) if case.ended else scene.now
    if not any(entry.state in OPEN for entry in journal) and scene.now - settled > policy.slept_through:
        return []
    planned = scene.worker.memory.planned
    before = planned.get(case.id)
    # Where the clock was set back, what was planned says nothing.
    held = before is not None and before.at <= scene.now < before.until
    if before and held and (before.case, before.journal, before.policy) == (case, journal, policy):
        return list(before.actions)
    with ledger.turn():
        actions = plan(case, journal=journal, policy=policy, now=scene.now)
        for action in actions:
            _write(scene, action)
    journal = ledger.journal(case.id)
    planned[case.id] = Planned(case, journal, policy, scene.now, _holds_until(case, actions, scene.now), actions)
    return list(actions)


def _holds_until(case: Case, actions: Sequence[Action], now: datetime) -> datetime:
    """Until when planning again would answer the same: to the next moment that a plan looks at, an hour at most."""
    dues = [action.due for action in actions if isinstance(action, PlaceDraft | AskOwner | Remind)]
    if any(isinstance(action, WithdrawDraft | ReplaceDraft | SettleDraft) for action in actions):
        return now
    if any(isinstance(action, PlaceDraft) and action.due <= now and not action.held for action in actions):
        return now
    moments = [*dues, *(moment for one in case.interviews for moment in (one.start, one.end))]
    return min([now + HOLDS_AT_MOST, *(moment for moment in moments if moment > now)])


def _write(scene: Scene, action: Action) -> None:
    """Bring one action into the ledger's rows."""
    ledger, now = scene.worker.ledger, scene.now
    match action:
        case PlaceDraft():
            ledger.plan_draft(action)
        case SettleDraft():
            ledger.settle(action.key, action.state, at=now, reason=action.reason)
        case Remind() if action.due <= now:
            ledger.remind(action, now)
        case _:
            pass  # questions are asked together, the mailbox is written to later
