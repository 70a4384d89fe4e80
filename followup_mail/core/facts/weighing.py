"""How much says that a message is about a job interview of the owner's: signs, calendar titles, surroundings."""

import re

from followup_mail.core.cues import fold, is_from
from followup_mail.core.facts import process
from followup_mail.core.facts.context import Context
from followup_mail.core.facts.employer import signature_lines
from followup_mail.core.facts.names import is_title
from followup_mail.core.rules import WEIGHTS, Evidence, Reading
from followup_mail.core.who import Address

_ENOUGH = 3
_LETTER = 6_000  # characters that one person writes another
_SHORT = 1_500  # characters of a note in which an unnamed call is believed
_PIECE = re.compile(r" ?[-–—|:/()<>,&@\[\]]+ ?")


def names_interview(reading: Reading) -> bool:
    """Whether a job interview is named outside of phrases about other interviews."""
    others = [match.span() for match in reading.find_all("other_interview")]
    return any(
        not any(start <= match.start() < end or start < match.end() <= end for start, end in others)
        for match in reading.find_all("interview")
    )


def weigh(context: Context) -> tuple[int, list[Evidence]]:
    """How much says that the message is about a job interview of the owner's (3 is enough), with the evidence."""
    reading = context.reading
    evidence: list[Evidence] = []
    named = names_interview(reading)
    often = reading.distinct("hiring") + _signed_by_recruiter(context)
    score = _weigh_named(context, evidence) if named else 0
    score += _weigh_hiring(context, evidence, often)
    if not named and len(context.message.body.fresh) <= _SHORT:
        score += _weigh_call(context, evidence, often)
    if context.invitations:
        score += weigh_title(context, evidence)
    if context.from_relay:
        evidence.append(Evidence("relay", "header", context.sender.addr_spec if context.sender else ""))
        score += WEIGHTS["relay"]
    score += _weigh_surroundings(context, evidence) + _weigh_against(context, evidence, named=named, often=often)
    return score + _weigh_structure(context, score, evidence), evidence


def _weigh_named(context: Context, evidence: list[Evidence]) -> int:
    """What an interview weighs that is named: where, whose, and whether it is today's news."""
    reading, score = context.reading, 0
    subject_end = len(context.subject) if context.subject else -1
    for match in reading.find_all("interview"):
        part = "interview-in-subject" if match.start() < subject_end else "interview-in-text"
        if not any(found.rule == part for found in evidence):
            evidence.append(reading.evidence(part, match.start()))
            score += WEIGHTS[part]
    return score + WEIGHTS["news"] * _tells_news(context) + WEIGHTS["addressed"] * reading.has("addressed")


def _weigh_hiring(context: Context, evidence: list[Evidence], often: int) -> int:
    reading, score = context.reading, 0
    if often:
        places = reading.find_all("hiring")
        evidence.append(reading.evidence("hiring", places[0].start() if places else len(reading.text)))
        score += WEIGHTS["hiring-often"] if often > 1 else WEIGHTS["hiring"]
    if reading.has("agency"):
        evidence.append(reading.evidence("agency", reading.find_all("agency")[0].start()))
        score += WEIGHTS["agency"]
    return score


def _weigh_structure(context: Context, score: int, evidence: list[Evidence]) -> int:
    """What a process together with a meeting or a question adds where phrases do not suffice."""
    against = ("other_context", "other_interview", "as_candidate", "wellwisher")
    if not 0 <= score < _ENOUGH or any(map(context.reading.has, against)) or asked_to_interview(context):
        return 0
    return process.weigh_unnamed(context, evidence) or process.weigh_question(context, evidence)


def _tells_news(context: Context) -> bool:
    """Whether something is fixed, asked, moved or called off today."""
    reading = context.reading
    if len(context.message.body.fresh) > _LETTER:
        return False
    told = any(map(reading.has, ("availability", "needs_reschedule", "cancelled")))
    return told or strong_schedule(reading) or is_rescheduling(context)


def _signed_by_recruiter(context: Context) -> bool:
    """Whether the signature, or the sender's shown name, is of somebody who recruits."""
    if context.message.list_id:
        return False
    shown = context.sender.display_name if context.sender else ""
    words = fold("\n".join([shown, *signature_lines(context.message)]))
    return context.reading.cues.pattern("recruits").search(words) is not None


def _weigh_call(context: Context, evidence: list[Evidence], often: int) -> int:
    """A call about a position that nobody names an interview: asked for, or fixed, or a stage of a selection."""
    reading = context.reading
    stages = reading.distinct("soft_interview")
    if stages > 1 or (often and stages):
        evidence.append(reading.evidence("stage-named", reading.find_all("soft_interview")[0].start()))
        return WEIGHTS["stage-named"] + (stages > 1)
    if often and not reading.has("marketing") and reading.has("weak_interview") and reading.has("availability"):
        evidence.append(reading.evidence("call-asked", reading.find_all("availability")[0].start()))
        return WEIGHTS["call-asked"]
    fixed = reading.has("addressed") and strong_schedule(reading)
    if often and fixed and (reading.has("people_after") or _is_titled(context)):
        evidence.append(reading.evidence("call-fixed", reading.find_all("scheduled")[0].start()))
        return WEIGHTS["call-fixed"]
    return 0


def _is_titled(context: Context) -> bool:
    """Whether the subject itself speaks of an application or a position."""
    reading = context.reading
    titled = reading.cues.pattern("hiring").search(fold(context.subject)) is not None
    return titled and not reading.has("other_context") and not reading.has("other_interview")


