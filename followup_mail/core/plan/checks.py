"""Status checks: asking how things stand, at most twice, never while an answer is on its way."""

from dataclasses import dataclass
from datetime import date, datetime

from followup_mail.core.case import DraftKey, DraftState, Interview, Purpose
from followup_mail.core.case.advance import awaits_owner, is_ahead
from followup_mail.core.plan.days import (
    add_business_days,
    after,
    business_morning,
    business_morning_from,
    local,
    morning,
)
from followup_mail.core.plan.desk import (
    OPEN,
    Desk,
    Wanted,
    case_doubts,
    doubt_outsiders,
    find_contact,
    find_holds,
    find_last_met,
    held_interviews,
    is_spent,
    reply_target,
)
from followup_mail.core.plan.values import AskOwner, JournalEntry, PlaceDraft, Remind
from followup_mail.core.plan.words import ask_about, day_of, name_of
from followup_mail.core.who import Person

DEADLINE_DAYS = 3  # business days in which a status check is still timely
REMIND_AFTER_DAYS = 2  # business days an employer waits before the owner is reminded
UNSENT = frozenset({DraftState.EDITED, DraftState.DISCARDED, DraftState.EXPIRED})


@dataclass(frozen=True, slots=True)
class _Past:
    """What was asked so far: how often, when last, and whether the owner left one of ours unsent."""

    count: int
    last: datetime | None
    left_unsent: bool
    placed: tuple[JournalEntry, ...]


def plan_status_check(desk: Desk) -> Wanted:
    """The next status check, if one is called for, and what becomes of one that lies in Drafts."""
    held = held_interviews(desk.case, desk.now)
    past = _past(desk, held)
    reason = _why_not(desk, held, past)
    wanted = _keep_rows(desk, past, reason)
    wanted.says += _remind_awaited(desk)
    if reason or past.placed:
        return wanted
    contact = find_contact(desk)
    recipient = contact or find_last_met(desk)
    if recipient is None:
        wanted.says += _tell_nobody(desk, held)
        return wanted
    wanted.add(_plan_next(desk, held, past, recipient))
    return wanted


def _rows(desk: Desk) -> list[JournalEntry]:
    return [row for row in desk.rows.values() if row.key.purpose is Purpose.STATUS_CHECK]


def _past(desk: Desk, held: list[Interview]) -> _Past:
    rows = _rows(desk)
    first_end = min((one.end for one in held), default=None)
    sent = [row.sent_at or row.placed_at or row.due for row in rows if row.state is DraftState.SENT]
    own = [at for at in desk.case.enquiries if first_end and at > first_end]
    return _Past(
        count=len(sent) + len(own),
        last=max((*sent, *own), default=None),
        left_unsent=any(row.state in UNSENT for row in rows),
        placed=tuple(row for row in rows if row.state is DraftState.PLACED),
    )


def _asked_at(desk: Desk) -> datetime | None:
    """When the owner asked for one that has not been placed since."""
    asks = [
        at
        for purpose, at in zip(desk.case.asked_for, desk.case.asked_at, strict=True)
        if purpose is Purpose.STATUS_CHECK
    ]
    latest = max(asks, default=None)
    served = any(row.placed_at and latest and row.placed_at >= latest for row in _rows(desk))
    return None if served else latest


def _why_not(desk: Desk, held: list[Interview], past: _Past) -> str:
    """Why no status check is due at all; empty if one is."""
    asked = _asked_at(desk)
    most = desk.policy.status_check_most + (Purpose.STATUS_CHECK in desk.case.asked_for)
    answered = desk.case.answered
    clock = _clock(desk, held)
    reasons = (
        (is_ahead(desk.case, desk.now), "an interview lies ahead"),
        (awaits_owner(desk.case, desk.now), "the employer waits for your answer"),
        (clock is None and asked is None, "no interview was held yet"),
        (past.count >= most, "enough was asked already"),
        (past.left_unsent and asked is None, "an earlier one was left unsent"),
        (any(_is_overtaken(row, answered) for row in past.placed), "they answered"),
        (any(_is_overtaken(row, past.last) for row in past.placed), "you asked yourself"),
        (
            clock is not None and asked is None and clock < desk.began - desk.policy.first_run_reach,
            "the interview was before the first run",
        ),
    )
    return next((words for holds, words in reasons if holds), "")


def _is_overtaken(row: JournalEntry, by: datetime | None) -> bool:
    return by is not None and row.placed_at is not None and by > row.placed_at


def _keep_rows(desk: Desk, past: _Past, reason: str) -> Wanted:
    """Rows in Drafts stand, or are withdrawn with the reason, as those are that wait."""
    wanted = Wanted()
    waiting = [row for row in _rows(desk) if reason and row.state in OPEN]
    for row in (*past.placed, *waiting):
        if reason:
            wanted.gone[row.key] = (DraftState.WITHDRAWN, reason)
        else:
            wanted.standing.add(row.key)
    return wanted


