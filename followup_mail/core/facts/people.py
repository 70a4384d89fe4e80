"""Who: interviewers of each meeting, the recruiter and everybody named, with addresses only where stated."""

import re
from dataclasses import dataclass, field, replace

from followup_mail.core.cues import fold
from followup_mail.core.facts.context import Context, clean_display_name, is_service, is_shared
from followup_mail.core.facts.meetings import Stated
from followup_mail.core.facts.named import find_named
from followup_mail.core.facts.names import Named, same_name
from followup_mail.core.facts.persons import (
    Directory,
    as_person,
    invited_people,
    is_employer,
    is_person,
    make_person,
    merge_people,
    name_of_address,
    role_of,
)
from followup_mail.core.facts.portrait import Candidate
from followup_mail.core.facts.recruiter import find_recruiter, find_signed_title
from followup_mail.core.facts.roles import find_candidates, holds_interview, is_only_quoted
from followup_mail.core.facts.rows import find_row_people
from followup_mail.core.who import Address, Person, Role, parse_addresses

_FROM_LINE = re.compile(r"(?mi)^[^\w\n]*(?:from|von|de|da|van)\s*:\s*(?P<from>.{3,200})$")

_ANSWER = 200  # characters of an answer that only agrees


@dataclass
class People:
    """Who was found: interviewers by meeting, the recruiter, and the rest."""

    by_meeting: list[tuple[Person, ...]] = field(default_factory=list)
    recruiter: Person | None = None
    everybody: tuple[Person, ...] = ()
    unsure: bool = False


def find_people(context: Context, stated: list[Stated], company: str | None, *, machine: bool, thread: bool) -> People:
    """Interviewers of each meeting, the recruiter, and everybody named."""
    if machine:
        recruiter = find_recruiter(context, Directory(context), company)
        return People([() for _ in stated], recruiter, merge_people([recruiter] if recruiter else []))
    who = find_by_rules(context, stated, company, thread=thread)
    said = merge_people(person for people in who.by_meeting for person in people)
    candidates = find_candidates(context, company, said, who.recruiter)
    held = [one for one in candidates if holds_interview(one)]
    if any("fresh" in one.marks and "in sender" not in one.marks for one in held):
        held = [one for one in held if not is_only_quoted(one)]  # today's word names its people itself
    chosen = [(one, _as_interviewer(one, said)) for one in held]
    by_meeting = [
        tuple(person for one, person in chosen if _is_of_meeting(one, context, stated, who.by_meeting, index))
        for index in range(len(stated))
    ]
    everybody = merge_people([*(person for _, person in chosen), *([who.recruiter] if who.recruiter else [])])
    return People(by_meeting, who.recruiter, everybody, unsure=not any(by_meeting))


def _as_interviewer(one: Candidate, said: tuple[Person, ...]) -> Person:
    """A candidate as an interviewer, with what the rules know of the same person."""
    name = one.name.title() if one.name.isupper() else one.name
    person = Person(name, one.addr_spec, role_of(one.title), one.title, honorific=one.honorific)
    for other in said:
        if one.is_same(other):
            return replace(
                person,
                addr_spec=person.addr_spec or other.addr_spec,
                role=other.role,
                title=person.title or other.title,
                signs_as=other.signs_as,
            )
    return person


def _is_of_meeting(
    one: Candidate, context: Context, stated: list[Stated], rows: list[tuple[Person, ...]], index: int
) -> bool:
    """Whether somebody belongs to this one of several meetings: by its row, else by the time stated before them."""
    if len(stated) < 2:
        return True
    own = [number for number, people in enumerate(rows) if any(map(one.is_same, people))]
    places = [mention.start for reading, mention in one.places if reading is context.reading]
    if own or not places or any(meeting.invitation for meeting in stated):
        return not own or index in own
    line = context.reading.text.find("\n", places[0])
    until = line if line >= 0 else places[0]
    before = [number for number, meeting in enumerate(stated) if meeting.moment.position <= until]
    return index == (before[-1] if before else 0)


