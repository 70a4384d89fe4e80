"""Who of a message's people holds the interview: everybody it names or addresses, and which of them do."""

from followup_mail.core.cues import fold
from followup_mail.core.facts.casual import find_casual
from followup_mail.core.facts.context import Context, clean_display_name, is_service, is_shared
from followup_mail.core.facts.mentions import Mention, find_mentions, is_joined
from followup_mail.core.facts.name_words import as_said, is_given
from followup_mail.core.facts.names import same_name
from followup_mail.core.facts.persons import Directory, is_employer, is_person, name_of_address, owner_names
from followup_mail.core.facts.portrait import Candidate, mark_moments, mark_place, mark_whole
from followup_mail.core.facts.shown import looks_like_company
from followup_mail.core.facts.standing import is_thing
from followup_mail.core.rules import Reading, load_weights, weigh_marks
from followup_mail.core.who import Address, Person

_LIKELY = 0.5  # share from which somebody is taken for an interviewer
_ALONE = 0.85  # the same for a writer who names nobody and whom no rule found
_PRESENT = frozenset({"fresh", "in sender", "in cc", "in reply-to", "in to", "attends", "organizes"})
_SURE = 0.62  # the same for somebody who could be written to


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
        mark_whole(context, one, found, said, recruiter)
    return found


def holds_interview(one: Candidate) -> bool:
    """Whether more speaks for than against somebody's holding the interview; clearly more, of who can be written to."""
    if "labelled recruiter" in one.marks:
        return False
    share = weigh_marks(one.marks, load_weights("interviewers"))["yes"]
    if "sender unnamed" in one.marks and "rules" not in one.marks:
        return share >= _ALONE
    return share >= (_SURE if one.addr_spec else _LIKELY)


def is_only_quoted(one: Candidate) -> bool:
    """Whether only earlier mail names somebody: neither today's text, nor its header fields, nor its calendar."""
    return "quoted" in one.marks and not one.marks & _PRESENT


def _is_owner(one: Candidate, owners: frozenset[str]) -> bool:
    words = fold(one.name).replace("-", " ").split()
    return bool(words) and any(_goes_by(words, owner.replace("-", " ").split()) for owner in owners)


def _goes_by(words: list[str], owner: list[str]) -> bool:
    """Whether words of a name are the owner's: all among theirs, spelt as one, or with an initial: "Devon C."."""
    if set(words) <= set(owner) or "".join(words) == "".join(owner):
        return True
    last = words[-1].rstrip(".") if len(words) > 1 else ""
    return len(last) == 1 and words[:-1] == owner[:1] and any(word.startswith(last) for word in owner[1:])


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
        elif name and not one.name and _spells(one, name):
            one.name = name
            return one
    found.append(Candidate(name, addr_spec))
    return found[-1]


def _spells(one: Candidate, name: str) -> bool:
    """Whether somebody known by address alone is the one of this first name: kofi@corvo.example is Kofi."""
    return one.addr_spec is not None and one.addr_spec.partition("@")[0].lower() == fold(name)


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
            _take(found, *_shown(address)).marks.add(f"in {mark}")
    if name := _relayed(message.sender):
        _take(found, name, None).marks.add("in relay")
    _from_calendars(context, found)


def _from_calendars(context: Context, found: list[Candidate]) -> None:
    for invitation in context.invitations:
        for attendee in invitation.attendees:
            if is_person(attendee, context):
                one = _take(found, *_shown(attendee.address))
                one.marks.add("attends")
                if attendee.partstat == "DECLINED":
                    one.marks.add("declined")
        if invitation.organizer and invitation.attendees and is_person(invitation.organizer, context):
            _take(found, *_shown(invitation.organizer.address)).marks.add("organizes")


def _relayed(sender: Address | None) -> str | None:
    """The person for whom a service writes, by the name it shows; its address is the relay's: "Sterre van Loon"."""
    if sender is None or not is_service(sender):
        return None
    name = as_said(clean_display_name(sender.display_name))
    words = name.split(" ")
    full = len(words) in {2, 3} and is_given(words[0]) and words[1] != "di" and not any(map(str.isupper, words))
    return name if full and not is_thing(name) and not looks_like_company(name) else None


def _shown(address: Address) -> tuple[str, str]:
    """The name that an address shows or spells, as it is said, and the address."""
    return as_said(clean_display_name(address.display_name)) or name_of_address(address), address.addr_spec


def _known_names(context: Context) -> frozenset[str]:
    message = context.message
    addresses = [message.sender, *message.to, *message.cc, *message.reply_to]
    for one in (message, *context.thread):
        addresses += [attendee.address for invitation in one.invitations for attendee in invitation.attendees]
        addresses.append(one.sender)
    shown = [clean_display_name(a.display_name) for a in addresses if a and not is_service(a)]
    names = (fold(name) for one in shown for name in (one, as_said(one)))
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
    mentions = find_mentions(reading, _known_names(context))
    if casual := find_casual(reading):
        mentions = sorted({one.start: one for one in (*casual, *mentions)}.values(), key=lambda one: one.start)
    mentions = [one for one in mentions if not _is_of_employer(one, company, reading)]
    lists: dict[int, list[Candidate]] = {}
    for mention, (head, tail) in zip(mentions, _lists_of(reading, mentions), strict=True):
        if not _is_credible(mention, head, tail, sure):
            continue
        one = _take(found, mention.name, mention.addr_spec)
        one.places.append((reading, mention))
        one.mates = lists.setdefault(head.start, [])
        one.mates.append(one)
        one.title = one.title or mention.title
        one.honorific = one.honorific or mention.honorific
        marks = set(mark_place(reading, mention, head, tail))
        if not quoted:
            marks |= set(mark_moments(reading, mention.start, context.moments))
        one.marks |= marks | ({f"q {mark}" for mark in marks} | {"quoted"} if quoted else {"fresh"})


def _is_of_employer(mention: Mention, company: str | None, reading: Reading) -> bool:
    """Whether a name is the employer's, unless it is also a person's in its form and stands as one's does."""
    if not is_employer(mention.name, company) or mention.honorific:
        return False
    labelled = reading.text[max(0, mention.start - 2) : mention.start] in {": ", "| ", ", "}
    full = " " in mention.name and is_given(mention.name.split(" ")[0])
    return not (full and (mention.led or labelled))


def _is_credible(mention: Mention, head: Mention, tail: Mention, sure: list[str]) -> bool:
    """Whether a name with no known given name in it stands as names do: honoured, titled, or in a list with names."""
    if mention.listed or mention.honorific or mention.addr_spec or mention.titled or mention.led:
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


def _add_addresses(context: Context, found: list[Candidate]) -> None:
    """Addresses that the headers of the thread state for very full names."""
    directory = Directory(context)
    for one in found:
        if one.addr_spec is None and one.name:
            one.addr_spec = directory.find(one.name)
