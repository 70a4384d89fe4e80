"""A message finds its case by the strongest sign, and never by a provider's or a relay's domain alone."""

from dataclasses import replace

import pytest

from followup_mail.core.case import (
    Ambiguous,
    Case,
    CaseState,
    DraftKey,
    DraftSeen,
    DraftState,
    OwnerVerb,
    OwnerWord,
    Purpose,
    advance,
    find_case,
    opens_case,
)
from followup_mail.core.case.names import Agreement, companies_agree, home_of, positions_agree
from followup_mail.core.facts import Facts, Kind
from followup_mail.core.who import Person, Role
from tests.unit.hiring import (
    AGENT,
    CANCELS,
    INGRID,
    MAYA,
    MOVES,
    PRIYA,
    SYSTEM,
    TOMAS,
    at,
    hear,
    invite,
    letter,
    meeting,
    own,
)

BACKEND = hear(None, invite(at(1), meeting(at(3), TOMAS, ical_uid="u1")), name="backend")
DATA = hear(
    None, invite(at(1), meeting(at(4), PRIYA), position="Data Engineer", company="Larkspur Health"), name="data"
)
TALLOW = hear(
    None,
    letter(
        at(1),
        Kind.AVAILABILITY_REQUEST,
        sender=Person("Jo Park", "jo@tallow.example", Role.COORDINATOR),
        company="Tallow & Reed",
    ),
    name="tallow",
)
ALL = (BACKEND, DATA, TALLOW)
STRANGER = Person("Somebody Else", "somebody@elsewhere.example", Role.RECRUITER)


def found(facts: Facts, cases: tuple[Case, ...] = ALL) -> str | None:
    match = find_case(facts, cases)
    return match if match is None else "?" if isinstance(match, Ambiguous) else match.id


def bare(sender: Person | None = STRANGER, **more: object) -> Facts:
    """A message that names neither company nor position."""
    return letter(at(2), sender=sender, **{"company": None, "position": None, **more})


def first_id(case: Case) -> str:
    return case.correspondence[0].message_id or ""


BY = {
    "ical_uid": (bare(kind=CANCELS, meetings=(meeting(at(20), ical_uid="u1"),)), "backend"),
    "the same meeting": (bare(kind=MOVES, meetings=(meeting(at(3), TOMAS),)), "backend"),
    "thread": (bare(references=(first_id(DATA),)), "data"),
    "the newer part of a thread": (bare(message_id="<parent@larkspur.example>"), None),
    "person": (bare(sender=TOMAS), "backend"),
    "person among the named": (bare(people=(PRIYA,)), "data"),
    "the employer's domain and the position": (
        letter(at(2), sender=Person("Lena Brandt", "lena@larkspur.example"), position="Data Engineer (m/w/d)"),
        "data",
    ),
    "company and position": (letter(at(2), Kind.REJECTION, sender=SYSTEM, position="Backend Engineer"), "backend"),
    "company in other clothes": (
        letter(at(2), Kind.REJECTION, sender=SYSTEM, company="Tallow and Reed Ltd", position=None),
        "tallow",
    ),
    "company folded": (
        letter(at(2), Kind.REJECTION, sender=SYSTEM, company="TALLOW & REED, Inc.", position=None),
        "tallow",
    ),
    "nothing": (bare(), None),
    "no sender": (bare(sender=None), None),
    "a receipt of a stranger": (letter(at(2), Kind.APPLICATION_RECEIVED, sender=SYSTEM, company="Other House"), None),
    "another position": (letter(at(2), Kind.REJECTION, sender=SYSTEM, position="Office Manager"), None),
    "the recruiter of two": (bare(sender=MAYA), "?"),
    "the recruiter of two, with the position": (letter(at(2), sender=MAYA, position="Data Engineer"), "data"),
    "the employer of two": (letter(at(2), Kind.REJECTION, sender=SYSTEM, position=None), "?"),
    "a newsletter of the employer": (
        letter(at(2), sender=Person("Larkspur", "news@larkspur.example"), automatic=True, position="Data Engineer"),
        None,
    ),
    "a suspicious namesake": (letter(at(2), Kind.OFFER, sender=STRANGER, suspicious=True), None),
}


@pytest.mark.parametrize(("facts", "expected"), BY.values(), ids=BY)
def test_a_message_is_found_by(facts: Facts, expected: str | None) -> None:
    assert found(facts) == expected


