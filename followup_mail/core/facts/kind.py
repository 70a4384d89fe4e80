"""Which kind of message it is, from its signs, its calendar and what its moments allow."""

import re
from dataclasses import dataclass, field

from followup_mail.core.cues import fold, is_from
from followup_mail.core.facts import process
from followup_mail.core.facts.context import Context
from followup_mail.core.facts.values import Kind
from followup_mail.core.facts.weighing import (
    asked_to_interview,
    is_rescheduling,
    names_interview,
    strong_schedule,
    titles_owner,
)
from followup_mail.core.itip import Invitation
from followup_mail.core.rules import Evidence, Reading

_ENOUGH = 3
_SHORT = 1_500  # characters of a note in which an unnamed call is believed
_CALENDAR_CANCEL = frozenset({"CANCEL"})
_UPDATED = re.compile(
    r"^(?:updated|aktualisiert|termin(?:aktualisierung|anderung)|mis a jour|modifi\w+|actualiza\w+"
    r"|atualiza\w+|bijgewerkt|gewijzigd|aggiornat\w+|rescheduled)\b"
)


@dataclass
class Judgement:
    """What kind a message was found to be, and why."""

    kind: Kind
    evidence: list[Evidence] = field(default_factory=list)
    prose_meetings: bool = False  # whether its meetings stand in its own prose
    from_thread: bool = False  # whether they stand in the thread it answers


def is_cancelling(invitation: Invitation) -> bool:
    """Whether an invitation calls its event off."""
    return invitation.method in _CALENDAR_CANCEL or invitation.status == "CANCELLED"


def usable_invitations(context: Context, kind: Kind) -> list[Invitation]:
    """The invitations that tell of the meetings of a message of this kind."""
    wanted = kind is Kind.INTERVIEW_CANCELLATION
    return [
        invitation
        for invitation in context.invitations
        if invitation.start is not None
        and is_cancelling(invitation) == wanted
        and invitation.method not in {"REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"}
    ]


def has_meeting(context: Context, kind: Kind) -> bool:
    """Whether a calendar tells of the meetings of a message of this kind."""
    kinds = {Kind.INTERVIEW_CONFIRMATION, Kind.INTERVIEW_RESCHEDULE, Kind.INTERVIEW_CANCELLATION}
    return kind in kinds and bool(usable_invitations(context, kind))


def judge_calendar(context: Context, score: int, evidence: list[Evidence]) -> Judgement | None:
    """The kind by the message's invitations; None where they are no interview's or do not decide."""
    requests = [i for i in context.invitations if i.method not in {"REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"}]
    if not requests or not _is_interview_calendar(context, score):
        return None
    last = requests[-1]
    found = [
        *evidence,
        Evidence(
            "calendar-" + (last.method.lower() or "event"),
            "text/calendar",
            f"METHOD:{last.method} {last.summary}"[:300],
        ),
    ]
    reading = context.reading
    if all(map(is_cancelling, requests)):
        return Judgement(Kind.INTERVIEW_CANCELLATION, found)
    moved = _UPDATED.match(fold(context.subject)) is not None or (last.sequence > 0 and _moved_in_thread(context, last))
    if moved or (reading.has("rescheduled") and is_rescheduling(context)):
        return Judgement(Kind.INTERVIEW_RESCHEDULE, found)
    return Judgement(Kind.INTERVIEW_CONFIRMATION, found)


def _moved_in_thread(context: Context, invitation: Invitation) -> bool:
    return any(
        earlier.ical_uid == invitation.ical_uid and earlier.start != invitation.start
        for message in context.thread
        for earlier in message.invitations
    )


def _is_interview_calendar(context: Context, score: int) -> bool:
    reading = context.reading
    if asked_to_interview(context) or score < 0:
        return False
    named = names_interview(reading) and score >= (_ENOUGH if reading.has("other_interview") else 2)
    if named or is_known_event(context):
        return True
    return score >= _ENOUGH and (
        reading.has("weak_interview") or context.from_relay or reading.has("people_after") or titles_owner(context)
    )


def is_known_event(context: Context) -> bool:
    """Whether the thread holds the same calendar event in a message that names an interview."""
    known = {invitation.ical_uid for invitation in context.invitations if invitation.ical_uid}
    for message in context.thread:
        if known & {invitation.ical_uid for invitation in message.invitations}:
            parts = [("subject", message.subject), ("fresh", message.body.fresh[:4_000])]
            parts += [("text/calendar", invitation.summary) for invitation in message.invitations]
            if names_interview(Reading(parts, context.language)):
                return True
    return False


