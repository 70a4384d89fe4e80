"""Who: interviewers of each meeting, the recruiter, and everybody else a message names, with addresses only where stated."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from followup_mail.core.cues import fold, is_from, room_pattern
from followup_mail.core.facts.context import Context, clean_display_name, is_service, is_shared
from followup_mail.core.facts.employer import is_service_name, signature_lines
from followup_mail.core.facts.meetings import Stated
from followup_mail.core.facts.names import (
    NAME,
    Named,
    is_organisation,
    is_title,
    parse_people,
    parse_people_before,
    same_name,
)
from followup_mail.core.itip import Attendee
from followup_mail.core.rules import Reading
from followup_mail.core.who import Address, Person, Role, parse_addresses

_GREETING = re.compile(
    r"(?m)^[\W_]*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|liebe[rs]?|guten (?:tag|morgen)|sehr geehrte[rs]?|moin|bonjour|chere?|salut|hola|estimad[oa](?:\(a\))?"
    r"|querid[oa]|buenos dias|buenas tardes|ola|prezad[oa](?:\(a\))?|car[oa]|bom dia|boa tarde|beste|geachte|hoi|goedemiddag|goedemorgen|dag|gentile|buongiorno|ciao|egregi[oa]|salve|yang terhormat)"
    r"(?: (?:mr|mrs|ms|dr|herr|frau|monsieur|madame|m|mme|sr|sra|senhora?|senora?|dott|sig|heer|mevrouw|meneer|dhr)\.?(?:ra|ssa)?)* (?P<name>[^\n,!:;.–-]{2,50})"
)
_INTRODUCES = re.compile(
    r"(?:i am|i'm|my name is|this is|mein name ist|ich bin|je suis|je m'appelle|soy|me llamo|mi nombre es|sou|meu nome e|me chamo|ik ben|mijn naam is|sono|mi chiamo) "
)
_ROW_CUT = re.compile(
    r" \| |\t+|(?<!\w)[-–—:•] | [-–—•] |: |, (?=[A-ZÀ-Þ])| with | mit | avec | con | com | met |^[-–—*• ]+"
)
_PROSE = re.compile(r"(?<!\.)(?<!\bD|\bM)(?<!\bDr|\bMr|\bMs)(?<!\bMrs)(?<!\bProf)(?<![ap]\.m)\. [A-Z]")
_FROM_LINE = re.compile(r"(?mi)^\W*(?:from|von|de|da|van)\s*:\s*(?P<from>.{3,200})$")
_PEOPLE_IN_CELL = 6
_LABEL_WIDTH = 24  # characters before the time in a line of a table: "When: ", "Thursday, "
_LEAD = re.compile(r"(?:[^\W\d_]+-[a-z]+ )+")  # "Cross-functional Omar Haddad" is a session and a name


@dataclass
class People:
    """Who was found: interviewers by meeting, the recruiter, and the rest."""

    by_meeting: list[tuple[Person, ...]] = field(default_factory=list)
    recruiter: Person | None = None
    everybody: tuple[Person, ...] = ()
    unsure: bool = False


def owner_names(context: Context) -> frozenset[str]:
    """Folded names by which the message calls its owner."""
    message = context.message
    addresses = [*message.to, *message.cc, *(a.address for i in context.invitations for a in i.attendees)]
    if message.sender:
        addresses.append(message.sender)
    names = {fold(clean_display_name(a.display_name)) for a in addresses if context.is_owner(a) and a.display_name}
    for match in _GREETING.finditer(context.reading.low):
        unit = context.reading.unit_at(match.start())
        if unit is not None and unit.part != "subject":
            names.add(match["name"].strip())
    return frozenset(name for name in names if name)


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


def _as_person(address: Address, role: Role, title: str | None = None) -> Person:
    name = clean_display_name(address.display_name) if address.display_name else ""
    return Person(display_name=name or _name_of(address), addr_spec=address.addr_spec, role=role, title=title)


def _name_of(address: Address) -> str:
    local = address.addr_spec.partition("@")[0]
    parts = [part for part in re.split(r"[._]", local) if part.isalpha()]
    return " ".join(part.capitalize() for part in parts) if len(parts) >= 2 else ""


def _named(context: Context, reading: Reading, *, quoted: bool = False) -> list[tuple[Named, int]]:
    """Everybody whom the text says the reader will meet, with the place where it says so."""
    found: list[tuple[Named, int]] = []
    text, low, cues = reading.text, reading.low, reading.cues
    for match in reading.find_all("people_after"):
        unit = reading.unit_at(match.start())
        if unit is None or (unit.part == "quoted" and not quoted):
            continue
        at = match.end() + (low[match.end() : match.end() + 1] in (" ", ":"))
        people = parse_people(text, low, at, _limit(text, at), cues)
        if not people and text[match.end() : _limit(text, at)].strip() == ":":
            listed = _lines_of_people(reading, _limit(text, at) + 1)
            people = listed if all(one.title for one in listed) else ()
        bare = " " not in match[0]
        found += [(one, match.start()) for one in people if not bare or one.honorific or " " in one.name]
    for match in reading.find_all("people_before"):
        unit = reading.unit_at(match.start())
        if unit is not None:
            found += [(one, match.start()) for one in parse_people_before(text, low, unit.start, match.start(), cues)]
    found += _behind_moments(context, reading)
    found += _labelled(reading, "people_labels")
    return [item for item in found if _is_somebody(item[0], item[1], context, reading)]


_WITH = re.compile(r"[^\n.;]{0,30}?[ ,](?:with|mit|avec|con|com|met|by|durch|par|por|da|door) ")


def _behind_moments(context: Context, reading: Reading) -> list[tuple[Named, int]]:
    """Names that follow a time: "Monday at 15:00 CET with Karl Weiss"."""
    found: list[tuple[Named, int]] = []
    if reading is not context.reading:
        return found
    for moment in context.moments:
        end = moment.position + len(moment.words)
        behind = _WITH.match(reading.low, end)
        if behind and reading.active[moment.position : end].strip():
            people = parse_people(reading.text, reading.low, behind.end(), _limit(reading.text, end), reading.cues)
            found += [(one, moment.position) for one in people]
    return found


def _limit(text: str, at: int) -> int:
    end = text.find("\n", at)
    return min(len(text) if end < 0 else end, at + 400)


def _labelled(reading: Reading, cue: str) -> list[tuple[Named, int]]:
    """Names behind a label ("Interviewers: A, B"), on its line or on the lines below it."""
    found: list[tuple[Named, int]] = []
    label = re.compile(
        rf"(?m)^[\W_]*(?:{'|'.join(p.pattern.removeprefix('(?<![' + chr(92) + 'w])') for p in reading.cues.each(cue))})\W{{0,4}}(?::| \| | - )[ |]*"
    )
    text, low, cues = reading.text, reading.low, reading.cues
    for match in label.finditer(low):
        people = parse_people(text, low, match.end(), _limit(text, match.end()), cues)
        at = match.end()
        if not people and _limit(text, at) - at <= 1:
            people = _lines_of_people(reading, _limit(text, at) + 1)
        elif people and _limit(text, people[-1].end) < len(text) and "|" not in text[match.start() : people[-1].end]:
            people += tuple(one for one in _lines_of_people(reading, _limit(text, people[-1].end) + 1, strict=True))
        found += [(one, match.start()) for one in people]
    return found + _behind_bare_labels(reading, cue)


def _behind_bare_labels(reading: Reading, cue: str) -> list[tuple[Named, int]]:
    """Full names behind a label that lost its colon with its table: a line "With Priya Raman, Engineering Manager"."""
    found: list[tuple[Named, int]] = []
    for match in reading.cues.pattern(cue).finditer(reading.low):
        begin, limit = reading.low.rfind("\n", 0, match.start()) + 1, _limit(reading.text, match.end())
        if match.start() == begin and reading.low[match.end() : match.end() + 1] == " " and limit - begin <= 160:
            people = parse_people(reading.text, reading.low, match.end() + 1, limit, reading.cues)
            if people and all(" " in one.name for one in people):
                found += [(one, begin) for one in people]
    return found


def _lines_of_people(reading: Reading, at: int, *, strict: bool = False) -> tuple[Named, ...]:
    found: list[Named] = []
    for _ in range(10):
        limit = _limit(reading.text, at)
        if strict and not re.match(r"\s*[-*•·]", reading.text[at:limit]):
            break
        people = parse_people(reading.text, reading.low, at, limit, reading.cues)
        if not people or len(reading.text[at:limit]) > 160 or len(people[0].name.split()) < 2:
            break
        found += people
        at = limit + 1
    return tuple(found)


def _is_somebody(one: Named, at: int, context: Context, reading: Reading) -> bool:
    name = fold(one.name)
    if one.addr_spec and one.addr_spec.lower() in context.me:
        return False
    if room_pattern().search(name) or is_service_name(one.name) or _is_place(one, reading):
        return False
    return not any(name == owner or set(name.split()) <= set(owner.split()) for owner in owner_names(context))


def _is_place(one: Named, reading: Reading) -> bool:
    """Whether a capitalised phrase is an address: "The Old Mill, Moor Lane"."""
    last = fold(one.name).split()[-1]
    return one.title is None and reading.cues.pattern("place_names").fullmatch(last) is not None


def _is_company(name: str, company: str | None) -> bool:
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


def _merge(people: Iterable[Person]) -> tuple[Person, ...]:
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


def _role_of(title: str | None, reading: Reading) -> Role:
    words = fold(title or "")
    return Role.HIRING_MANAGER if "hiring manager" in words else Role.INTERVIEWER


def _person(named: Named, directory: Directory, reading: Reading) -> Person:
    given = named.addr_spec or directory.find(named.name)
    name = named.name.title() if named.name.isupper() else named.name
    return Person(name, given, _role_of(named.title, reading), named.title, honorific=named.honorific)


def _attendees(context: Context) -> list[Attendee]:
    seen: dict[str, Attendee] = {}
    for invitation in context.invitations:
        organizer = invitation.organizer.address.addr_spec.lower() if invitation.organizer else ""
        for attendee in invitation.attendees:
            if is_person(attendee, context) and attendee.address.addr_spec.lower() != organizer:
                seen.setdefault(attendee.address.addr_spec.lower(), attendee)
    return list(seen.values())


def find_people(context: Context, stated: list[Stated], company: str | None, *, machine: bool, thread: bool) -> People:
    """Interviewers of each meeting, the recruiter, and everybody named."""
    reading = context.reading
    directory = Directory(context)
    recruiter = find_recruiter(context, directory, company)
    if machine:
        return People([() for _ in stated], recruiter, _merge([recruiter] if recruiter else []))
    named = [(one, at) for one, at in _named(context, reading) if not _is_company(one.name, company)]
    named = _without_recruiter(context, named, recruiter)
    rows = [
        _invited(one, context, recruiter)
        if one.invitation and len(stated) > 1
        else _row_people(context, one, index, stated, company, directory)
        for index, one in enumerate(stated)
    ]
    whole = _merge(_person(one, directory, reading) for one, _ in named)
    if whole and reading.has("with_me"):
        whole = _merge([*_holder(context, recruiter), *whole])
    if len(stated) > 1 and sum(1 for row in rows if row) >= max(2, len(stated) // 2):
        by_meeting = [row or () for row in rows]
    else:
        whole = _merge([*whole, *(person for row in rows for person in row)])
        whole = whole or _calendar_interviewers(context, recruiter) or _holder(context, recruiter)
        if not whole and thread:
            whole = _thread_people(context, recruiter, company, directory)
        whole = _with_addresses(whole, context)
        by_meeting = [whole for _ in stated]
    everybody = _merge(
        [*(person for people in by_meeting for person in people), *whole, *([recruiter] if recruiter else [])]
    )
    return People(by_meeting, recruiter, everybody, unsure=not any(by_meeting))


def _invited(one: Stated, context: Context, recruiter: Person | None) -> tuple[Person, ...]:
    """Of several invitations in one message, whom this one invites beside the owner and who arranged it."""
    invitation = one.invitation
    if invitation is None:
        return ()
    arranged = {recruiter.addr_spec} if recruiter else set()
    if invitation.organizer:
        arranged.add(invitation.organizer.address.addr_spec)
    people = [a for a in invitation.attendees if is_person(a, context) and a.address.addr_spec not in arranged]
    return _merge(_as_person(a.address, Role.INTERVIEWER) for a in people)


def _with_addresses(people: tuple[Person, ...], context: Context) -> tuple[Person, ...]:
    """Attendees whose name begins with the one named: "Rosa" is the only Rosa invited."""
    attendees = _attendees(context)
    result = []
    for person in people:
        if person.addr_spec is None and person.display_name:
            fits = [
                a
                for a in attendees
                if same_name(person.display_name, clean_display_name(a.address.display_name) or _name_of(a.address))
            ]
            if len(fits) == 1:
                shown = clean_display_name(fits[0].address.display_name)
                person = replace(
                    person, addr_spec=fits[0].address.addr_spec, display_name=max((shown, person.display_name), key=len)
                )
        result.append(person)
    return tuple(result)


def _row_people(
    context: Context, one: Stated, index: int, stated: list[Stated], company: str | None, directory: Directory
) -> tuple[Person, ...]:
    """The people of a schedule's row: on its line, else on the lines up to the next row."""
    reading = context.reading
    begin, end = one.row
    if end <= begin or end > len(reading.text):
        return ()
    if len(stated) == 1 and one.moment.position - begin > _LABEL_WIDTH:
        return ()  # a sentence, no row of a table
    behind = max(begin, min(end, one.moment.position + len(one.moment.words)))
    if len(stated) == 1:
        begin = behind
    found = _cells(context, behind, end, one, company) or _cells(context, begin, end, one, company)
    if found and len(stated) > 1:
        found += _second_lines(context, end + 1, {other.row[0] for other in stated}, company)
    if not found and len(stated) > 1:
        later = [other.row[0] for other in stated if other.row[0] > begin]
        limit = min([*later, end + 300, len(reading.text)])
        at = end + 1
        while at < limit:
            stop = _limit(reading.text, at)
            if _is_sender(reading.text[at:stop], context):
                break
            found += _cells(context, at, min(stop, limit), one, company)
            at = stop + 1
    return _merge(_person(named, directory, reading) for named in found)