def test_an_older_message_of_a_thread_is_found_by_what_answered_it() -> None:
    case = hear(None, invite(at(2), meeting(at(3), TOMAS), references=("<root@larkspur.example>",)))
    assert found(bare(message_id="<root@larkspur.example>"), (case,)) == "larkspur"
    assert found(bare(references=("<root@larkspur.example>",)), (case,)) == "larkspur"


def test_an_answer_to_our_sent_letter_is_found_by_its_thread() -> None:
    key = DraftKey(Purpose.THANK_YOU, "backend/2026-12-03", "tomas@larkspur.example")
    case = advance(BACKEND, DraftSeen(key, DraftState.SENT, at(3, 17), "<ours@home.example>"))
    assert found(bare(references=("<ours@home.example>",)), (case,)) == "backend"


@pytest.mark.parametrize(
    "addr_spec", ["hr@gmail.com", "no-reply@greenhouse.io", "x@mail.greenhouse.io", "calendar-notification@google.com"]
)
def test_a_shared_domain_is_never_a_match(addr_spec: str) -> None:
    sender = Person("Larkspur Talent", addr_spec)
    case = hear(None, invite(at(1), meeting(at(3), TOMAS), sender=sender, takes_no_reply="no" in addr_spec))
    other = Person("Other House", f"someone@{addr_spec.rpartition('@')[2]}")
    assert found(bare(sender=other), (case,)) is None


def test_a_relays_own_address_is_nobody() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS), sender=SYSTEM, takes_no_reply=True, automatic=True))
    assert found(bare(sender=SYSTEM, kind=Kind.REJECTION), (case,)) is None
    relay = Person("Team", "team@relay.greenhouse.io")
    case = hear(None, invite(at(1), meeting(at(3), TOMAS), sender=relay, takes_no_reply=True, automatic=True))
    assert found(bare(sender=relay, kind=Kind.REJECTION, takes_no_reply=True), (case,)) is None


# Agencies


def client(name: str, position: str, case_id: str) -> Case:
    return hear(
        None,
        invite(at(1), meeting(at(3), TOMAS), sender=AGENT, agency=True, company=name, position=position),
        name=case_id,
    )


def test_an_agencys_consultant_runs_several_cases_told_apart_by_client_and_position() -> None:
    cases = (client("Larkspur Health", "Backend Engineer", "one"), client("Tallow & Reed", "Platform Engineer", "two"))
    assert found(letter(at(2), sender=AGENT, company="Tallow & Reed", position=None, agency=True), cases) == "two"
    assert found(letter(at(2), sender=AGENT, company=None, position="Backend Engineer", agency=True), cases) == "one"
    assert found(bare(sender=AGENT, agency=True), cases) == "?"
    assert found(letter(at(2), sender=AGENT, company="A Third House", position=None, agency=True), cases) is None


def test_an_agencys_domain_alone_is_no_match_and_its_thread_only_for_the_same_client() -> None:
    cases = (client("Larkspur Health", "Backend Engineer", "one"),)
    colleague = Person("Uta Kern", "uta@kern-search.example", Role.AGENCY)
    assert found(bare(sender=colleague), cases) is None
    assert found(bare(sender=colleague, agency=True), cases) is None
    thread = (first_id(cases[0]),)
    assert found(bare(sender=colleague, references=thread), cases) == "one"
    assert found(bare(sender=colleague, references=thread, company="Tallow & Reed", agency=True), cases) is None


# The owner


def test_the_owners_message_is_found_by_thread_or_recipients_only() -> None:
    assert found(own(at(2), STRANGER, references=(first_id(DATA),))) == "data"
    assert found(own(at(2), TOMAS)) == "backend"
    assert found(own(at(2), Person("Lena", "lena@larkspur.example"))) is None
    assert found(own(at(2), STRANGER, company="Larkspur Health", position="Data Engineer")) is None


def test_the_owners_thanks_go_to_the_case_whose_conversation_was_the_last() -> None:
    first = hear(None, invite(at(1), meeting(at(3), MAYA)), name="first")
    second = hear(None, invite(at(1), meeting(at(4), MAYA), position="Data Engineer"), name="second")
    assert found(own(at(3, 12), MAYA, thanks=True), (first, second)) == "first"
    assert found(own(at(4, 12), MAYA, thanks=True), (first, second)) == "second"
    assert found(own(at(2), MAYA), (first, second)) == "?"