def judge_automatic(context: Context) -> Judgement | None:
    """Bounces and automatic answers, before anything else is asked."""
    message = context.message
    if message.automatic == "bounce":
        return Judgement(Kind.BOUNCE, [Evidence("delivery-status", "header", message.subject[:300])])
    if message.automatic == "disposition":
        return Judgement(Kind.OTHER, [Evidence("disposition", "header", message.subject[:300])])
    reading = context.reading
    subject = context.subject
    starts = reading.cues.pattern("automatic_subject").match(fold(message.subject).strip()) is not None
    away = reading.find_all("out_of_office")
    if context.invitations or is_news(reading):
        return None
    if (
        message.automatic == "auto-replied"
        or starts
        or (len(away) >= 2 and len(message.body.fresh) < 1500 and not names_interview(reading))
    ):
        words = [reading.evidence("out-of-office", away[0].start())] if away else []
        if (
            message.automatic == "auto-replied"
            and not starts
            and not away
            and reading.has("received")
            and reading.has("hiring")
        ):
            return Judgement(
                Kind.APPLICATION_RECEIVED,
                [reading.evidence("application-received", reading.find_all("received")[0].start())],
            )
        return Judgement(Kind.AUTO_REPLY, [Evidence("automatic", "header", subject[:300]), *words])
    return None


def is_news(reading: Reading) -> bool:
    """Whether an answer of a machine still tells something of a process: a rejection, an offer."""
    return (reading.has("rejected_strong") or reading.has("offered_strong")) and reading.has("hiring")


def judge_outcome(context: Context, score: int, moments: int) -> Judgement | None:
    """Rejection and offer."""
    reading = context.reading
    soft = reading.distinct("rejected_weak")
    personal = soft > 0 and len(context.message.body.fresh) < _SHORT and not reading.has("other_context")
    hiring = personal or reading.has("hiring") or names_interview(reading) or context.from_relay or score >= _ENOUGH
    if context.message.list_id and not context.from_relay:
        return None
    off = [match.span() for match in reading.find_all("cancelled")]
    strong = [m for m in reading.find_all("rejected_strong") if not any(a <= m.start() < b for a, b in off)]
    busy = moments and strong_schedule(reading) and names_interview(reading) and not reading.has("cancelled")
    moving = _is_moving(reading) or _calls_off(reading)
    if strong and hiring and not busy and not reading.has("as_interviewer") and not moving:
        return Judgement(Kind.REJECTION, [reading.evidence("rejected", strong[0].start())])
    quiet = not (moments or off or reading.has("offered_strong") or _asks(reading))
    if quiet and process.is_declined(context):
        places = reading.find_all("decided_against")
        return Judgement(Kind.REJECTION, [reading.evidence("decided-against", places[0].start())])
    if (
        soft >= 3
        and reading.distinct("hiring") > 1
        and not moments
        and not reading.has("availability")
        and not reading.has("offered_strong")
    ):
        return Judgement(
            Kind.REJECTION, [reading.evidence("rejected-softly", reading.find_all("rejected_weak")[0].start())]
        )
    offered = reading.find_all("offered_strong")
    known = any(map(reading.has, ("offered_weak", "hiring"))) or names_interview(reading)
    sure = offered and (known or process.weigh_hiring(context)[0] > 0)
    if sure and not strong and not busy and reading.distinct("marketing") < 2 and not reading.has("as_interviewer"):
        return Judgement(Kind.OFFER, [reading.evidence("offered", offered[0].start())])
    return None


def _calls_off(reading: Reading) -> bool:
    """Whether an interview to come is called off because its position is filled or stopped."""
    off = reading.has("cancelled") and names_interview(reading) and not reading.has("thanks")
    return off and reading.has("hiring_stop") and reading.distinct("rejected_strong") < 2


def _asks(reading: Reading) -> bool:
    return reading.has("availability") or reading.has("as_interviewer") or reading.has("received")


def _is_moving(reading: Reading) -> bool:
    """A cancelled interview with a new time is moved, whatever it regrets."""
    return (
        (reading.has("cancelled") or reading.has("needs_reschedule"))
        and names_interview(reading)
        and reading.distinct("rejected_strong") < 2
        and (reading.has("rescheduled") or reading.has("needs_reschedule"))
    )


