"""What marks a message, for the learnt weights: its words, its signs, how it is built, and what the rules say of it."""

import re
from datetime import datetime

from followup_mail.core.cues import fold, is_from
from followup_mail.core.facts import process
from followup_mail.core.facts.context import Context, is_no_reply, without_service_lines
from followup_mail.core.facts.meetings import thread_meetings
from followup_mail.core.facts.times import Times
from followup_mail.core.facts.values import Kind
from followup_mail.core.message import Message
from followup_mail.core.rules import SIGNS, find_terms, find_words

_FRESH = 3_000  # characters of the message's own text
_AROUND = 1_500  # characters of what is quoted or signed
_SENDERS = ("applicant_tracking", "scheduling", "freemail", "machines")
_MOMENTS = 6  # moments whose sentences are looked at
_BEFORE = re.compile(r"[^\W\d_]+|[?!:,]")
_LENGTHS = (150, 400, 1_000, 2_500)


def names_around(message: Message) -> frozenset[str]:
    """The folded words of its correspondents' names: who writes says nothing about what is written."""
    addresses = (message.sender, *message.to, *message.cc, *message.reply_to)
    words = (fold(address.display_name).replace("-", " ").split() for address in addresses if address)
    return frozenset(word.strip(".,'()") for some in words for word in some if len(word) > 2)


def _around(message: Message) -> str:
    return f"{message.body.quoted[:_AROUND]}\n{message.body.signature[:_AROUND]}"


def find_outer_marks(message: Message, *, answers: bool) -> frozenset[str]:
    """The marks that cost next to nothing: single words and header fields."""
    body = message.body
    calendars = " ".join(f"{one.summary} {one.description[:500]}" for one in message.invitations[:3])
    found = set(find_words(f"{message.subject}\n{body.fresh[:_FRESH]}\n{calendars}"))
    found |= {f"~{word}" for word in find_words(_around(message))}
    return frozenset(found - names_around(message)) | _built(message, answers=answers)


def _built(message: Message, *, answers: bool) -> set[str]:
    domain = message.sender.domain if message.sender else ""
    found = {f"#automatic {message.automatic}"} if message.automatic else set()
    found |= {f"#from {kind}" for kind in _SENDERS if is_from(domain, kind)}
    found |= {f"#calendar {one.method.lower()}" for one in message.invitations}
    for name, holds in (
        ("#list", bool(message.list_id)),
        ("#answers", answers or bool(message.references)),
        ("#quotes", bool(message.body.quoted)),
        ("#no-reply", message.sender is not None and is_no_reply(message.sender.addr_spec)),
        ("#many", len(message.to) + len(message.cc) > 3),
        ("#nobody", message.sender is None),
    ):
        if holds:
            found.add(name)
    found |= {f"#longer {length}" for length in _LENGTHS if len(message.body.fresh) > length}
    return found


def find_marks(
    context: Context, *, said: Kind, score: int, times: Times, asked: bool, expected: bool
) -> frozenset[str]:
    """Every mark: words and pairs of them, signs, moments, and the kind and score by the rules."""
    message, reading = context.message, context.reading
    fresh = "\n".join(reading.text[unit.start : unit.end] for unit in reading.units if unit.part != "subject")
    names = names_around(message)
    found = set(find_terms(context.subject, without_service_lines(fresh[:_FRESH]), without=names))
    found |= {f"~{word}" for word in find_words(_around(message)) - names}
    found |= _built(message, answers=bool(context.thread))
    found |= {f"#sign {sign.name}" for sign in SIGNS if reading.has(sign.cue)}
    if message.body.quoted or context.thread:
        found |= {f"#quoted {sign.name}" for sign in SIGNS if context.quoted.has(sign.cue)}
    found |= {f"#rules {said}", f"#score {max(-3, min(8, score))}"}
    found |= {f"#scored {least}" for least in range(1, 9) if score >= least}
    found |= _before(context, times) | _timed(times, asked=asked) | _beside_moments(context, times, names)
    for name, holds in (
        ("#expected", expected),
        ("#bare", is_bare(context)),
        ("#pending", reading.has("pending")),
        ("#process", process.is_recruiting(context)),
        ("#booking", process.has_booking_link(context)),
        ("#video", process.has_video_link(context)),
    ):
        if holds:
            found.add(name)
    if process.weigh_hiring(context)[0] >= 3:
        found.add("#hiring")
    return frozenset(found)


def is_bare(context: Context) -> bool:
    """Whether neither the message nor its thread has a word of hiring: most such meetings are of everyday life."""
    words = context.reading.cues.pattern("vocabulary")
    texts = [context.reading.low, fold(context.message.body.signature[:_AROUND])]
    texts += [context.quoted.low] if context.message.body.quoted or context.thread else []
    return not any(map(words.search, texts))


def _before(context: Context, times: Times) -> set[str]:
    """Whether earlier messages of the thread state times, and whether they are today's."""
    if not (context.message.body.quoted or context.thread):
        return set()
    earlier = {stated.meeting.start for stated in thread_meetings(context) if stated.meeting.start}
    if not earlier:
        return set()
    ahead = {start for _, start, _ in times.ahead}
    return {"#before"} | {"#before same" for _ in earlier & ahead} | {"#before others" for _ in ahead - earlier}


def _beside_moments(context: Context, times: Times, names: frozenset[str]) -> set[str]:
    """What the sentences say in which moments stand that lie ahead: fixed, asked, moved, called off."""
    reading = context.reading
    found: set[str] = set()
    for moment in [*(item[0] for item in times.ahead), *(item[0] for item in times.days)][:_MOMENTS]:
        unit = reading.unit_at(moment.position)
        if unit is None:
            continue
        if reading.text[unit.start : unit.end].rstrip().endswith("?"):
            found.add("@?")
        if unit.conditional:
            found.add("#moment conditional")
        found.add(f"#moment {unit.part}")
        found |= {f"@{word}" for word in find_words(reading.text[unit.start : unit.end]) - names}
        before = _BEFORE.findall(reading.low[max(unit.start, moment.position - 40) : moment.position])[-3:]
        found |= {f"@< {' '.join(before[-count:])}" for count in (1, 2, 3) if len(before) >= count}
    return found


def _timed(times: Times, *, asked: bool) -> set[str]:
    found = {f"#ahead {least}" for least in range(1, 5) if len(times.ahead) >= least}
    found |= {f"#days {least}" for least in range(1, 3) if len(times.days) >= least}
    if times.old:
        found.add("#old")
    if asked:
        found.add("#asked")
    if any(isinstance(end, datetime) for _, _, end in times.ahead):
        found.add("#until")
    if not (times.ahead or times.days):
        found.add("#timeless")
    return found