def find_by_rules(context: Context, stated: list[Stated], company: str | None, *, thread: bool) -> People:
    """Interviewers of each meeting by the places where people are named, the recruiter, and everybody named."""
    reading = context.reading
    directory = Directory(context)
    recruiter = find_recruiter(context, directory, company)
    named = [(one, at) for one, at in find_named(context, reading) if not is_employer(one.name, company)]
    named = _without_recruiter(context, named, recruiter)
    rows = [
        _invited(one, context, recruiter)
        if one.invitation and len(stated) > 1
        else find_row_people(context, one, stated, company, directory)
        for one in stated
    ]
    whole = merge_people(make_person(one, directory) for one, _ in named)
    if whole and reading.has("with_me"):
        whole = merge_people([*_holder(context), *whole])
    if len(stated) > 1 and sum(1 for row in rows if row) >= max(2, len(stated) // 2):
        by_meeting = [row or () for row in rows]
    else:
        whole = merge_people([*whole, *(person for row in rows for person in row)])
        whole = whole or _calendar_interviewers(context, recruiter)
        if not whole and (thread or _only_agrees(context)):
            whole = _thread_people(context, company, directory)
        whole = whole or _holder(context)
        whole = _with_addresses(whole, context)
        by_meeting = [whole for _ in stated]
    everybody = merge_people(
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
    return merge_people(as_person(a.address, Role.INTERVIEWER) for a in people)


def _with_addresses(people: tuple[Person, ...], context: Context) -> tuple[Person, ...]:
    """Attendees whose name begins with the one named: "Rosa" is the only Rosa invited."""
    attendees = invited_people(context)
    return tuple(_with_address(person, [attendee.address for attendee in attendees]) for person in people)


def _with_address(person: Person, invited: list[Address]) -> Person:
    if person.addr_spec is not None or not person.display_name:
        return person
    fits = [
        address
        for address in invited
        if same_name(person.display_name, clean_display_name(address.display_name) or name_of_address(address))
    ]
    if len(fits) != 1:
        return person
    shown = clean_display_name(fits[0].display_name)
    return replace(person, addr_spec=fits[0].addr_spec, display_name=max((shown, person.display_name), key=len))


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
    attendees = invited_people(context)
    cues = context.reading.cues
    others = [
        a for a in attendees if not (recruiter and recruiter.addr_spec and a.address.addr_spec == recruiter.addr_spec)
    ]
    if others:
        return tuple(as_person(a.address, Role.INTERVIEWER) for a in others)
    if attendees:
        return tuple(as_person(a.address, Role.INTERVIEWER) for a in attendees)
    for invitation in context.invitations:
        organizer = invitation.organizer
        listed = any(context.is_owner(attendee.address) for attendee in invitation.attendees)
        if organizer and listed and is_person(organizer, context):
            title = find_signed_title(context)
            if context.reading.has("panel") or (title and cues.pattern("arranges").search(fold(title))):
                return ()
            if invitation.method == "CANCEL" or _speaks_of_others(context):
                return ()
            return (as_person(organizer.address, Role.INTERVIEWER, title),)
    return ()


def _speaks_of_others(context: Context) -> bool:
    low = context.reading.low
    return bool(
        re.search(
            r"\b(?:the|our|unser|l'|el|o|het|il) ?(?:hiring manager|panel|interviewers|client)\b"
            r"|\b(?:with|meet|mit|avec|con|com|met) (?:the|our|unserem|l'|el|o|het|il) ?team\b",
            low,
        )
    ) and not context.reading.has("holds")


def _holder(context: Context) -> tuple[Person, ...]:
    """The writer, where they hold the conversation themselves ("I will call you")."""
    sender = context.sender
    if sender is None or context.is_owner(sender) or is_service(sender) or is_shared(sender.addr_spec):
        return ()
    title = find_signed_title(context)
    if context.reading.has("with_me") and not context.invitations:
        return (as_person(sender, Role.INTERVIEWER, title),)
    if context.invitations or not context.reading.has("holds") or context.reading.has("panel"):
        return ()
    if title and context.reading.cues.pattern("arranges").search(fold(title)):
        return ()
    sure = [
        m
        for m in context.reading.find_all("holds")
        if re.search(r"\bi\b|\bme\b|\bich\b|mir|je |moi|conmigo|comigo|ik |mij|con me|llam|chiam|lig| then$", m[0])
    ]
    phone = re.search(
        r"\b(?:phone|call|chat|screen\w*|telefon\w*|telephon\w*|llamada|chamada|papo|chiamata|bel\w*)\b",
        context.reading.active,
    )
    recruits = title and context.reading.cues.pattern("recruits").search(fold(title))
    if sure or (phone and recruits) or (title and not recruits):
        return (as_person(sender, Role.INTERVIEWER, title),)
    return ()


def _only_agrees(context: Context) -> bool:
    """Whether a few words settle what the thread says, with whom included."""
    message = context.message
    answers = bool(message.body.quoted or context.thread)
    return answers and len(message.body.fresh) <= _ANSWER and not context.invitations


def _thread_people(context: Context, company: str | None, directory: Directory) -> tuple[Person, ...]:
    quoted = context.quoted
    named = [(one, at) for one, at in find_named(context, quoted, quoted=True) if not is_employer(one.name, company)]
    people = merge_people(make_person(one, directory) for one, _ in named)
    sender = context.sender
    if (
        not people
        and sender
        and quoted.has("holds")
        and not context.is_owner(sender)
        and not is_service(sender)
        and not is_shared(sender.addr_spec)
    ):
        return (as_person(sender, Role.INTERVIEWER, find_signed_title(context)),)
    writer = _writer_of_quoted(context)
    if people and writer and quoted.has("with_me") and not context.is_owner(writer) and not is_service(writer):
        title = find_signed_title(context) if writer == sender else None
        return merge_people([as_person(writer, Role.INTERVIEWER, title), *people])
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