def _second_lines(context: Context, at: int, rows: set[int], company: str | None) -> list[Named]:
    """The rest of a cell with a person on each line: names with a title, before the next row."""
    reading = context.reading
    found: list[Named] = []
    while at < len(reading.text) and at not in rows and len(found) < _PEOPLE_IN_CELL:
        stop = _limit(reading.text, at)
        people = parse_people(reading.text, reading.low, at, stop, reading.cues)
        if len(people) != 1 or not people[0].title or " " not in people[0].name or people[0].end < stop - 2:
            break
        if _is_sender(people[0].name, context) or not _is_somebody(people[0], at, context, reading):
            break
        found += [one for one in people if not _is_company(one.name, company)]
        at = stop + 1
    return found


def _is_sender(line: str, context: Context) -> bool:
    """Whether a line is the name the writer signs with."""
    sender = context.sender
    return sender is not None and fold(line).strip(" ,.-") == fold(clean_display_name(sender.display_name))


def _cells(context: Context, begin: int, end: int, one: Stated, company: str | None) -> list[Named]:
    reading = context.reading
    line = reading.text[begin:end]
    if len(line) > 400 or _PROSE.search(line):
        return []
    found: list[Named] = []
    starts = [0, *(match.end() for match in _ROW_CUT.finditer(line))]
    reached = 0
    for start in starts:
        if start < reached:
            continue
        people = parse_people(reading.text, reading.low, begin + start, end, reading.cues)
        good = [
            p
            for p in map(_without_lead, people)
            if len(p.name.split()) >= 2
            and not _is_company(p.name, company)
            and _is_somebody(p, begin, context, reading)
            and not reading.cues.pattern("interview").search(fold(p.name))
            and not is_title(p.name, reading.cues)
            and not is_organisation(p.name)
            and not _is_session(p.name, reading)
        ]
        if good:
            found += good
            reached = max(p.end for p in people) - begin
    return found or _behind_session(context, begin, end, company)


