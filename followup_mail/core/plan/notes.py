"""Thank-yous: one for each interviewer of a visit, and a relay note for those without an address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from followup_mail.core.case import DraftKey, DraftState, Interview, Purpose
from followup_mail.core.case.names import folded_name, is_nobody, same_address, same_person
from followup_mail.core.case.people import everybody, merge_person
from followup_mail.core.case.standing import is_outsider
from followup_mail.core.facts import Doubt
from followup_mail.core.plan.days import after, local
from followup_mail.core.plan.desk import (
    Desk,
    Wanted,
    case_doubts,
    doubt_outsiders,
    find_contact,
    find_holds,
    has_written,
    is_spent,
    may_write_to,
    reply_target,
    takes_replies,
    visits,
)
from followup_mail.core.plan.values import AskOwner, PlaceDraft, Remind
from followup_mail.core.plan.words import ask_about, day_of, listed, name_of
from followup_mail.core.who import Person

ASK_WITHIN = timedelta(hours=6)  # a held draft announces itself at the latest so long after the end
STOOD = (DraftState.PLACED, DraftState.EDITED, DraftState.SENT, DraftState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody met on a visit: when their last interview ended, and which they were in."""

    person: Person
    end: datetime
    interviews: tuple[str, ...]
    end_stated: bool = True
    start: datetime | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One day's interviews with one employer, and when it was over."""

    scope: str
    interviews: tuple[Interview, ...]
    end: datetime
    held: tuple[Doubt, ...]

    def key(self, recipient: str) -> DraftKey:
        """The key of a letter of this visit."""
        return DraftKey(Purpose.THANK_YOU, self.scope, recipient)


def plan_thank_yous(desk: Desk) -> Wanted:
    """Every visit's letters."""
    wanted = Wanted()
    for scope, interviews in visits(desk.case, desk.policy.zone).items():
        talked = tuple(one for one in interviews if not one.machine)
        if talked:
            end = max(one.end for one in talked)
            held = find_holds(desk, Purpose.THANK_YOU, case_doubts(desk.case, talked))
            wanted.add(_plan_visit(desk, Visit(scope, talked, end, held)))
    return wanted


def _plan_visit(desk: Desk, visit: Visit) -> Wanted:
    guests = _guests(desk, visit)
    if not guests:
        return _ask_who(desk, visit)
    own, relayed = _seated(desk, [guest for guest in guests if may_write_to(desk, guest.person)])
    wanted = Wanted()
    for letter in _hold_outsiders(desk, _letters(desk, visit, own, relayed, wanted)):
        _settle(desk, visit, letter, wanted)
    _announce(desk, visit, wanted)
    return wanted


def _guests(desk: Desk, visit: Visit) -> list[Guest]:
    """Everybody met, once each, in order of meeting; a bare name that an address explains is the same person."""
    guests: list[Guest] = []
    people = everybody(desk.case)
    named = [
        (person, one) for one in visit.interviews for person in one.people if person.display_name or person.addr_spec
    ]
    # The addressed first, so that a bare name finds them whichever was met first.
    for person, one in sorted(named, key=lambda pair: pair[0].addr_spec is None):
        if same_address(person.addr_spec, desk.case.owner_address):
            continue
        at = next((i for i, guest in enumerate(guests) if same_person(guest.person, person)), None)
        if at is None:
            known = next((other for other in people if same_address(other.addr_spec, person.addr_spec)), person)
            guests.append(Guest(merge_person(person, known), one.end, (one.id,), one.end_stated, one.start))
        else:
            guests[at] = _met_again(guests[at], person, one)
    return sorted(guests, key=lambda guest: [one.id in guest.interviews for one in visit.interviews].index(True))


def _met_again(guest: Guest, person: Person, one: Interview) -> Guest:
    later = one.end >= guest.end
    return replace(
        guest,
        person=merge_person(guest.person, person),
        interviews=tuple(dict.fromkeys((*guest.interviews, one.id))),
        end=one.end if later else guest.end,
        end_stated=one.end_stated if later else guest.end_stated,
        start=one.start if later else guest.start,
    )


