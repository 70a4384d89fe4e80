"""Who of a message's people holds the interview: everybody it names or addresses, and what marks each of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from followup_mail.core.cues import fold, is_from
from followup_mail.core.facts.context import Context, clean_display_name, is_service, is_shared
from followup_mail.core.facts.mentions import Mention, find_mentions, is_joined
from followup_mail.core.facts.names import same_name
from followup_mail.core.facts.persons import (
    Directory,
    is_employer,
    is_person,
    name_of_address,
    owner_names,
)
from followup_mail.core.facts.recruiter import find_signed_title
from followup_mail.core.rules import Reading, load_weights, weigh_marks
from followup_mail.core.who import Address, Person

_WORD = re.compile(r"\d+(?:[:.]\d\d)?|[^\W\d_]+|[?!:;.,()|/@-]")
_REACH = 70  # characters round a name
_SIDE = 4  # words on each side
_LABEL = re.compile(r"\W*([^\n:|]{2,40}?) ?(?::|\|| - | – )")
_TIME = re.compile(r"\b\d{1,2}(?:[:.h]\d\d| ?[ap]\.?m\b| uhr\b| ?h\b)")


_LIKELY = 0.5  # share from which somebody is taken for an interviewer
_SURE = 0.55  # the same for somebody whose address is known
_SAID = 1_500  # characters in which the sender speaks of themself
_SELF = frozenset(
    [
        "i",
        "i'll",
        "i'm",
        "i'd",
        "ill",
        "im",
        "me",
        "my",
        "we",
        "we'll",
        "us",
        "our",
        "myself",
        "ich",
        "mir",
        "mich",
        "wir",
        "uns",
        "je",
        "j",
        "moi",
        "nous",
        "on",
        "yo",
        "me",
        "mi",
        "conmigo",
        "nosotros",
        "nos",
        "eu",
        "mim",
        "comigo",
        "ik",
        "mij",
        "me",
        "wij",
        "we",
        "ons",
        "io",
        "mi",
        "me",
        "noi",
        "ci",
    ]
)


@dataclass
class Candidate:
    """Somebody who may hold the interview: the fullest name, the address stated for them, and what marks them."""

    name: str
    addr_spec: str | None = None
    title: str | None = None
    honorific: str | None = None
    places: list[tuple[Reading, Mention]] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)


def find_candidates(
    context: Context, company: str | None, said: tuple[Person, ...], recruiter: Person | None
) -> list[Candidate]:
    """Everybody the message names or addresses beside the owner, each once, with their marks."""
    found: list[Candidate] = []
    _from_headers(context, found)
    sure = [person.display_name for person in said]
    _from_text(context, found, context.reading, company, sure, quoted=False)
    if context.message.body.quoted or context.thread:
        _from_text(context, found, context.quoted, company, sure, quoted=True)
    owners = owner_names(context)
    found = [one for one in found if not _is_owner(one, owners)]
    _add_addresses(context, found)
    for one in found:
        _mark_whole(context, one, found, said, recruiter)
    return found


def holds_interview(one: Candidate) -> bool:
    """Whether more speaks for it than against that somebody holds the interview; of who could be written to, clearly."""
    share = weigh_marks(one.marks, load_weights("interviewers"))["yes"]
    return share >= (_SURE if one.addr_spec else _LIKELY)


def _is_owner(one: Candidate, owners: frozenset[str]) -> bool:
    words = set(fold(one.name).split())
    return any(words <= set(owner.split()) for owner in owners)


def _take(found: list[Candidate], name: str, addr_spec: str | None) -> Candidate:
    """The candidate of this name or address, a new one where there is none."""
    for one in found:
        if addr_spec and one.addr_spec:
            if addr_spec.lower() == one.addr_spec.lower():
                return one
        elif name and one.name and same_name(name, one.name) and _alone(found, name, one):
            if len(name.split()) > len(one.name.split()):
                one.name = name
            one.addr_spec = one.addr_spec or addr_spec
            return one
    found.append(Candidate(name, addr_spec))
    return found[-1]


def _alone(found: list[Candidate], name: str, one: Candidate) -> bool:
    """Whether a name fits this candidate and no other."""
    return not any(other is not one and other.name and same_name(name, other.name) for other in found)


def _from_headers(context: Context, found: list[Candidate]) -> None:
    message = context.message
    listed: list[tuple[str, Address]] = [("sender", message.sender)] if message.sender else []
    listed += [("reply-to", one) for one in message.reply_to] + [("cc", one) for one in message.cc]
    listed += [("to", one) for one in message.to]
    for mark, address in listed:
        if not (context.is_owner(address) or is_service(address) or is_shared(address.addr_spec)):
            name = clean_display_name(address.display_name) or name_of_address(address)
            _take(found, name, address.addr_spec).marks.add(f"in {mark}")
    for invitation in context.invitations:
        for attendee in invitation.attendees:
            if is_person(attendee, context):
                name = clean_display_name(attendee.address.display_name) or name_of_address(attendee.address)
                one = _take(found, name, attendee.address.addr_spec)
                one.marks.add("attends")
                if attendee.partstat == "DECLINED":
                    one.marks.add("declined")
        if invitation.organizer and is_person(invitation.organizer, context):
            address = invitation.organizer.address
            name = clean_display_name(address.display_name) or name_of_address(address)
            _take(found, name, address.addr_spec).marks.add("organizes")


def _known_names(context: Context) -> frozenset[str]:
    message = context.message
    addresses = [message.sender, *message.to, *message.cc, *message.reply_to]
    for one in (message, *context.thread):
        addresses += [attendee.address for invitation in one.invitations for attendee in invitation.attendees]
        addresses.append(one.sender)
    names = (fold(clean_display_name(a.display_name)) for a in addresses if a and not is_service(a))
    return frozenset(name for name in names if len(name) > 2)


def _from_text(
    context: Context,
    found: list[Candidate],
    reading: Reading,
    company: str | None,
    sure: list[str],
    *,
    quoted: bool,
) -> None:
    mentions = [one for one in find_mentions(reading, _known_names(context)) if not is_employer(one.name, company)]
    for mention, (head, tail) in zip(mentions, _lists_of(reading, mentions), strict=True):
        if not _is_credible(mention, head, tail, sure):
            continue
        one = _take(found, mention.name, mention.addr_spec)
        one.places.append((reading, mention))
        one.title = one.title or mention.title
        one.honorific = one.honorific or mention.honorific
        marks = set(_marks_of_place(reading, mention, head, tail))
        one.marks |= marks | ({f"q {mark}" for mark in marks} | {"quoted"} if quoted else {"fresh"})


def _is_credible(mention: Mention, head: Mention, tail: Mention, sure: list[str]) -> bool:
    """Whether a name with no known given name in it stands as names do: honoured, titled, or in a list with names."""
    if mention.listed or mention.honorific or mention.addr_spec or mention.titled:
        return True
    listed = (head.listed and head is not mention) or (tail.listed and tail is not mention)
    return listed or any(same_name(mention.name, name) for name in sure if name)


def _lists_of(reading: Reading, mentions: list[Mention]) -> list[tuple[Mention, Mention]]:
    """For each mention the first and the last of the list it stands in."""
    heads: list[Mention] = []
    for index, mention in enumerate(mentions):
        joined = index > 0 and is_joined(reading.text, mentions[index - 1], mention)
        heads.append(heads[-1] if joined else mention)
    tails: list[Mention] = []
    for index in range(len(mentions) - 1, -1, -1):
        joined = index + 1 < len(mentions) and heads[index + 1] is heads[index]
        tails.append(tails[-1] if joined else mentions[index])
    return list(zip(heads, reversed(tails), strict=True))


def _marks_of_place(reading: Reading, mention: Mention, head: Mention, tail: Mention) -> Iterator[str]:
    low = reading.low
    line = low.rfind("\n", 0, mention.start) + 1
    end = low.find("\n", mention.end)
    end = len(low) if end < 0 else end
    yield from _around(low, head.start, tail.after)
    if head is not mention:
        yield "listed"
        yield from _around(low, mention.start, mention.after, "own ")
    unit = reading.unit_at(mention.start)
    if unit:
        yield f"part {unit.part}"
        yield from (f"unit {word}" for word in set(re.findall(r"[^\W\d_]{3,}", low[unit.start : unit.end])))
        if unit.conditional:
            yield "conditional"
    head_line = low.rfind("\n", 0, head.start) + 1
    label = _LABEL.match(low, head_line, head.start)
    if label:
        yield from (f"label {word}" for word in re.findall(r"[^\W\d_]{2,}", label[1]))
    if head_line > 0 and head.start - head_line < 6:  # what stands on the line above the list
        above = low[low.rfind("\n", 0, head_line - 1) + 1 : head_line - 1][-80:]
        yield from (f"above {word}" for word in re.findall(r"[^\W\d_]{3,}", above))
    if _TIME.search(low, line, end):
        yield "timed line"
    if " | " in low[line:end]:
        yield "cell"
    if mention.start - line < 5:
        yield "line starts"
        if mention.after >= end - 2:
            yield "line alone"
    if not mention.listed:
        yield "unlisted"
    if " " not in mention.name:
        yield "one word"
    if mention.honorific:
        yield "honoured"
    for word in re.findall(r"[^\W\d_]{2,}", fold(mention.title or "")):
        yield f"title {word}"


def _around(low: str, start: int, end: int, prefix: str = "") -> Iterator[str]:
    begin = max(low.rfind("\n", 0, start) + 1, start - _REACH)
    before = ["<n>" if word[0].isdigit() else word for word in _WORD.findall(low[begin:start])][-_SIDE:]
    stop = low.find("\n", end)
    after = low[end : min(end + _REACH, len(low) if stop < 0 else stop)]
    behind = ["<n>" if word[0].isdigit() else word for word in _WORD.findall(after)][:_SIDE]
    yield from (f"{prefix}l {word}" for word in before)
    yield from (f"{prefix}r {word}" for word in behind)
    if before:
        yield f"{prefix}l1 {before[-1]}"
        yield f"{prefix}l2 {' '.join(before[-2:])}"
    else:
        yield f"{prefix}l0"
    if behind:
        yield f"{prefix}r1 {behind[0]}"
        yield f"{prefix}r2 {' '.join(behind[:2])}"


def _add_addresses(context: Context, found: list[Candidate]) -> None:
    """Addresses that the headers of the thread state for very full names."""
    directory = Directory(context)
    for one in found:
        if one.addr_spec is None and one.name:
            one.addr_spec = directory.find(one.name)


def _mark_whole(
    context: Context, one: Candidate, found: list[Candidate], said: tuple[Person, ...], recruiter: Person | None
) -> None:
    """Marks of somebody's place among the others and in the message."""
    reading = context.reading
    sender = context.sender
    for person in said:
        same = person.addr_spec and one.addr_spec and person.addr_spec.lower() == one.addr_spec.lower()
        if same or (person.display_name and one.name and same_name(person.display_name, one.name)):
            one.marks.add("rules")
    if recruiter and (
        (recruiter.addr_spec and recruiter.addr_spec == one.addr_spec) or recruiter.display_name == one.name
    ):
        one.marks.add("recruiter")
    told = sum(
        1 for person in said if not (person.display_name and one.name and same_name(person.display_name, one.name))
    )
    one.marks |= {f"rules name {least} other" for least in (1, 2, 4) if told >= least}
    own = [1 for where, _ in one.places if where is reading]
    others = sum(1 for other in found if other is not one and any(where is reading for where, _ in other.places))
    one.marks |= {f"others {least}" for least in (1, 2, 4) if others >= least}
    one.marks |= {f"named {least}" for least in (1, 2, 3) if len(own) >= least}
    if one.addr_spec:
        one.marks.add("addressed")
        if sender and one.addr_spec.partition("@")[2] != sender.domain:
            one.marks.add("elsewhere")
    one.marks.add("invited" if context.invitations else "uninvited")
    if "in sender" in one.marks:
        _mark_sender(context, one)
    if context.invitations and "attends" in one.marks:
        attending = sum(1 for other in found if "attends" in other.marks)
        one.marks.add(f"attending {min(attending, 4)}")
        if "organizes" in one.marks:
            one.marks.add("attends and organizes")
    if "organizes" in one.marks and not any("attends" in other.marks for other in found if other is not one):
        one.marks.add("organizes alone")


def _mark_sender(context: Context, one: Candidate) -> None:
    reading, cues = context.reading, context.reading.cues
    title = fold(find_signed_title(context) or "")
    for name in ("arranges", "recruits"):
        if title and cues.pattern(name).search(title):
            one.marks.add(f"sender {name}")
    one.marks |= {f"sender is {word}" for word in re.findall(r"[^\W\d_]{2,}", title)}
    one.marks |= {
        f"sender {cue}"
        for cue in ("holds", "with_me", "panel", "people_after", "people_before", "agency")
        if reading.has(cue)
    }
    words = _WORD.findall(reading.low[:_SAID])
    one.marks |= {f"sender says {word}" for word in words}
    pairs = zip(words, words[1:], strict=False)
    one.marks |= {f"sender says {a} {b}" for a, b in pairs if a in _SELF or b in _SELF}
    if not any(True for where, _ in one.places if where is reading):
        one.marks.add("sender unnamed")
    if sender_is_free(context):
        one.marks.add("sender free")


def sender_is_free(context: Context) -> bool:
    """Whether the sender's mailbox is one of a provider that anybody can have."""
    return context.sender is not None and is_from(context.sender.domain, "freemail")
