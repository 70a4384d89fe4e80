"""All parts of planning brought together, and brought in line with the journal."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from followup_mail.core.case import ENDED, Case, CaseState, DraftState, Purpose
from followup_mail.core.plan.checks import plan_status_check
from followup_mail.core.plan.days import local
from followup_mail.core.plan.desk import OPEN, Desk, Wanted, is_spent
from followup_mail.core.plan.notes import plan_thank_yous
from followup_mail.core.plan.replies import plan_rejection_reply, plan_requests
from followup_mail.core.plan.values import Action, JournalEntry, PlaceDraft, Policy, Remind, SettleDraft, WithdrawDraft
from followup_mail.core.plan.words import DRAFTS, called, name_of


def plan(case: Case, *, journal: Sequence[JournalEntry], policy: Policy, now: datetime) -> tuple[Action, ...]:
    """What is to be done about a case, as of `now`; `journal` holds this case's rows.

    PlaceDraft is answered for every draft not yet placed, due now or later, so that its row can follow its plan; a held
    one waits for the owner. The same values give the same answer.
    """
    desk = Desk(case, {row.key: row for row in journal}, policy, now)
    wanted = _want(desk)
    places = [place for place in wanted.places if not is_spent(desk.rows.get(place.key))]
    kept = [action for row in journal for action in _keep(desk, row, wanted)]
    return (*kept, *places, *dict.fromkeys(wanted.says))


def _want(desk: Desk) -> Wanted:
    wanted = Wanted()
    if desk.case.state is CaseState.DISMISSED:
        return wanted
    parts = {Purpose.REJECTION_REPLY: plan_rejection_reply}
    if desk.case.state not in ENDED:
        parts |= {Purpose.THANK_YOU: plan_thank_yous, Purpose.STATUS_CHECK: plan_status_check}
    for purpose, part in parts.items():
        if purpose not in desk.policy.off:
            wanted.add(part(desk))
    wanted.add(plan_requests(desk))
    return wanted


def _keep(desk: Desk, row: JournalEntry, wanted: Wanted) -> list[Action]:
    """What becomes of a row: it stands, or it is settled or withdrawn with the reason."""
    state, reason = wanted.gone.get(row.key, (DraftState.WITHDRAWN, _reason(desk)))
    stands = row.key in wanted.standing
    if row.state in OPEN:
        return [] if stands else [SettleDraft(row.key, state, reason)]
    if row.state is DraftState.PLACED and not stands and row.key.purpose not in desk.policy.off:
        return [WithdrawDraft(row.key, reason)]
    if row.state in {DraftState.PLACED, DraftState.EDITED}:
        return _expire(desk, row)
    return []


def _reason(desk: Desk) -> str:
    if desk.case.state in ENDED:
        return f"the case is over ({desk.case.state.value})"
    return "the interview was moved or called off, or nobody is to be asked now"


def _expire(desk: Desk, row: JournalEntry) -> list[Action]:
    """A draft that lies unsent too long is left where it is, and the owner told once."""
    if row.placed_at is None or row.placed_at + desk.policy.unsent_expires >= desk.now:
        return []
    names = ", ".join(called(person) for person in row.recipients)
    days = desk.policy.unsent_expires.days
    text = f"The {DRAFTS[row.key.purpose]} to {names} ({name_of(desk.case)}) has lain in Drafts for {days} days."
    return [
        SettleDraft(row.key, DraftState.EXPIRED, f"unsent for {days} days"),
        Remind(f"unsent:{row.key}", desk.case.id, text, desk.now),
    ]


def within_cap(
    actions: Iterable[Action], *, journal_today: int, policy: Policy, now: datetime
) -> tuple[PlaceDraft, ...]:
    """The drafts that may be placed now, the most pressing first; `journal_today` were placed today already."""
    due = [action for action in actions if isinstance(action, PlaceDraft) and not action.held and action.due <= now]
    due.sort(key=lambda place: (place.deadline, place.due, place.key))
    return tuple(due[: max(0, policy.drafts_a_day - journal_today)])


def placed_today(journal: Iterable[JournalEntry], *, policy: Policy, now: datetime) -> int:
    """How many drafts were placed on the owner's present day, over all cases."""
    today = local(now, policy).date()
    return sum(row.placed_at is not None and local(row.placed_at, policy).date() == today for row in journal)