# Ended cases


def ended(*events: Facts | OwnerWord) -> Case:
    return hear(BACKEND, *events, name="backend")


REJECTED = ended(letter(at(5), Kind.REJECTION))


def test_an_ended_case_takes_only_its_own_thread_or_what_is_older() -> None:
    assert found(letter(at(8), sender=TOMAS), (REJECTED,)) is None
    assert found(replace(bare(references=(first_id(BACKEND),)), sent_at=at(8)), (REJECTED,)) == "backend"
    assert found(letter(at(4), sender=TOMAS), (REJECTED,)) == "backend"


def test_a_new_meeting_after_the_end_is_a_new_case_even_in_the_thread() -> None:
    again = invite(at(8), meeting(at(15), TOMAS), references=(first_id(BACKEND),))
    assert (found(again, (REJECTED,)), opens_case(again)) == (None, True)


def test_a_case_called_off_is_found_again() -> None:
    off = ended(letter(at(2), CANCELS))
    assert off.state is CaseState.CANCELLED
    assert found(invite(at(8), meeting(at(15), PRIYA), sender=MAYA), (off,)) == "backend"


def test_what_the_owner_dismissed_does_not_come_back_by_its_thread() -> None:
    dismissed = ended(OwnerWord(OwnerVerb.DISMISS, at(2)))
    assert found(invite(at(8), meeting(at(15), TOMAS), references=(first_id(BACKEND),)), (dismissed,)) == "backend"


def test_an_open_case_is_preferred_to_one_called_off() -> None:
    off = ended(letter(at(2), CANCELS))
    back = hear(None, invite(at(6), meeting(at(9), TOMAS)), name="again")
    assert found(letter(at(10), sender=TOMAS), (off, back)) == "again"


# What opens one


@pytest.mark.parametrize("kind", list(Kind))
def test_only_what_arranges_an_interview_opens_a_case(kind: Kind) -> None:
    opening = {Kind.INTERVIEW_CONFIRMATION, Kind.INTERVIEW_RESCHEDULE, Kind.AVAILABILITY_REQUEST}
    assert opens_case(letter(at(1), kind)) == (kind in opening)
    assert not opens_case(own(at(1), MAYA, kind=kind))


# Names


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Larkspur Health", "LARKSPUR HEALTH GmbH", Agreement.WHOLE),
        ("Bright Water", "Brightwater", Agreement.WHOLE),
        ("Larkspur", "Larkspur Health", Agreement.PART),
        ("Café Olé", "cafe ole", Agreement.WHOLE),
        ("Larkspur", "Tallow", Agreement.CONFLICT),
        (None, "Tallow", Agreement.UNKNOWN),
        ("Tallow", "—", Agreement.UNKNOWN),
        ("The Company", "the company", Agreement.WHOLE),
    ],
)
def test_companies_agree(one: str | None, other: str | None, expected: Agreement) -> None:
    assert companies_agree(one, other) is expected
    assert companies_agree(other, one) is expected


def test_positions_agree() -> None:
    assert positions_agree("Data Engineer (m/w/d)", "data engineer") is Agreement.WHOLE
    assert positions_agree("Senior Data Engineer", "Data Engineer") is Agreement.PART
    assert positions_agree("Data Engineer", "Backend Engineer") is Agreement.CONFLICT


@pytest.mark.parametrize(
    ("addr_spec", "home"),
    [
        ("a@mail.larkspur.example", "larkspur.example"),
        ("a@hr.larkspur.co.uk", "larkspur.co.uk"),
        ("a@x.personio.de", None),
        ("a@localhost", None),
        ("", None),
    ],
)
def test_a_home_is_the_registered_domain(addr_spec: str, home: str | None) -> None:
    assert home_of(addr_spec) == home


def test_an_interviewer_without_address_finds_no_case() -> None:
    assert found(bare(sender=INGRID)) is None


def test_what_says_nothing_is_not_worth_a_question() -> None:
    colleague = Person("Lena Brandt", "lena@larkspur.example")
    assert found(bare(sender=colleague)) is None
    assert found(bare(sender=MAYA, kind=Kind.AUTO_REPLY, automatic=True)) is None
    assert found(bare(sender=colleague, kind=Kind.REJECTION)) == "?"