def _seated(desk: Desk, guests: Sequence[Guest]) -> tuple[list[Guest], list[Guest]]:
    """Who gets a letter of their own, and who is thanked through somebody else."""
    case = desk.case
    reserved = case.agency or case.no_direct_contact
    own = [
        guest
        for guest in guests
        if guest.person.addr_spec
        and not is_nobody(guest.person)
        and takes_replies(case, guest.person)
        and (not reserved or has_written(case, guest.person))
    ]
    chosen = own[: desk.policy.notes_most]
    return chosen, [guest for guest in guests if guest not in chosen and guest.person.display_name]


def _letters(desk: Desk, visit: Visit, own: list[Guest], relayed: list[Guest], wanted: Wanted) -> list[PlaceDraft]:
    contact = find_contact(desk) if relayed else None
    bearer = next((guest for guest in own if contact and same_address(guest.person.addr_spec, contact.addr_spec)), None)
    if relayed and contact is None:
        _tell_unreachable(desk, visit, relayed, wanted)
    letters: list[PlaceDraft] = []
    for guest in own:
        if guest is bearer and not is_spent(desk.rows.get(visit.key(_address(guest.person)))):
            letters.append(_letter(desk, visit, guest, len(letters), relayed))
        elif guest is bearer:
            letters.append(_letter(desk, visit, guest, len(letters)))
            _tell_unreachable(desk, visit, relayed, wanted)
        elif is_spent(desk.rows.get(visit.key(f"relay:{_address(guest.person)}"))):
            wanted.standing.add(visit.key(f"relay:{_address(guest.person)}"))
        elif _is_covered(desk, visit, guest):
            continue
        else:
            letters.append(_letter(desk, visit, guest, len(letters)))
    if relayed and contact and bearer is None:
        through = Guest(contact, max(guest.end for guest in relayed), _all_interviews(relayed))
        letters.append(_letter(desk, visit, through, len(letters), relayed))
    else:
        wanted.standing |= {key for key, row in desk.rows.items() if _is_relay_of(key, visit) and is_spent(row)}
    return letters


def _address(person: Person) -> str:
    return (person.addr_spec or "").casefold()


def _all_interviews(guests: Sequence[Guest]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for guest in guests for one in guest.interviews))


def _is_relay_of(key: DraftKey, visit: Visit) -> bool:
    return key.scope == visit.scope and key.recipient.startswith("relay:")


def _is_covered(desk: Desk, visit: Visit, guest: Guest) -> bool:
    """Whether somebody whose address was learnt late was already thanked through a relay note."""
    if visit.key(_address(guest.person)) in desk.rows:
        return False
    name = folded_name(guest.person)
    relays = [row for key, row in desk.rows.items() if _is_relay_of(key, visit) and row.state in STOOD]
    return bool(name) and any(row.text is None or guest.person.display_name in row.text for row in relays)


def _letter(desk: Desk, visit: Visit, guest: Guest, seat: int, relayed: Sequence[Guest] = ()) -> PlaceDraft:
    address = _address(guest.person)
    end = max([guest.end, *(other.end for other in relayed)])
    return PlaceDraft(
        key=visit.key(f"relay:{address}" if relayed else address),
        case_id=desk.case.id,
        account=desk.case.account,
        recipient=guest.person,
        due=after(visit.end, desk.policy.thank_you_after),
        deadline=after(end, desk.policy.thank_you_deadline),
        interviews=_all_interviews([guest, *relayed]),
        relay_for=tuple(other.person for other in relayed),
        seat=seat,
        met_before=_met_before(desk, visit, guest.person),
        reply_to=reply_target(desk.case, guest.person),
        language=desk.case.language,
        held=visit.held,
    )


def _hold_outsiders(desk: Desk, letters: list[PlaceDraft]) -> list[PlaceDraft]:
    """The letters; those to people whom only somebody else's word brings in wait for the owner's."""
    outsiders = [one.recipient for one in letters if is_outsider(desk.case, one.recipient)]
    doubts = doubt_outsiders(desk, outsiders)
    return [replace(one, held=(*one.held, *doubts)) if one.recipient in outsiders else one for one in letters]


def _met_before(desk: Desk, visit: Visit, person: Person) -> bool:
    first = visit.interviews[0].start
    return any(
        not one.cancelled and one.end <= first and one not in visit.interviews and _was_in(one, person)
        for one in desk.case.interviews
    )