def _without_lead(one: Named) -> Named:
    lead = _LEAD.match(one.name)
    return replace(one, name=one.name[lead.end() :]) if lead else one


def _behind_session(context: Context, begin: int, end: int, company: str | None) -> list[Named]:
    """The person behind a session's name in a row without cells: "Portfolio review Helen Marsh, Design Director"."""
    reading = context.reading
    for match in NAME.finditer(reading.text, begin, end):
        people = parse_people(reading.text, reading.low, match.start(), end, reading.cues)
        titled = [p for p in people if p.title and len(p.name.split()) >= 2 and not _is_session(p.name, reading)]
        good = [p for p in titled if not _is_company(p.name, company) and _is_somebody(p, begin, context, reading)]
        if good:
            return good
    return []


_SESSION = re.compile(
    r"\b(?:design|coding|review|values?|culture|behaviou?ral|technical|lunch|break|welcome|tour|debrief|wrap|intro\w*|discussion|deep|dive|presentation|modelling|modeling"
    r"|architecture|systems?|product|team|fit|chat|round|session|panel|exercise|case|study|pairing|office|begrussung|mittag\w*|pause|fachgesprach|rundgang|dejeuner|visite"
    r"|almuerzo|almoco|pranzo|lunch|kennismaking|time|eastern|pacific|central|zoom|google|microsoft|room|street|avenue|floor|january|february|march|april|june|july|august"
    r"|september|october|november|december)\b"
)


