"""Persons: whom an address stands for, who the owner is, when two names are one."""

import re
from collections.abc import Iterable
from dataclasses import replace

from followup_mail.core.cues import fold, room_pattern
from followup_mail.core.facts.context import Context, clean_display_name, is_service, is_shared
from followup_mail.core.facts.employer import is_service_name
from followup_mail.core.facts.name_words import is_given
from followup_mail.core.facts.names import NAME, Named, is_organisation, same_name
from followup_mail.core.facts.shown import signature_lines
from followup_mail.core.itip import Attendee
from followup_mail.core.message import Message
from followup_mail.core.who import Address, Person, Role

_OWNER_WORDS = 4
_GREETING = re.compile(
    r"(?m)^(?:[^\w\n]|_)*(?:(?:re-)?(?:hi|hello|hey|dear|hiya|howdy|g'day|kia ora|(?:good )?(?:morning|afternoon)"
    r"|(?:good )?evening|hallo|liebe[rs]?|guten (?:tag|morgen)|gruezi|servus|sehr geehrte[rs]?|moin(?: moin)?|bonjour"
    r"|bonsoir|chere?|salut|coucou|allo|hola|buenas|estimad[oa](?:\(a\))?|querid[oa]|buen(?:os|as) (?:dias|tardes)"
    r"|ola|oi|viva|prezad[oa](?:\(a\))?|car[oa]|bom dia|boa (?:tarde|noite)"
    r"|exm[oa]\.?|beste|geachte|hoi|ha|goedemiddag|goedemorgen|goeiemorgen|dag"
    r"|gentile|gent\.m[oa]|buongiorno|buonasera|ciao|egregi[oa]|salve|yang terhormat))[ ,]"
    r"(?: ?(?:mr|mrs|ms|miss|mx|dr|herr|frau|monsieur|madame|m|mme|sr|sra|senhora?|senora?|dott|sig|heer|mevrouw|meneer"
    r"|dhr)\.?(?:ra|ssa)?(?= ))* ?(?P<name>[^\n,!:;.–-]{2,50})"
)
_VOCATIVE = re.compile(
    r"(?m)^(?:(?:Mr|Ms|Mrs|Dr|Monsieur|Madame|Señora?|Herr|Frau)\.? )?"
    r"(?P<name>[^\W\d_][\w'’-]{1,20}(?: [^\W\d_][\w'’-]{1,20}){0,3})(?:[,!:] ?$|, (?=[a-z]))"
)
_TOP = 3  # lines in which a message calls its reader
_TURNS = 12  # earlier messages that are looked at


def owner_names(context: Context) -> frozenset[str]:
    """Folded names by which the message and its thread call the owner."""
    messages = (context.message, *context.thread[-_TURNS:])
    addresses = [address for one in messages for address in _addressed(one) if context.is_owner(address)]
    names = {fold(clean_display_name(address.display_name)) for address in addresses if address.display_name}
    names |= {fold(name_of_address(address)) for address in addresses}
    names |= {local for mailbox in context.me if is_given(local := mailbox.partition("@")[0])}
    names |= _quoted_names(context)
    for one in messages:
        if one.sender and context.is_owner(one.sender):
            names |= {name for line in signature_lines(one)[:1] if (name := _as_name(line))}
    if not (context.sender and context.is_owner(context.sender)):
        names |= _called(context)
        names |= _in_subject(context.subject, names)
    return frozenset(name for name in names if name)


def _in_subject(subject: str, names: set[str]) -> set[str]:
    """The full name in a subject of an owner whom the mail only calls by a first name: "Interview Ana Lima"."""
    if any(" " in name for name in names):
        return set()
    found = (fold(match[0]) for match in NAME.finditer(subject[:200]))
    return {name for name in found if " " in name and name.split(" ")[0] in names}


def _addressed(message: Message) -> list[Address]:
    found = [*message.to, *message.cc, *(a.address for i in message.invitations for a in i.attendees)]
    return [*found, message.sender] if message.sender else found


def _quoted_names(context: Context) -> set[str]:
    """Names that quoted headers give for the owner's addresses: '"Jingming Yan" <jmyan@mail.example> wrote'."""
    quoted = context.message.body.quoted[:6_000]
    found: set[str] = set()
    for mailbox in context.me:
        for match in re.finditer(
            rf"(?P<name>[^\n<>\[\](),:;]{{3,50}})[<\[(](?:mailto:)?{re.escape(mailbox)}", quoted, re.IGNORECASE
        ):
            found.add(_as_name(match["name"]))
    return found


def _as_name(text: str) -> str:
    """The folded words of a line that only holds a name, else nothing."""
    words = [word.strip("\"'’.,*") for word in fold(text).split()]
    good = 0 < len(words) <= _OWNER_WORDS and all(word.replace("-", "").replace("'", "").isalpha() for word in words)
    return " ".join(words) if good else ""


