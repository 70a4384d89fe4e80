"""Which letter suits whom."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from followup_mail.core.case import Case, Purpose
from followup_mail.core.compose import LetterForm, choose_letter, family_of, suitable_letters
from followup_mail.core.plan import PlaceDraft
from followup_mail.core.who import Person, Role
from tests.unit.compose_case import INGRID, MAYA, PRIYA, TOMAS, a_case, a_context, an_action, an_interview


def a_form(
    name: str, *suits: str, needs: Collection[str] = (), purpose: str = "thank_you", language: str = "en"
) -> LetterForm:
    return LetterForm(f"{purpose}/{name}", purpose, language, name, frozenset(needs), frozenset(suits))


FORMS = (
    a_form("a", "anyone"),
    a_form("b", "anyone"),
    a_form("engineer", "engineer"),
    a_form("manager", "manager"),
    a_form("met-again", "met_again"),
    a_form("relay", "relay"),
    a_form("relay-one", "relay", "one"),
    a_form("session", "session", needs=("session",)),
    a_form("de", "anyone", language="de"),
    a_form("check", "first", purpose="status_check"),
    a_form("check-again", "second", purpose="status_check"),
)


def chosen(action: PlaceDraft, case: Case | None = None, **used: Collection[str]) -> str | None:
    form = choose_letter(FORMS, action, a_context(action, case), **used)
    return form.variant if form else None


@pytest.mark.parametrize(
    ("role", "title", "position", "family"),
    [
        (Role.INTERVIEWER, None, None, None),
        (Role.INTERVIEWER, "Staff Engineer", None, "engineer"),
        (Role.INTERVIEWER, "Engineering Manager", None, "manager"),
        (Role.HIRING_MANAGER, None, None, "manager"),
        (Role.HIRING_MANAGER, "Staff Engineer", None, "manager"),
        (Role.HIRING_MANAGER, "CTO", None, "exec"),
        (Role.INTERVIEWER, "Product Manager", None, "product"),
        (Role.INTERVIEWER, "Head of People Operations", None, "recruiter"),
        (Role.INTERVIEWER, "Geschäftsführerin", None, "exec"),
        (Role.INTERVIEWER, "Teamleiterin Vertrieb", None, "manager"),
        (Role.INTERVIEWER, "Sales Engineer", None, None),
        (Role.RECRUITER, "Staff Engineer", None, "recruiter"),
        (Role.COORDINATOR, None, None, "recruiter"),
        (Role.INTERVIEWER, "Senior Data Analyst", "Data Analyst (m/f/d)", "peer"),
        (Role.INTERVIEWER, "Account Manager", "Project Manager", None),
        (Role.INTERVIEWER, "Data Analyst", None, None),
    ],
)
def test_what_somebody_does_is_taken_from_role_and_title(
    role: Role, title: str | None, position: str | None, family: str | None
) -> None:
    assert family == family_of(Person("A B", "a@l.example", role, title), position)


def test_an_engineer_gets_the_engineers_letter_and_nobody_else_does() -> None:
    assert "engineer" == chosen(an_action(TOMAS))
    assert "manager" == chosen(an_action(PRIYA))
    assert chosen(an_action(INGRID)) in {"a", "b"}


def test_the_seat_decides_among_equals() -> None:
    assert ["a", "b", "a"] == [chosen(an_action(INGRID, seat=seat)) for seat in range(3)]


def test_no_two_of_a_visit_get_the_same_letter() -> None:
    assert "b" == chosen(an_action(INGRID), siblings_used=["thank_you/a"])
    assert None is chosen(an_action(INGRID), siblings_used=["thank_you/a", "thank_you/b"])


def test_nobody_gets_the_same_letter_twice() -> None:
    assert chosen(an_action(TOMAS), used=["thank_you/engineer"]) in {"a", "b"}


def test_somebody_met_before_gets_the_letter_that_knows_it() -> None:
    assert "met-again" == chosen(an_action(INGRID, met_before=True))


def test_a_session_is_thanked_for_by_name() -> None:
    assert "session" == chosen(
        an_action(INGRID), a_case(interviews=(an_interview(people=(INGRID,), title="Systems design"),))
    )


def test_a_relay_note_is_a_relay_letter_and_a_note_of_ones_own_never_is() -> None:
    ben = Person("Ben Adeyemi")
    assert "relay-one" == chosen(an_action(MAYA, relay_for=(ben,)))
    assert "relay" == chosen(an_action(MAYA, relay_for=(ben, Person("Sofia Lindqvist"))))


def test_nobody_gets_the_same_thank_you_twice_even_if_no_other_is_left() -> None:
    assert None is chosen(an_action(INGRID), used=["thank_you/a", "thank_you/b"])


def test_another_process_with_the_same_person_is_not_left_without_a_letter() -> None:
    check = an_action(purpose=Purpose.STATUS_CHECK)
    assert "check" == chosen(check, used=["status_check/check"])
    note = an_action(MAYA, relay_for=(Person("Ben Adeyemi"),))
    assert "relay" == chosen(note, used=["thank_you/relay-one"])
    assert "relay-one" == chosen(note, used=["thank_you/relay", "thank_you/relay-one"])


def test_the_second_status_check_has_a_letter_of_its_own() -> None:
    assert "check" == chosen(an_action(purpose=Purpose.STATUS_CHECK))
    assert "check-again" == chosen(an_action(purpose=Purpose.STATUS_CHECK, ordinal=2))


def test_another_language_never_lends_its_letters() -> None:
    assert "de" == chosen(an_action(INGRID, language="de"))
    assert None is chosen(an_action(INGRID, language="fr"))


def test_a_letter_that_needs_the_unknown_is_not_chosen() -> None:
    needy = replace(FORMS[0], needs=frozenset({"position"}))
    action = an_action(INGRID)
    assert None is choose_letter([needy], action, a_context(action, a_case(position=None)))
    assert needy is choose_letter([needy], action, a_context(action))


def test_the_next_suitable_letters_follow_the_best_one() -> None:
    action = an_action(TOMAS, seat=1)
    forms = suitable_letters(FORMS, action, a_context(action), siblings_used=["thank_you/b"])
    assert ["engineer", "a"] == [form.variant for form in forms]
    action = an_action(INGRID, seat=1)
    assert ["b", "a"] == [form.variant for form in suitable_letters(FORMS, action, a_context(action))]


def test_a_relay_note_for_nobody_with_a_name_is_no_letter_about_one_person() -> None:
    assert "relay" == chosen(an_action(MAYA, relay_for=(Person("Recruiting Team"),)))