def _is_session(name: str, reading: Reading) -> bool:
    return bool(_SESSION.search(fold(name)))


def _without_recruiter(
    context: Context, named: list[tuple[Named, int]], recruiter: Person | None
) -> list[tuple[Named, int]]:
    """The list without people whose title says that they only arrange."""
    cues = context.reading.cues
    return [
        (one, at)
        for one, at in named
        if not (one.title and cues.pattern("arranges").search(fold(one.title)) and recruiter)
    ]


def _calendar_interviewers(context: Context, recruiter: Person | None) -> tuple[Person, ...]:
    """The attendees, or the organizer who invites the owner alone."""
    attendees = _attendees(context)
    cues = context.reading.cues
    others = [
        a for a in attendees if not (recruiter and recruiter.addr_spec and a.address.addr_spec == recruiter.addr_spec)
    ]
    if others:
        return tuple(_as_person(a.address, Role.INTERVIEWER) for a in others)
    if attendees:
        return tuple(_as_person(a.address, Role.INTERVIEWER) for a in attendees)
    for invitation in context.invitations:
        organizer = invitation.organizer
        listed = any(context.is_owner(attendee.address) for attendee in invitation.attendees)
        if organizer and listed and is_person(organizer, context):
            title = _signed_title(context)
            if context.reading.has("panel") or (title and cues.pattern("arranges").search(fold(title))):
                return ()
            if invitation.method == "CANCEL" or _speaks_of_others(context):
                return ()
            return (_as_person(organizer.address, Role.INTERVIEWER, title),)
    return ()