def _called(context: Context) -> set[str]:
    """How the message greets its reader: "Dear Ms Diallo", or "Thaís," at its top."""
    reading = context.reading
    units = [unit for unit in reading.units if unit.part != "subject"]
    names: set[str] = set()
    for match in _GREETING.finditer(reading.low):
        unit = reading.unit_at(match.start())
        alone = reading.low[match.end() : match.end() + 1] in {"", "\n", ",", "!", ":"}
        if unit is not None and unit.part != "subject" and (alone or "," not in match[0]):
            names.add(" ".join(match["name"].split()[:_OWNER_WORDS]))
    if {one.addr_spec.lower() for one in (*context.message.to, *context.message.cc) if not context.is_owner(one)}:
        return names  # "Manny, can you …" may be for somebody else
    writer = fold(context.sender.display_name).split() if context.sender else []
    begin = units[0].start if units else 0
    for line in list(_VOCATIVE.finditer(reading.text, begin, begin + 200))[:_TOP]:
        name = fold(line["name"])
        no_name = any(
            set(name.split()) & reading.cues.words(kind) for kind in ("not_names", "titles", "closings", "honorifics")
        )
        at_top = reading.text.count("\n", begin, line.start()) < _TOP
        if line["name"][0].isupper() and at_top and not no_name and name.split()[0] not in writer:
            names.add(name)
    return names


class Directory:
    """Addresses by name, as headers and calendars state them."""

    def __init__(self, context: Context) -> None:
        self.addresses: list[Address] = []
        for message in (context.message, *reversed(context.thread)):
            found = [message.sender, *message.reply_to, *message.to, *message.cc]
            found += [a.address for i in message.invitations for a in i.attendees]
            found += [i.organizer.address for i in message.invitations if i.organizer]
            self.addresses += [a for a in found if a and not context.is_owner(a) and not is_service(a)]

    def find(self, name: str) -> str | None:
        """The one address stated for this very full name."""
        if len(name.split()) < 2:
            return None
        wanted = fold(name)
        found = {a.addr_spec for a in self.addresses if fold(clean_display_name(a.display_name)) == wanted}
        return found.pop() if len(found) == 1 else None


def is_person(attendee: Attendee, context: Context) -> bool:
    """Whether an attendee is somebody: not the owner, a room, a scheduler, a list or a shared mailbox."""
    address = attendee.address
    name = fold(address.display_name)
    return not (
        attendee.cutype in {"RESOURCE", "ROOM", "GROUP"}
        or context.is_owner(address)
        or is_service(address)
        or is_shared(address.addr_spec)
        or room_pattern().search(name)
        or is_service_name(address.display_name)
        or (name and "@" not in name and is_organisation(address.display_name))
    )


def as_person(address: Address, role: Role, title: str | None = None) -> Person:
    """An address as a person with a role."""
    name = clean_display_name(address.display_name) if address.display_name else ""
    return Person(display_name=name or name_of_address(address), addr_spec=address.addr_spec, role=role, title=title)


def name_of_address(address: Address) -> str:
    """The name that a local part spells: "ana.lima"."""
    local = address.addr_spec.partition("@")[0]
    parts = [part for part in re.split(r"[._]", local) if part.isalpha()]
    return " ".join(part.capitalize() for part in parts) if len(parts) >= 2 else ""


def is_employer(name: str, company: str | None) -> bool:
    """Whether a name is the company's."""
    if company is None:
        return False
    a, b = fold(name), fold(company)
    return (
        a == b
        or set(a.split()) <= set(b.split())
        or a.startswith(b + " ")
        or b.startswith(a + " ")
        or re.sub(r"\W", "", a) == re.sub(r"\W", "", b)
    )


def merge_people(people: Iterable[Person]) -> tuple[Person, ...]:
    """Each person once: the fuller name, an address and a title where any of them has it."""
    kept: list[Person] = []
    for person in people:
        index = next((i for i, other in enumerate(kept) if _is_same(person, other)), None)
        if index is None:
            kept.append(person)
            continue
        other = kept[index]
        fuller = max((other.display_name, person.display_name), key=lambda name: len(name.split()))
        kept[index] = replace(
            other,
            display_name=fuller,
            addr_spec=other.addr_spec or person.addr_spec,
            title=other.title or person.title,
            honorific=other.honorific or person.honorific,
        )
    return tuple(kept)


def _is_same(one: Person, other: Person) -> bool:
    if one.addr_spec and other.addr_spec:
        return one.addr_spec.lower() == other.addr_spec.lower()
    return bool(one.display_name and other.display_name) and same_name(one.display_name, other.display_name)


def role_of(title: str | None) -> Role:
    """What somebody with this job is in a hiring process who holds an interview."""
    words = fold(title or "")
    return Role.HIRING_MANAGER if "hiring manager" in words else Role.INTERVIEWER


def make_person(named: Named, directory: Directory) -> Person:
    """A named one as a person, with the address stated for them."""
    given = named.addr_spec or directory.find(named.name)
    name = named.name.title() if named.name.isupper() else named.name
    return Person(name, given, role_of(named.title), named.title, honorific=named.honorific)


def invited_people(context: Context) -> list[Attendee]:
    """Everybody invited beside the organizer, once each."""
    seen: dict[str, Attendee] = {}
    for invitation in context.invitations:
        organizer = invitation.organizer.address.addr_spec.lower() if invitation.organizer else ""
        for attendee in invitation.attendees:
            if is_person(attendee, context) and attendee.address.addr_spec.lower() != organizer:
                seen.setdefault(attendee.address.addr_spec.lower(), attendee)
    return list(seen.values())