def judge_prose(  # noqa: C901, PLR0911 - one question after another, in the order they overrule each other
    context: Context, score: int, evidence: list[Evidence], ahead: int, days: int, *, asked: bool
) -> Judgement:
    """The kind by words alone; `ahead` counts the moments that lie ahead, `days` the mere dates."""
    reading = context.reading
    about = score >= _ENOUGH
    later = reading.has("not_slots")  # new times are promised, none is asked for
    asks = (reading.has("availability") or (process.has_booking_link(context) and not ahead)) and not later
    slots = reading.has("slots") and not later
    outcome = judge_outcome(context, score, ahead)
    if outcome:
        return outcome
    if about and is_machine_platform(context) and not ahead and not reading.has("cancelled"):
        return Judgement(Kind.INTERVIEW_CONFIRMATION, evidence)
    if about:
        changed = _judge_change(context, evidence, ahead, asks=asks, slots=slots)
        if changed:
            return changed
        fixed = reading.find_all("scheduled")
        days = 0 if reading.has("past_meeting") or reading.has("received") else days
        open_question = asked and asks and not strong_schedule(reading)
        if (
            (ahead or days)
            and fixed
            and not open_question
            and not _is_only_asking(reading, ahead, asks=asks, slots=slots)
        ) and (ahead or strong_schedule(reading)):
            found = [*evidence, reading.evidence("scheduled", fixed[0].start())]
            return Judgement(Kind.INTERVIEW_CONFIRMATION, found, prose_meetings=True)
        if not ahead and _answers_shortly(context):
            found = [*evidence, reading.evidence("confirms-thread", len(context.subject) + 1)]
            return Judgement(Kind.INTERVIEW_CONFIRMATION, found, from_thread=True)
        arranged = process.is_arranged(context, ahead) and not asked and not slots
        if asks and not _is_receipt(reading) and not (arranged and ahead == 1):
            places = reading.find_all("availability")
            found = [*evidence, reading.evidence("asks-availability", places[0].start() if places else 0)]
            return Judgement(Kind.AVAILABILITY_REQUEST, found)
        if ahead and (arranged or (reading.has("people_after") and not asks)) and not _is_receipt(reading):
            return Judgement(Kind.INTERVIEW_CONFIRMATION, evidence, prose_meetings=True)
    received = reading.find_all("received")
    if (
        received
        and not reading.has("other_context")
        and (reading.has("hiring") or context.from_relay)
        and reading.distinct("marketing") < 3
        and not context.message.list_id
    ):
        return Judgement(Kind.APPLICATION_RECEIVED, [reading.evidence("application-received", received[0].start())])
    return Judgement(Kind.OTHER, evidence if about else [])


def _is_receipt(reading: Reading) -> bool:
    asked = reading.has("availability") and reading.has("weak_interview") and reading.distinct("hiring") > 1
    return reading.has("received") and not names_interview(reading) and not asked


def _judge_change(  # noqa: C901, PLR0911 - as judge_prose
    context: Context, evidence: list[Evidence], ahead: int, *, asks: bool, slots: bool
) -> Judgement | None:
    reading = context.reading
    cancelled = reading.find_all("cancelled")
    moves = reading.has("needs_reschedule") or (reading.has("rescheduled") and is_rescheduling(context))
    if not cancelled and not moves:
        return None
    first = (cancelled or reading.find_all("rescheduled") or reading.find_all("needs_reschedule"))[0]
    found = [*evidence, reading.evidence("cancelled" if cancelled else "rescheduled", first.start())]
    if cancelled and reading.has("not_slots") and ahead < 2:
        return Judgement(Kind.INTERVIEW_CANCELLATION, found)
    if moves and slots and asks and (ahead > 1 or not ahead):
        return Judgement(Kind.AVAILABILITY_REQUEST, found)
    if slots and asks and ahead > 1:
        return Judgement(Kind.AVAILABILITY_REQUEST, found)
    if ahead == 1 and moves:
        return Judgement(Kind.INTERVIEW_RESCHEDULE, found, prose_meetings=True)
    if ahead > 1 and moves and not slots:
        return Judgement(Kind.INTERVIEW_RESCHEDULE, found, prose_meetings=True)
    if moves and (asks or slots) and (ahead or not reading.has("hiring_stop")):
        return Judgement(Kind.AVAILABILITY_REQUEST, found)
    if cancelled:
        return Judgement(Kind.INTERVIEW_CANCELLATION, found)
    if not ahead and _asks_to_move(reading):
        return Judgement(Kind.AVAILABILITY_REQUEST, found)
    if reading.cues.pattern("rescheduled").search(fold(context.subject)) or not strong_schedule(reading):
        return Judgement(Kind.INTERVIEW_RESCHEDULE, found, prose_meetings=True)
    return None


def _asks_to_move(reading: Reading) -> bool:
    """Whether a change is only asked for: "could we push it back an hour?"."""
    units = (reading.unit_at(match.start()) for match in reading.find_all("needs_reschedule"))
    return any(unit and reading.text[unit.start : unit.end].rstrip().endswith("?") for unit in units)


def _is_only_asking(reading: Reading, ahead: int, *, asks: bool, slots: bool) -> bool:
    """Whether times are only proposed: several to choose from, or one in a question."""
    if not asks and not slots:
        return False
    if strong_schedule(reading):
        return ahead > 1 and slots and asks
    return ahead > 1 or slots or not reading.has("scheduled") or _asks_whether(reading)


def _asks_whether(reading: Reading) -> bool:
    return any(
        "?" in reading.text[match.start() : match.start() + 200].split("\n")[0]
        for match in reading.find_all("availability")
    ) and not any(
        re.search(r"invit|einlad|lad|convi|convoc|cit|nodig", match[0]) for match in reading.find_all("scheduled")
    )


def _answers_shortly(context: Context) -> bool:
    """A short answer that settles what the thread proposed: "Confirmed, talk then"."""
    reading = context.reading
    if not (context.message.body.quoted or context.thread) or len(context.message.body.fresh) > 600:
        return False
    if reading.has("availability") or reading.has("received"):
        return False
    return reading.has("confirm_short") or reading.has("scheduled")


def is_machine_platform(context: Context) -> bool:
    """Whether a video-recording platform holds the interview."""
    sender = context.sender
    return context.reading.has("machine") or (sender is not None and is_from(sender.domain, "machines"))