def _speaks_of_others(context: Context) -> bool:
    low = context.reading.low
    return bool(
        re.search(
            r"\b(?:the|our|with the|unser|l'|el|o|het|il) ?(?:hiring manager|team|panel|interviewers|client)\b", low
        )
    ) and not context.reading.has("holds")


def _holder(context: Context, recruiter: Person | None) -> tuple[Person, ...]:
    """The writer, where they hold the conversation themselves ("I will call you")."""
    sender = context.sender
    if sender is None or context.is_owner(sender) or is_service(sender) or is_shared(sender.addr_spec):
        return ()
    if context.invitations or not context.reading.has("holds"):
        return ()
    if context.reading.has("panel") and not context.reading.has("with_me"):
        return ()
    title = _signed_title(context)
    if title and context.reading.cues.pattern("arranges").search(fold(title)):
        return ()
    if context.reading.has("with_me"):
        return (_as_person(sender, Role.INTERVIEWER, title),)
    sure = [
        m
        for m in context.reading.find_all("holds")
        if re.search(r"\bi\b|\bme\b|\bich\b|mir|je |moi|conmigo|comigo|ik |mij|con me|llam|chiam|lig", m[0])
    ]
    phone = re.search(
        r"\b(?:phone|call|chat|screen\w*|telefon\w*|telephon\w*|llamada|chamada|papo|chiamata|bel\w*)\b",
        context.reading.active,
    )
    recruits = title and context.reading.cues.pattern("recruits").search(fold(title))
    if sure or (phone and recruits) or (title and not recruits):
        return (_as_person(sender, Role.INTERVIEWER, title),)
    return ()


def _signed_title(context: Context) -> str | None:
    for line in signature_lines(context.message):
        for piece in re.split(r" \| | • |, | @ | at ", line):
            if is_title(piece, context.reading.cues) and len(piece) <= 60:
                return piece.strip()
    return None


def _thread_people(
    context: Context, recruiter: Person | None, company: str | None, directory: Directory
) -> tuple[Person, ...]:
    quoted = context.quoted
    named = [(one, at) for one, at in _named(context, quoted, quoted=True) if not _is_company(one.name, company)]
    people = _merge(_person(one, directory, quoted) for one, _ in named)
    sender = context.sender
    if (
        not people
        and sender
        and quoted.has("holds")
        and not context.is_owner(sender)
        and not is_service(sender)
        and not is_shared(sender.addr_spec)
    ):
        return (_as_person(sender, Role.INTERVIEWER, _signed_title(context)),)
    writer = _writer_of_quoted(context)
    if people and writer and quoted.has("with_me") and not context.is_owner(writer) and not is_service(writer):
        title = _signed_title(context) if writer == sender else None
        return _merge([_as_person(writer, Role.INTERVIEWER, title), *people])
    return people