def _was_in(interview: Interview, person: Person) -> bool:
    return any(same_person(other, person) for other in interview.people)


def _settle(desk: Desk, visit: Visit, letter: PlaceDraft, wanted: Wanted) -> None:
    """Put a letter where it belongs: planned, fulfilled by the owner, or too late."""
    if _is_fulfilled(desk, visit, letter):
        wanted.gone[letter.key] = (DraftState.SENT, "you thanked them yourself")
        return
    if _is_ahead_again(desk, visit, letter):
        return
    wanted.standing.add(letter.key)
    asked = Purpose.THANK_YOU in desk.case.asked_for
    if visit.end < desk.began - desk.policy.first_run_reach and not asked:
        return
    if visit.end + desk.policy.slept_through < desk.now and not asked:
        if not is_spent(desk.rows.get(letter.key)):
            wanted.standing.discard(letter.key)
            wanted.gone[letter.key] = (DraftState.EXPIRED, "the interview was over for more than a week")
            wanted.says.append(_late(desk, visit))
        return
    wanted.places.append(letter)


def _is_ahead_again(desk: Desk, visit: Visit, letter: PlaceDraft) -> bool:
    """Whether a letter lies in Drafts untouched for a conversation that was put off to later the same day."""
    row = desk.rows.get(letter.key)
    theirs = [one for one in visit.interviews if one.id in letter.interviews]
    return row is not None and row.state is DraftState.PLACED and all(one.end > desk.now for one in theirs)


def _is_fulfilled(desk: Desk, visit: Visit, letter: PlaceDraft) -> bool:
    """Whether the owner thanked the recipient after the conversation; what has no stated end is over at its start."""
    own = [one for one in visit.interviews if one.id in letter.interviews]
    if not letter.relay_for:
        own = [one for one in own if _was_in(one, letter.recipient)] or own
    over = max(one.end if one.end_stated else one.start for one in own)
    return any(same_address(who, letter.recipient.addr_spec) and at > over for who, at in desk.case.thanked)


def _late(desk: Desk, visit: Visit) -> Remind:
    day = day_of(local(visit.end, desk.policy))
    text = f"No thank-you was drafted for {name_of(desk.case)}: {day} is more than a week past."
    return Remind(f"late:{visit.scope}", desk.case.id, text, desk.now)


def _tell_unreachable(desk: Desk, visit: Visit, relayed: Sequence[Guest], wanted: Wanted) -> None:
    due = after(visit.end, desk.policy.thank_you_after)
    if not relayed or visit.end < desk.began - desk.policy.first_run_reach:
        return
    names = listed([guest.person for guest in relayed])
    text = f"No address is known for {names} ({name_of(desk.case)}): nobody can be asked to pass on your thanks."
    wanted.says.append(Remind(f"unreachable:{visit.scope}", desk.case.id, text, due))


def _ask_who(desk: Desk, visit: Visit) -> Wanted:
    """The question that stands in for letters to people whom no message names."""
    over = visit.end + desk.policy.slept_through < desk.now or visit.end < desk.began - desk.policy.first_run_reach
    thanked = any(at > visit.end for _, at in desk.case.thanked)
    if over or thanked:
        return Wanted()
    day = day_of(local(visit.end, desk.policy))
    question = f"Who did you talk to on {day} ({name_of(desk.case)})? No message names anybody to thank."
    return Wanted(says=[AskOwner(f"who:{visit.scope}", desk.case.id, question, visit.end)])


def _announce(desk: Desk, visit: Visit, wanted: Wanted) -> None:
    """The questions of a visit's held letters, one for each kind of doubt."""
    waiting = [place for place in wanted.places if not is_spent(desk.rows.get(place.key))]
    if not waiting:
        return
    known = max((one.settled for one in visit.interviews if one.settled), default=visit.end)
    day = f"the interview on {day_of(local(visit.end, desk.policy))}"
    for doubt in {doubt.kind: doubt for place in waiting for doubt in place.held}.values():
        at_once = doubt.kind not in {"ask", "language"}
        due = min(known, after(visit.end, ASK_WITHIN)) if at_once else waiting[0].due
        question = ask_about(doubt, desk.case, Purpose.THANK_YOU, day)
        wanted.says.append(AskOwner(f"{doubt.kind}:{visit.scope}", desk.case.id, question, due))