def _clock(desk: Desk, held: list[Interview]) -> datetime | None:
    """From when the wait counts: the last interview's end, or the employer's last human word after it."""
    if not held:
        return None
    end = held[-1].end
    return max(end, desk.case.answered) if desk.case.answered else end


def _due(desk: Desk, held: list[Interview], past: _Past) -> datetime:
    policy, case = desk.policy, desk.case
    asked, clock = _asked_at(desk), _clock(desk, held)
    if asked is not None or clock is None:
        due = asked or desk.now
        return max(due, _spaced(desk, past.last)) if past.last else due
    promise = _promise(desk, held)
    if promise is not None:
        day = add_business_days(promise, policy.status_check_after_promise, policy.holidays)
        due = business_morning(day, policy)
    elif past.last is not None:
        due = _spaced(desk, max(past.last, clock))
    else:
        wall = local(clock, policy).replace(tzinfo=None) + policy.status_check_after
        due = business_morning(wall.date(), policy)
    if past.last is not None:
        due = max(due, _spaced(desk, past.last))
    return max(due, business_morning(case.away_until, policy)) if case.away_until else due


def _spaced(desk: Desk, last: datetime) -> datetime:
    return business_morning_from(after(last, desk.policy.status_check_interval), desk.policy)


def _promise(desk: Desk, held: list[Interview]) -> date | None:
    """The date by which news was promised, unless an interview came after it, or a word after it had passed."""
    case = desk.case
    promised = case.promised_by
    if promised is None or promised < local(held[-1].end, desk.policy).date():
        return None
    answered = case.answered
    spent = answered is not None and local(answered, desk.policy).date() > promised and answered != case.promised_at
    return None if spent else promised


def _plan_next(desk: Desk, held: list[Interview], past: _Past, recipient: Person) -> Wanted:
    due = _due(desk, held, past)
    deadline = morning(
        add_business_days(local(due, desk.policy).date(), DEADLINE_DAYS, desk.policy.holidays), desk.policy
    )
    doubts = [doubt for doubt in case_doubts(desk.case, held[-1:]) if doubt.kind != "who"]
    holds = (*find_holds(desk, Purpose.STATUS_CHECK, doubts), *doubt_outsiders(desk, [recipient]))
    place = PlaceDraft(
        key=DraftKey(Purpose.STATUS_CHECK, desk.case.id, (recipient.addr_spec or "").casefold(), _ordinal(desk, past)),
        case_id=desk.case.id,
        account=desk.case.account,
        recipient=recipient,
        due=due,
        deadline=deadline,
        interviews=tuple(one.id for one in held[-1:]),
        reply_to=reply_target(desk.case, recipient),
        language=desk.case.language,
        held=holds,
    )
    if deadline + desk.policy.slept_through < desk.now:
        text = f"No status check was drafted for {name_of(desk.case)}: it was due on {day_of(due)}."
        reminder = Remind(f"late:{place.key}", desk.case.id, text, desk.now)
        return Wanted(gone={place.key: (DraftState.EXPIRED, "more than a week past its deadline")}, says=[reminder])
    return Wanted(places=[place], standing={place.key}, says=_questions(desk, place))


def _ordinal(desk: Desk, past: _Past) -> int:
    """Counts what was asked, and passes over what lies unsent when the owner asks for another."""
    taken = [row.key.ordinal for row in _rows(desk) if is_spent(row)]
    return max([past.count, *taken]) + 1


def _questions(desk: Desk, place: PlaceDraft) -> list[AskOwner | Remind]:
    return [
        AskOwner(
            f"{doubt.kind}:{place.key}",
            desk.case.id,
            ask_about(doubt, desk.case, Purpose.STATUS_CHECK, "the interview"),
            place.due,
        )
        for doubt in place.held
    ]


def _tell_nobody(desk: Desk, held: list[Interview]) -> list[AskOwner | Remind]:
    text = f"Nobody's address is known to ask how things stand with {name_of(desk.case)}."
    if not held:
        return []
    due = business_morning(local(after(held[-1].end, desk.policy.status_check_after), desk.policy).date(), desk.policy)
    return [Remind(f"nobody:{desk.case.id}", desk.case.id, text, due)]


def _remind_awaited(desk: Desk) -> list[AskOwner | Remind]:
    case = desk.case
    asked = case.asked_owner
    if asked is None or is_ahead(case, desk.now) or not awaits_owner(case, desk.now):
        return []
    since = local(asked, desk.policy)
    due = morning(add_business_days(since.date(), REMIND_AFTER_DAYS, desk.policy.holidays), desk.policy)
    text = f"{name_of(case)} has been waiting for your answer since {day_of(since)}."
    return [Remind(f"awaited:{case.id}:{since.date()}", case.id, text, due)]