def _writer_of_quoted(context: Context) -> Address | None:
    """Who wrote what says "with me": of the thread, of what is forwarded, else the sender of an earlier turn."""
    for earlier in reversed(context.thread):
        if context.quoted.cues.pattern("with_me").search(fold(earlier.body.fresh[:6_000])):
            return earlier.sender
    head = _FROM_LINE.search(context.message.body.quoted[:600])
    if head is None:
        return context.sender
    found = parse_addresses(head["from"])[0]
    return found[0] if found else None


def is_human_relay(context: Context) -> bool:
    """Whether a person answered through an applicant-tracking relay: their own name, in a thread, signed."""
    message = context.message
    sender = message.sender
    if sender is None or message.automatic or not is_from(sender.domain, "applicant_tracking"):
        return False
    shown = clean_display_name(sender.display_name)
    if len(shown.split()) < 2 or not NAME.fullmatch(shown) or is_organisation(shown) or is_service_name(shown):
        return False
    lines = [fold(line).strip(" ,.-") for line in signature_lines(message)]
    signed = any(line and line in {fold(shown), fold(shown).split(" ")[0]} for line in lines)
    return signed and bool(message.references or message.body.quoted)


def find_recruiter(context: Context, directory: Directory, company: str | None) -> Person | None:
    """Who writes for the employer, or arranged it: the sender, else who answers for a relay, else a name only."""
    message = context.message
    candidates = [message.sender, *message.reply_to]
    candidates += [i.organizer.address for i in context.invitations if i.organizer and (message.sender or i.attendees)]
    usable = [
        a
        for a in candidates
        if a and not context.is_owner(a) and not is_service(a) and not room_pattern().search(fold(a.display_name))
    ]
    named = [one for one, _ in _labelled(context.reading, "recruiter_labels")]
    signed = _signed_name(context)
    for address in usable:
        if not is_shared(address.addr_spec):
            return replace(
                _as_person(address, _recruiter_role(context), _signed_title(context)),
                signs_as=signed and signed.split(" ")[0],
            )
    for one in named:
        if _is_somebody(one, 0, context, context.reading) and not _is_company(one.name, company):
            return Person(
                one.name, one.addr_spec or directory.find(one.name), Role.RECRUITER, one.title, honorific=one.honorific
            )
    if usable:
        shown = signed if signed and len(signed.split()) > 1 else clean_display_name(usable[0].display_name)
        return Person(shown, usable[0].addr_spec, _recruiter_role(context))
    sender = message.sender
    shown = clean_display_name(sender.display_name) if sender else ""
    if (
        sender
        and is_from(sender.domain, "applicant_tracking")
        and len(shown.split()) in {2, 3}
        and NAME.fullmatch(shown)
    ) and (
        not is_organisation(shown)
        and not is_service_name(shown)
        and not re.search(r"(?i)recruit|career|talent|team|hiring|jobs|hr\b", shown)
        and not _is_company(shown, company)
    ):
        return Person(shown, sender.addr_spec if not is_service(sender) else None, Role.RECRUITER)
    if signed and len(signed.split()) > 1 and not _is_company(signed, company):
        return Person(signed, directory.find(signed), Role.RECRUITER, _signed_title(context))
    return None


def _recruiter_role(context: Context) -> Role:
    title = fold(_signed_title(context) or "")
    if context.reading.has("agency"):
        return Role.AGENCY
    return Role.COORDINATOR if title and context.reading.cues.pattern("arranges").search(title) else Role.RECRUITER


def _signed_name(context: Context) -> str | None:
    """The name under the message: the signature's first line that is one."""
    closings = {closing.replace("ss", "s") for closing in context.reading.cues.words("closings")}
    for line in signature_lines(context.message)[:4]:
        plain = fold(line).strip(" ,.!").replace("ss", "s")
        if plain in closings:
            continue
        for closing in closings:
            if plain.startswith(closing + ", "):
                line = line[len(closing) + 2 :]
        match = NAME.fullmatch(line.strip(" ,.-–"))
        if (
            match
            and not is_title(line, context.reading.cues)
            and not is_organisation(line)
            and not re.search(r"(?i)\bteam\b", line)
        ):
            return match[0]
        return None
    return None
