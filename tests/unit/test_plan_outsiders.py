"""Whom only somebody else's word brings in: their letter waits for the owner, the others' do not."""

import pytest

from followup_mail.core.case import OwnerVerb, OwnerWord, Purpose
from followup_mail.core.facts import Facts
from followup_mail.core.plan import AskOwner, plan
from followup_mail.core.who import Person, Role
from tests.unit.hiring import (
    MAYA,
    POLICY,
    PRIYA,
    TOMAS,
    at,
    drafts,
    for_purpose,
    hear,
    invite,
    letter,
    meeting,
    own,
    thanks,
)

MALLORY = Person("Mallory Quill", "mallory@evil.example", Role.RECRUITER)
VICTIM = Person("Nadia Voss", "nadia.voss@bank.example")
ACCOMPLICE = Person("Eve Null", "eve@hr.evil.example")
SYSTEM = Person("Larkspur Health", "no-reply@larkspur-mail.greenhouse.io", Role.SYSTEM)
START, AFTER = at(3, 14), at(3, 16, 30)


def held_for(*events: Facts | OwnerWord) -> list[str]:
    """Whose thank-yous wait for the owner."""
    letters = for_purpose(Purpose.THANK_YOU, hear(None, *events), AFTER)
    return [one.recipient.addr_spec or "" for one in letters if one.held]


def questions(*events: Facts | OwnerWord) -> list[str]:
    actions = plan(hear(None, *events), journal=(), policy=POLICY, now=AFTER)
    return [one.question for one in actions if isinstance(one, AskOwner)]


def evil(*people: Person) -> Facts:
    return invite(at(1), meeting(START, *people), sender=MALLORY, recruiter=MALLORY, company="Evil Corp")


def test_the_letter_to_an_outsider_waits_and_the_others_do_not() -> None:
    assert held_for(evil(VICTIM, ACCOMPLICE)) == ["nadia.voss@bank.example"]
    assert thanks(hear(None, evil(VICTIM, ACCOMPLICE)), AFTER) == ["nadia.voss@bank.example", "eve@hr.evil.example"]


def test_one_question_names_every_outsider() -> None:
    other = Person("Omar Vale", "omar.vale@city.example")
    (question,) = questions(evil(VICTIM, other, ACCOMPLICE))
    assert "Nadia Voss and Omar Vale never wrote, and nobody who did is at bank.example or city.example" in question


def test_the_owners_word_releases_it() -> None:
    word = OwnerWord(OwnerVerb.CONFIRM, at(1, 12))
    assert held_for(evil(VICTIM), word) == []
    assert questions(evil(VICTIM), word) == []


@pytest.mark.parametrize(
    "news",
    [letter(at(2), sender=VICTIM, company="Evil Corp"), own(at(2), VICTIM)],
    ids=["they wrote", "the owner wrote to them"],
)
def test_somebody_who_is_in_touch_with_the_owner_is_no_outsider(news: Facts) -> None:
    case = hear(None, evil(VICTIM), news)
    assert [one.held for one in for_purpose(Purpose.THANK_YOU, case, AFTER)] == [()]


def test_an_organizer_whom_a_stranger_names_is_an_outsider_too() -> None:
    organizer = Person("Nadia Voss", "nadia.voss@bank.example", Role.RECRUITER)
    said = invite(at(1), meeting(START, organizer), sender=MALLORY, recruiter=organizer, company="Evil Corp")
    assert held_for(said) == ["nadia.voss@bank.example"]
    check = for_purpose(Purpose.STATUS_CHECK, hear(None, said), at(14))
    assert [[doubt.kind for doubt in one.held] for one in check] == [["who"]]


GOOGLE = Person("Google Calendar", "calendar-notification@google.com", Role.SYSTEM)
OWNER_AT_GMAIL = Person("Joan Small", "joan.small.bakery@gmail.com", Role.RECRUITER)
USUAL = {
    "a hiring platform": invite(
        at(1), meeting(START, PRIYA, TOMAS), sender=SYSTEM, recruiter=None, automatic=True, takes_no_reply=True
    ),
    "a hiring platform, whose company's domain is another": invite(
        at(1), meeting(START, PRIYA, TOMAS), sender=SYSTEM, recruiter=None, automatic=True, company="Acme"
    ),
    "one company": invite(at(1), meeting(START, PRIYA, TOMAS)),
    "one company with subdomains": invite(
        at(1), meeting(START, Person("Priya Raman", "priya@eng.larkspur.example")), company="Quite Another"
    ),
    "a platform of the company's name": invite(
        at(1), meeting(START, PRIYA), sender=Person("Jobs", "jobs@hiring.example"), recruiter=None
    ),
    "a word of the company's name": invite(
        at(1), meeting(START, Person("Priya Raman", "priya@gethealth.example")), company="Larkspur Health GmbH"
    ),
    "a calendar service for the recruiter": invite(
        at(1), meeting(START, PRIYA), sender=GOOGLE, recruiter=MAYA, company=None, automatic=True
    ),
    "a small employer": invite(
        at(1),
        meeting(START, Person("Bob Small", "bob.small.bakery@gmail.com")),
        sender=OWNER_AT_GMAIL,
        recruiter=OWNER_AT_GMAIL,
        company=None,
    ),
    "a platform's own address for replies": invite(
        at(1), meeting(START, Person("Priya Raman", "priya.raman@reply.greenhouse.io")), company=None
    ),
}


@pytest.mark.parametrize("said", USUAL.values(), ids=USUAL)
def test_the_usual_invitation_holds_nothing(said: Facts) -> None:
    case = hear(None, said)
    assert thanks(case, AFTER)
    assert [one.held for one in drafts(case, AFTER) if one.held] == []


def test_a_calendar_service_vouches_for_nobody_but_the_organizer() -> None:
    said = invite(at(1), meeting(START, VICTIM), sender=GOOGLE, recruiter=MALLORY, company="Evil Corp", automatic=True)
    assert held_for(said) == ["nadia.voss@bank.example"]