def _weigh_surroundings(context: Context, evidence: list[Evidence]) -> int:
    if not context.message.body.quoted and not context.thread:
        return 0
    quoted = context.quoted
    if names_interview(quoted) and (quoted.has("hiring") or context.thread):
        evidence.append(quoted.evidence("thread", quoted.find_all("interview")[0].start()))
        return WEIGHTS["thread"] + WEIGHTS["quoted"] * quoted.has("hiring")
    return WEIGHTS["quoted"] if quoted.distinct("hiring") > 1 else 0


def _lacks_hiring(context: Context) -> bool:
    """Whether an English message that asks and moves nothing says no word of a hiring process."""
    reading = context.reading
    if reading.language != "en" or reading.has("needs_reschedule") or reading.has("availability"):
        return False
    return process.weigh_hiring(context)[0] < 2


def asked_to_interview(context: Context) -> list[re.Match[str]]:
    """Where the owner is asked to interview somebody; "Candidate: Ana Lima" means the owner."""
    names = [fold(a.display_name) for a in owner_addresses(context) if " " in a.display_name]
    low = context.reading.low
    found = context.reading.find_all("as_interviewer")
    return [match for match in found if not any(low.startswith(name, match.end() - 1) for name in names)]


def _weigh_against(  # noqa: C901 - one sign after another
    context: Context, evidence: list[Evidence], *, named: bool, often: int
) -> int:
    reading, score = context.reading, 0
    other = reading.find_all("other_interview")
    if other and (not named or often < 3 or other[0].start() <= len(context.subject)):
        evidence.append(reading.evidence("other-interview", other[0].start()))
        score += WEIGHTS["other-interview"]
    elsewhere = () if often > 1 else reading.find_all("other_context")
    if elsewhere and not other:
        evidence.append(reading.evidence("other-context", elsewhere[0].start()))
        score += WEIGHTS["other-context"] * min(2, reading.distinct("other_context"))
    asked = asked_to_interview(context)
    if asked:
        evidence.append(reading.evidence("as-interviewer", asked[0].start()))
        score += WEIGHTS["as-interviewer"] * min(2, len({match[0] for match in asked}))
    wishes = () if often else reading.find_all("wellwisher")
    if wishes:
        evidence.append(reading.evidence("wellwisher", wishes[0].start()))
        score += WEIGHTS["wellwisher"]
    own = reading.find_all("as_candidate")
    if own:
        evidence.append(reading.evidence("as-candidate", own[0].start()))
        score += WEIGHTS["as-candidate"]
    if reading.distinct("marketing") > 1 or (reading.has("marketing") and not context.from_relay):
        evidence.append(reading.evidence("marketing", reading.find_all("marketing")[0].start()))
        score += WEIGHTS["marketing"] * (1 + bool(context.message.automatic and not context.from_relay))
    if context.message.list_id and not context.from_relay:
        score += WEIGHTS["list"]
    if named and not (often or own) and _lacks_hiring(context):
        score += WEIGHTS["no-process"]
    return score


def titles_owner(context: Context) -> bool:
    """Whether an invitation's title names the owner: "Round 1 - Ana Lima (Quant Developer)"."""
    names = {fold(a.display_name) for a in owner_addresses(context) if len(a.display_name.split()) > 1}
    return any(name in fold(invitation.summary) for invitation in context.invitations for name in names)


def owner_addresses(context: Context) -> list[Address]:
    """The owner's addresses as the message and its invitations write them."""
    message = context.message
    listed = [*message.to, *message.cc, *(a.address for i in context.invitations for a in i.attendees)]
    return [address for address in listed if context.is_owner(address)]


def weigh_title(context: Context, evidence: list[Evidence]) -> int:
    """What an invitation's title says without the word interview: the owner's name, and a position beside it."""
    if not titles_owner(context) or _is_colleague(context):
        return 0
    cues = context.reading.cues
    pieces = [piece for i in context.invitations for piece in _PIECE.split(i.summary) if len(piece.split()) > 1]
    score = WEIGHTS["owner-in-title"]
    if any(is_title(piece, cues) for piece in pieces):
        score += WEIGHTS["position-in-title"]
    evidence.append(Evidence("owner-in-title", "text/calendar", context.invitations[0].summary[:300]))
    return score


def _is_colleague(context: Context) -> bool:
    """Whether the writer's address is of the owner's own company."""
    sender = context.sender
    domain = sender.domain if sender else ""
    return not is_from(domain, "freemail") and any(domain == a.domain for a in owner_addresses(context))


def is_rescheduling(context: Context) -> bool:
    """Whether a change is today's news and no standing offer ("reschedule" behind a link)."""
    reading = context.reading
    subject = fold(context.subject)
    return bool(
        reading.has("needs_reschedule")
        or reading.cues.pattern("rescheduled").search(subject)
        or any(_tells(reading, match.start()) for match in reading.find_all("rescheduled"))
    )


def strong_schedule(reading: Reading) -> bool:
    """Whether something is said to be arranged, not merely invited to."""
    only = reading.cues.framed("only_invites", "", "")
    return any(not only.search(match[0]) for match in reading.find_all("scheduled"))


def _tells(reading: Reading, position: int) -> bool:
    unit = reading.unit_at(position)
    return unit is not None and unit.end - unit.start > 24 and unit.part != "quoted"
