"""Fourth step: cases → actions; what is planned, held or settled is written into the ledger's rows."""

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
from followup_mail.cycle.worker import Scene

OPEN = (DraftState.PLANNED, DraftState.HELD, DraftState.PLACED, DraftState.EDITED)


def decide(scene: Scene) -> list[Action]:
    """Plan every case of this account; answers what is due now in the mailbox: placements and withdrawals."""
    worker, ledger = scene.worker, scene.worker.ledger
    policy = worker.policy(ledger.began(worker.account), scene.now)
    due: list[Action] = []
    for case in ledger.cases():
        if case.account == worker.account:
            due += _decide_case(scene, case, policy)
    return due


def _decide_case(scene: Scene, case: Case, policy: Policy) -> list[Action]:
    ledger = scene.worker.ledger
    journal = ledger.journal(case.id)
    if (
        case.ended
        and not any(entry.state in OPEN for entry in journal)
        and scene.now - case.ended > policy.slept_through
    ):
        return []
    with ledger.turn():
        actions = plan(case, journal=journal, policy=policy, now=scene.now)
        return [action for action in actions if _write(scene, action)]


def _write(scene: Scene, action: Action) -> bool:
    """Bring one action into the ledger; answers whether the mailbox has a part in it now."""
    ledger, now = scene.worker.ledger, scene.now
    match action:
        case PlaceDraft():
            ledger.plan_draft(action)
            return action.due <= now and not action.held
        case SettleDraft():
            ledger.settle(action.key, action.state, at=now, reason=action.reason)
            return False
        case AskOwner():
            if action.due <= now:
                ledger.ask(action, now)
            return False
        case Remind():
            if action.due <= now:
                ledger.remind(action, now)
            return False
        case WithdrawDraft() | ReplaceDraft():
            return True
