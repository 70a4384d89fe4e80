"""The reply to a rejection, and what the owner asks for beyond the defaults."""

from datetime import datetime

from followup_mail.core.case import CaseState, DraftKey, DraftState, Purpose
from followup_mail.core.case.names import same_address
from followup_mail.core.case.people import everybody
from followup_mail.core.plan.days import ONE_DAY, after, local, morning
from followup_mail.core.plan.desk import (
    Desk,
    Wanted,
    case_doubts,
    find_contact,
    find_holds,
    find_last_met,
    is_spent,
    may_write_to,
    reply_target,
    takes_replies,
)
from followup_mail.core.plan.values import AskOwner, PlaceDraft, Remind, ReplyTarget
from followup_mail.core.plan.words import ask_about, name_of
from followup_mail.core.who import Person, Role

UNSENT = frozenset({DraftState.DISCARDED, DraftState.EXPIRED})
ON_REQUEST = (Purpose.FEEDBACK_REQUEST, Purpose.ADDITIONAL_INFO, Purpose.STAY_IN_TOUCH)


def plan_rejection_reply(desk: Desk) -> Wanted:
    """The reply to a rejection that follows an interview: the next morning, to a person."""
    case, policy = desk.case, desk.policy
    rejected = case.ended
    asked = Purpose.REJECTION_REPLY in case.asked_for
    if case.state is not CaseState.REJECTED or rejected is None or not (case.rejection_message_id or asked):
        return Wanted()
    met = any(not one.cancelled and one.end <= rejected for one in case.interviews)
    recipient = _answerable(desk) if met else None
    if recipient is None:
        return Wanted()
    due = _next_morning(desk, rejected)
    key = DraftKey(Purpose.REJECTION_REPLY, case.id, (recipient.addr_spec or "").casefold(), _ordinal(desk))
    place = PlaceDraft(
        key=key,
        case_id=case.id,
        account=case.account,
        recipient=recipient,
        due=due,
        deadline=max(due, after(rejected, policy.thank_you_deadline)),
        interviews=tuple(one.id for one in case.interviews if not one.cancelled and one.end <= rejected),
        reply_to=_rejection_target(desk, recipient),
        language=case.language,
        held=find_holds(desk, Purpose.REJECTION_REPLY, case_doubts(case, ())),
    )
    return _weigh(desk, place, rejected, asked=asked)


def _ordinal(desk: Desk) -> int:
    """Counts on where the owner asks again for a reply that they threw away or left unsent."""
    asked = zip(desk.case.asked_for, desk.case.asked_at, strict=True)
    latest = max((at for what, at in asked if what is Purpose.REJECTION_REPLY), default=None)
    rows = [row for row in desk.rows.values() if row.key.purpose is Purpose.REJECTION_REPLY and row.state in UNSENT]
    given_up = [row.key.ordinal for row in rows if latest and row.placed_at and row.placed_at < latest]
    return max(given_up, default=0) + 1


def _weigh(desk: Desk, place: PlaceDraft, rejected: datetime, *, asked: bool) -> Wanted:
    """The reply planned, unless the owner answered already, it came before the first run or is long past."""
    if _has_answered(desk, place, rejected):
        return Wanted(gone={place.key: (DraftState.SENT, "you answered yourself")})
    if is_spent(desk.rows.get(place.key)):
        return Wanted(standing={place.key})
    if not asked and rejected < desk.began - desk.policy.first_run_reach:
        return Wanted()
    if not asked and place.due + desk.policy.slept_through < desk.now:
        text = f"No reply to the rejection by {name_of(desk.case)} was drafted: it is more than a week past."
        reminder = Remind(f"late:{place.key}", desk.case.id, text, desk.now)
        return Wanted(gone={place.key: (DraftState.EXPIRED, "the rejection is more than a week past")}, says=[reminder])
    return Wanted(places=[place], standing={place.key}, says=_questions(desk, place))


def _questions(desk: Desk, place: PlaceDraft) -> list[AskOwner | Remind]:
    return [
        AskOwner(
            f"{doubt.kind}:{place.key}",
            desk.case.id,
            ask_about(doubt, desk.case, place.key.purpose, "the process"),
            place.due if doubt.kind in {"ask", "language"} else desk.case.ended or place.due,
        )
        for doubt in place.held
    ]


def _next_morning(desk: Desk, moment: datetime) -> datetime:
    day = local(moment, desk.policy).date()
    today = morning(day, desk.policy)
    return today if today > moment else morning(day + ONE_DAY, desk.policy)


def _answerable(desk: Desk) -> Person | None:
    """Who is answered: the rejection's sender, else who wrote last, else the recruiter or the interviewer met last."""
    case = desk.case
    letters = [one for one in case.correspondence if not one.from_owner and not one.stranger and one.sender]
    rejection = [one for one in letters if one.message_id == case.rejection_message_id and not one.automatic]
    wrote = [one for one in reversed(letters) if not one.automatic]
    for one in (*rejection, *wrote):
        person = next((who for who in everybody(case) if same_address(who.addr_spec, one.sender)), None)
        person = person or Person(addr_spec=one.sender, role=Role.RECRUITER)
        if not one.takes_no_reply and takes_replies(case, person) and may_write_to(desk, person):
            return person
    return find_contact(desk) or find_last_met(desk)


def _rejection_target(desk: Desk, recipient: Person) -> ReplyTarget | None:
    rejection = [one for one in desk.case.correspondence if one.message_id == desk.case.rejection_message_id]
    for one in rejection:
        if one.message_id and same_address(one.sender, recipient.addr_spec):
            return ReplyTarget(one.message_id, one.references, one.subject)
    return reply_target(desk.case, recipient)


def _has_answered(desk: Desk, place: PlaceDraft, rejected: datetime) -> bool:
    """Whether the owner wrote to the recipient, or in the rejection's thread, after it."""
    return any(
        one.from_owner
        and one.at > rejected
        and one.message_id not in desk.case.letters
        and (
            desk.case.rejection_message_id in one.references
            or any(same_address(to, place.recipient.addr_spec) for to in one.recipients)
        )
        for one in desk.case.correspondence
    )


def plan_requests(desk: Desk) -> Wanted:
    """The letters the owner asked for beyond the defaults: at once, one each time it is asked."""
    wanted = Wanted()
    recipient = find_contact(desk) or find_last_met(desk)
    for purpose in ON_REQUEST:
        asks = [at for what, at in zip(desk.case.asked_for, desk.case.asked_at, strict=True) if what is purpose]
        if asks and recipient is not None and purpose not in desk.policy.off:
            wanted.add(_request(desk, purpose, asks, recipient))
    return wanted


def _request(desk: Desk, purpose: Purpose, asks: list[datetime], recipient: Person) -> Wanted:
    key = DraftKey(purpose, desk.case.id, (recipient.addr_spec or "").casefold(), len(asks))
    place = PlaceDraft(
        key=key,
        case_id=desk.case.id,
        account=desk.case.account,
        recipient=recipient,
        due=asks[-1],
        deadline=after(asks[-1], desk.policy.slept_through),
        interviews=tuple(one.id for one in desk.case.interviews if not one.cancelled),
        reply_to=reply_target(desk.case, recipient),
        language=desk.case.language,
        held=tuple(doubt for doubt in find_holds(desk, purpose, case_doubts(desk.case, ())) if doubt.kind != "ask"),
    )
    earlier = {row for row in desk.rows if row.purpose is purpose and row.ordinal < len(asks)}
    return Wanted(places=[place], standing={key, *earlier}, says=_questions(desk, place))
