"""Two measures without set phrases: how much speaks of a hiring process, and of a meeting that is arranged."""

import re

from followup_mail.core.cues import fold, is_from
from followup_mail.core.facts.context import Context, once
from followup_mail.core.facts.employer import signature_lines
from followup_mail.core.facts.position import ends_in_trade, find_position
from followup_mail.core.facts.times import sort_moments
from followup_mail.core.itip import Invitation
from followup_mail.core.rules import WEIGHTS, Evidence

_STRONG = 3  # of either measure
_SOME = 2
_ROWS = re.compile(
    r"(?m)^\W{0,4}(?:when|date|time|start|where|location|place|venue|who|with|interviewers?|host|attendees|duration|format|topic|join|link)"
    r"(?: ?(?:&|and|/) ?\w+)?\b ?(?::|\||-|$)"
)
_VIDEO = re.compile(
    r"zoom\.us|teams\.microsoft|teams\.live|meet\.google|webex\.com|whereby\.com|meet\.jit\.si|gotomeet|bluejeans|chime\.aws|skype"
)
_BOOKING = re.compile(
    r"(?:calendly|cal|savvycal|youcanbook|tidycal|zcal|appointlet|doodle|koalendar|oncehub)\.(?:com|me|co)/(?!resched|cancel)"
    r"|(?:goodtime\.io|hubspot\.com/meetings|outlook\.office\w*\.com/(?:book|owa/cal)|calendar\.app\.google|prelude\.co)/"
)
_ANSWER = 400  # characters of an answer that only agrees
_LONG = 2_000  # characters of a message that is more than a note


@once
def weigh_hiring(context: Context) -> tuple[int, tuple[Evidence, ...]]:
    """How much says that the message belongs to a hiring process (3 is much), and what does."""
    reading, score = context.reading, 0
    evidence: list[Evidence] = []
    position = find_position(context, None, frozenset())
    if position and ends_in_trade(position, reading.cues):
        heading = fold(context.subject + "\n" + "\n".join(i.summary for i in context.invitations))
        score += 2 if fold(position) in heading else 1
        evidence.append(Evidence("position-named", "subject" if fold(position) in heading else "fresh", position))
    score += min(2, reading.distinct("process_words"))
    if reading.has("process_words"):
        evidence.append(reading.evidence("process-words", reading.find_all("process_words")[0].start()))
    score += 2 * is_recruiting(context)
    score += _weigh_thread(context, evidence)
    return score, tuple(evidence)


def is_recruiting(context: Context) -> bool:
    """Whether a hiring platform, a careers mailbox or somebody who recruits wrote."""
    sender = context.sender
    if sender is None or context.message.list_id:
        return False
    if is_from(sender.domain, "applicant_tracking"):
        return True
    names = [sender.display_name, sender.addr_spec.partition("@")[0], *signature_lines(context.message)]
    return context.reading.cues.pattern("recruits").search(fold("\n".join(names))) is not None


def _weigh_thread(context: Context, evidence: list[Evidence]) -> int:
    if not context.message.body.quoted and not context.thread:
        return 0
    quoted = context.quoted
    found = quoted.find_all("interview") or quoted.find_all("process_words")
    enough = quoted.has("interview") or quoted.distinct("process_words") > 1
    if not enough or quoted.has("other_interview") or len(quoted.text) > _LONG:
        return 0
    evidence.append(quoted.evidence("process-in-thread", found[0].start()))
    return 2


def weigh_arranged(context: Context, evidence: list[Evidence], ahead: int) -> int:
    """How much says that a meeting with the owner is fixed: 3 is much; nothing without a moment ahead."""
    reading = context.reading
    if any(_invites(one) for one in context.invitations):
        return _STRONG
    if not ahead:
        return _STRONG if _settles(context) else 0
    score = 0
    if reading.has("scheduled") or reading.has("arranges_meeting"):
        places = reading.find_all("arranges_meeting") or reading.find_all("scheduled")
        evidence.append(reading.evidence("meeting-arranged", places[0].start()))
        score += 2
    if reading.has("people_after") or reading.has("people_before"):
        score += 1
    if _VIDEO.search(reading.low):
        score += 1
    if len({match[0].strip(" \n:|-") for match in _ROWS.finditer(reading.low)}) > 1:
        score += 1
    return score


def _settles(context: Context) -> bool:
    """Whether a short answer agrees to what the thread proposed: "Perfect, see you Friday at five"."""
    reading, body = context.reading, context.message.body
    if not (body.quoted or context.thread) or len(body.fresh) > _ANSWER or reading.has("availability"):
        return False
    return (reading.has("confirm_short") or reading.has("scheduled")) and not reading.has("past_meeting")


def _invites(invitation: Invitation) -> bool:
    announces = invitation.method in {"REQUEST", "PUBLISH", ""}
    return announces and invitation.start is not None and bool(invitation.attendees)


def weigh_unnamed(context: Context, evidence: list[Evidence]) -> int:
    """The weight of a process with an arranged meeting, where nobody need say "interview"; 0 where either is weak."""
    message = context.message
    if len(message.body.fresh) > _LONG or context.reading.has("marketing") or message.list_id:
        return 0
    process, why = weigh_hiring(context)
    if process < _STRONG:
        return 0
    found = list(why)
    arranged = weigh_arranged(context, found, ahead_of(context))
    if arranged < _SOME:
        return 0
    evidence += found
    return WEIGHTS["process-and-meeting"]


def weigh_question(context: Context, evidence: list[Evidence]) -> int:
    """The weight of a process together with times asked for or a meeting called off; 0 where either is missing."""
    reading = context.reading
    news = reading.find_all("availability") or reading.find_all("cancelled")
    if not (news or has_booking_link(context)) or reading.has("marketing"):
        return 0
    process, why = weigh_hiring(context)
    if process < _STRONG:
        return 0
    evidence += why
    return WEIGHTS["process-and-question"]


def has_video_link(context: Context) -> bool:
    """Whether the text holds a link to a video meeting."""
    return _VIDEO.search(context.reading.low) is not None


def has_booking_link(context: Context) -> bool:
    """Whether the text holds a link where its reader books a time."""
    return _BOOKING.search(context.reading.low) is not None


def is_declined(context: Context) -> bool:
    """Whether a note decides against the owner in its own words: a decision in a process, or with regrets."""
    reading = context.reading
    decided, regrets = reading.distinct("decided_against"), reading.distinct("kind_regrets")
    message = context.message
    if not decided or message.list_id or len(message.body.fresh) > _LONG or reading.has("other_context"):
        return False
    process, _ = weigh_hiring(context)
    return decided + regrets >= _STRONG if process < _SOME else decided + regrets >= _SOME


def ahead_of(context: Context) -> int:
    """How many moments of a message lie ahead."""
    times = sort_moments(context, context.reading, context.moments, context.zone, changing=False)
    return len(times.ahead)


def is_arranged(context: Context, ahead: int) -> bool:
    """Whether a meeting ahead is fixed by how the message is built, whatever words it uses."""
    return weigh_arranged(context, [], ahead) >= _STRONG
