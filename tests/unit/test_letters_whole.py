"""Whatever is not known, a letter that is chosen can be rendered whole."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import meta

from followup_mail.adapters.letters import FileLetters, shipped_letters
from followup_mail.adapters.letters.preview import samples
from followup_mail.adapters.letters.worker import ENVIRONMENT
from followup_mail.core.case import Purpose
from followup_mail.core.compose import LetterForm, choose_letter, lint, suitable_letters
from followup_mail.core.who import Person, Role
from followup_mail.cycle.place import render_first
from followup_mail.errors import MessageError
from tests.unit.compose_case import NOW, START, a_case, a_context, an_action, an_interview

LANGUAGES = ("en", "de", "fr", "es", "pt", "nl", "it")
FORMS = FileLetters(shipped_letters()).forms()
ALWAYS_KNOWN = {"owner", "owner_first", "dear", "hi"}
TOGETHER: tuple[set[str], ...] = (
    {"position", "of_position"},
    {"day", "on_day", "of_day"},
    {"promised_by", "promised_by_day"},
    {"promised_on", "promised_of", "promised_you"},
)
FOUND = ("Ben Adeyemi", "", "Recruiting Team", "TBD", "None", "N/A", "null", "[Name]", "Last Name", "???", "Systems %s")
people = st.builds(
    Person,
    st.sampled_from(FOUND),
    st.sampled_from((None, "ben@larkspur.example")),
    st.sampled_from(Role),
    title=st.sampled_from((None, *FOUND, "Staff Engineer")),
    signs_as=st.sampled_from((None, *FOUND)),
    honorific=st.sampled_from((None, "Ms", "TBD")),
)


@pytest.fixture(scope="module")
def letters() -> Iterator[FileLetters]:
    shipped = FileLetters(shipped_letters())
    yield shipped
    shipped.close()


def optional_names(form: LetterForm) -> list[set[str]]:
    """The names a letter uses that can be unknown, those that are known together in one set."""
    source = (shipped_letters() / f"{form.name}.j2").read_text(encoding="utf-8")
    names = (meta.find_undeclared_variables(ENVIRONMENT.parse(source)) | form.needs) - ALWAYS_KNOWN
    single = [{name} for name in sorted(names - set().union(*TOGETHER))]
    return [*(group for group in TOGETHER if group & names), *single]


def without_length(found: tuple[str, ...]) -> list[str]:
    return [words for words in found if " words are too " not in words]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_letter_is_whole_or_not_chosen_whichever_values_are_missing(letters: FileLetters, form: LetterForm) -> None:
    _, action, _, known = next(samples(form))
    names = optional_names(form)
    for kept in product((True, False), repeat=len(names)):
        missing = set[str]().union(*(group for group, keep in zip(names, kept, strict=True) if not keep))
        context = known | dict.fromkeys(missing)
        if form.needs & missing:
            assert None is choose_letter([form], action, context)
        else:
            letter = letters.render(form, context)
            assert (missing, []) == (missing, without_length(lint(letter.text, language=form.language)))
            assert not re.search(r"\s{2}|^\s|\s$| [,.]", letter.subject)


@settings(max_examples=150, deadline=None)
@given(
    recipient=people,
    relay=st.lists(people, max_size=3),
    title=st.sampled_from((None, *FOUND, "Systems design")),
    company=st.sampled_from((None, *FOUND)),
    position=st.sampled_from((None, *FOUND)),
    agency=st.booleans(),
    language=st.sampled_from(LANGUAGES),
    purpose=st.sampled_from((Purpose.THANK_YOU, Purpose.STATUS_CHECK, Purpose.REJECTION_REPLY)),
)
def test_every_letter_that_suits_can_be_rendered_whatever_mail_called_people_and_things(  # noqa: PLR0917 - named by given
    letters: FileLetters,
    recipient: Person,
    relay: list[Person],
    title: str | None,
    company: str | None,
    position: str | None,
    agency: bool,
    language: str,
    purpose: Purpose,
) -> None:
    relay_for = tuple(relay) if purpose is Purpose.THANK_YOU else ()
    case = a_case(
        company=company,
        position=position,
        agency=agency,
        interviews=(an_interview(people=relay_for or (recipient,), title=title),),
    )
    action = an_action(recipient, purpose=purpose, relay_for=relay_for, language=language)
    context = a_context(action, case)
    forms = suitable_letters(letters.forms(), action, context)
    assert forms
    for form in forms:
        letter = letters.render(form, context)
        assert [] == without_length(lint(letter.text, language=language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("title", [None, "Systems design"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_relay_note_names_people_with_and_without_a_session(
    letters: FileLetters, language: str, title: str | None, count: int
) -> None:
    relay_for = tuple(Person(name) for name in ("Ben Adeyemi", "Sofia Lindqvist", "Iris Boom"))[:count]
    case = a_case(interviews=(an_interview(people=relay_for, title=title),))
    action = an_action(
        Person("Maya Okafor", "maya@larkspur.example", Role.RECRUITER), relay_for=relay_for, language=language
    )
    context = a_context(action, case)
    for form in suitable_letters(letters.forms(), action, context):
        text = letters.render(form, context).text
        assert all(person.display_name in text for person in relay_for)


REJECTIONS = [form for form in FORMS if form.purpose == "rejection_reply"]
TOLD = re.compile(
    r"letting me know|clear answer|bescheid gegeben|klare auskunft|comunicármelo|decírmelo|fait part|réponse claire"
    r"|avermi comunicato|risposta chiara|laten weten|duidelijke antwoord|ter-me comunicado|clareza da resposta",
    re.IGNORECASE,
)


@pytest.mark.parametrize("form", REJECTIONS, ids=lambda form: form.name)
def test_only_who_told_the_owner_is_thanked_for_telling(letters: FileLetters, form: LetterForm) -> None:
    _, _, _, context = next(samples(form))
    told = letters.render(form, context | {"told_you": True})
    other = letters.render(form, context | {"told_you": False, "in_thread": False})
    assert TOLD.search(told.text)
    assert not TOLD.search(other.text)
    assert told.subject != other.subject
    assert "Data Analyst" in other.text.split("\n\n")[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_subject_thanks_for_a_date(letters: FileLetters, language: str) -> None:
    for form in (f for f in FORMS if (f.purpose, f.language) == ("thank_you", language)):
        _, action, case, _ = next(samples(form))
        context = a_context(replace(action, language=language), case, now=action.due + timedelta(days=9))
        subject = letters.render(form, context).subject
        assert not re.search(r"(?:thanks?(?: you)?|dank) (?:for|voor) \d", subject, re.IGNORECASE)


@pytest.mark.parametrize(
    ("name", "within", "after"),
    [
        ("en-plain", "Thank you for Thursday", "Thank you for the interview on 4 June"),
        ("en-direct", "Thanks for Thursday", "Thanks for our meeting on 4 June"),
        ("nl-techniek", "Veel dank voor donderdag", "Veel dank voor uw tijd op 4 juni"),
        ("nl-werving", "Mijn dank voor donderdag", "Mijn dank voor het gesprek van 4 juni"),
    ],
)
def test_a_weekday_is_thanked_for_and_on_a_date_what_it_was(
    letters: FileLetters, name: str, within: str, after: str
) -> None:
    form = next(form for form in FORMS if form.name == f"thank_you/{name}")
    action = an_action(language=form.language)
    assert within == letters.render(form, a_context(action, now=NOW)).subject
    assert after == letters.render(form, a_context(action, now=START + timedelta(days=9))).subject


def test_french_letters_never_break_a_line_before_a_colon_or_question_mark() -> None:
    french = [path for path in shipped_letters().glob("*/fr*.j2") if re.match(r"fr[-.]", path.name)]
    assert french
    for path in french:
        body = path.read_text(encoding="utf-8").partition("#}")[2]
        assert not re.search(r"[^\u00a0{}%][:?!;»]|«[^\u00a0]", body), path.name


def test_a_letter_that_cannot_be_rendered_gives_way_to_the_next_that_suits(tmp_path: Path) -> None:
    own = tmp_path / "thank_you"
    own.mkdir()
    (own / "en-manager.j2").write_text(
        "{# suits: manager #}\nThanks\n\n{{ dear }}\n\nThe {{ position }} job.\n", encoding="utf-8"
    )
    letters = FileLetters(shipped_letters(), tmp_path)
    action = an_action()
    context = a_context(action, a_case(position=None))
    forms = suitable_letters(letters.forms(), action, context)
    assert "thank_you/en-manager" == forms[0].name
    assert forms[1].name == render_first(letters, forms, context).name
    with pytest.raises(MessageError, match="en-manager"):
        render_first(letters, forms[:1], context)
    letters.close()
