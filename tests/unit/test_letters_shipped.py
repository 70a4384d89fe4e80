"""Every letter that comes with the program, in every situation in which it could be chosen."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest

from followup_mail.adapters.letters import FileLetters, shipped_letters
from followup_mail.adapters.letters.__main__ import main
from followup_mail.adapters.letters.preview import IDENTITY, samples
from followup_mail.core.compose import LetterForm, choose_letter, compose, likeness, lint, new_message_id
from followup_mail.core.compose.lint import MOST_LIKE
from followup_mail.core.who import Person
from tests.unit.compose_case import NOW, OWNER, PANEL, a_case, a_context, an_action, an_interview

LANGUAGES = ("en", "de", "fr", "es", "pt", "nl", "it")
FORMS = FileLetters(shipped_letters()).forms()
STRANGERS = tuple(
    Person(f"{name} Example", f"{name.lower()}@l.example")
    for name in ("Ada", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Ida")
)


@pytest.fixture(scope="module")
def letters() -> Iterator[FileLetters]:
    shipped = FileLetters(shipped_letters())
    yield shipped
    shipped.close()


def test_no_shipped_letter_is_broken(letters: FileLetters) -> None:
    assert () == letters.problems()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_letters_for_what_is_due_by_itself(language: str) -> None:
    count = {
        (purpose, tag): sum(1 for f in FORMS if (f.purpose, f.language) == (purpose, language) and tag in f.suits)
        for purpose, tag in (
            ("thank_you", "anyone"),
            ("thank_you", "relay"),
            ("status_check", "first"),
            ("status_check", "second"),
            ("rejection_reply", "anyone"),
            ("rejection_reply", "phone"),
        )
    }
    assert [8, 2, 2, 2, 1, 1] == [min(n, m) for n, m in zip(count.values(), (8, 2, 2, 2, 1, 1), strict=True)]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_letter_is_whole_with_everything_known_and_with_hardly_anything(
    letters: FileLetters, form: LetterForm
) -> None:
    for label, action, case, context in samples(form):
        letter = letters.render(form, context)
        found = lint(letter.text, language=form.language, purpose=form.purpose, relayed=len(action.relay_for))
        assert (label, ()) == (label, found)
        draft = compose(
            action,
            case,
            identity=IDENTITY,
            letter=letter,
            message_id=new_message_id(b"0" * 16, "home.example"),
            now=NOW,
        )
        assert letter.text == draft.text


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_letter_greets_and_closes_with_names_and_subject_on_one_line(letters: FileLetters, form: LetterForm) -> None:
    _, _, _, context = next(samples(form))
    letter = letters.render(form, context)
    assert letter.text.split("\n")[0] in {context["dear"], context["hi"]}
    assert "Ana Lima" == letter.text.split("\n")[-1]
    assert 4 <= len(letter.subject) <= 70


def a_panel(
    letters: FileLetters, people: tuple[Person, ...], language: str, *, met_before: bool = False, known: bool = True
) -> list[str]:
    """The letters of a panel, in its order."""
    interview = an_interview(people=people, end_stated=known)
    case = a_case(interviews=(interview,)) if known else a_case(interviews=(interview,), company=None, position=None)
    used: list[str] = []
    texts: list[str] = []
    for seat, person in enumerate(people):
        action = an_action(person, seat=seat, language=language, met_before=met_before)
        context = a_context(action, case)
        form = choose_letter(letters.forms(), action, context, siblings_used=used)
        assert form is not None
        used.append(form.name)
        texts.append(letters.render(form, context).text)
    return texts


@pytest.mark.parametrize("size", range(1, 9))
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_of_a_panel_of_any_size_get_letters_alike(letters: FileLetters, language: str, size: int) -> None:
    texts = a_panel(letters, STRANGERS[:size], language)
    assert size == len(texts)
    assert likest(texts) <= MOST_LIKE


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("met_before", [True, False])
@pytest.mark.parametrize("people", [PANEL, STRANGERS], ids=["roles", "strangers"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_of_eight_get_letters_alike_whatever_is_known(
    letters: FileLetters, language: str, people: tuple[Person, ...], met_before: bool, known: bool
) -> None:
    assert likest(a_panel(letters, people, language, met_before=met_before, known=known)) <= MOST_LIKE


def likest(texts: list[str]) -> float:
    return max((likeness(a, b) for a, b in combinations(texts, 2)), default=0.0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_met_three_times_gets_a_letter_like_an_earlier_one(letters: FileLetters, language: str) -> None:
    used: list[str] = []
    texts: list[str] = []
    for time in range(3):
        action = an_action(language=language, met_before=time > 0)
        context = a_context(action)
        form = choose_letter(letters.forms(), action, context, used=used)
        assert form is not None
        used.append(form.name)
        texts.append(letters.render(form, context).text)
    assert 3 == len(set(used))
    assert likest(texts) <= MOST_LIKE


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_relay_note_to_many_stays_readable(letters: FileLetters, language: str) -> None:
    people = tuple(replace(person, addr_spec=None) for person in STRANGERS)
    rounds = tuple(
        an_interview(id=f"r{n}", people=(p,), title=f"Design topic {'abcdefgh'[n]}") for n, p in enumerate(people)
    )
    action = an_action(PANEL[3], language=language, relay_for=people, interviews=tuple(r.id for r in rounds))
    context = a_context(action, a_case(interviews=rounds))
    form = choose_letter(letters.forms(), action, context)
    assert form is not None
    text = letters.render(form, context).text
    assert all(person.display_name in text for person in people)
    assert () == lint(text, language=language, relayed=len(people))


def test_the_preview_prints_every_letter_of_a_language(capsys: pytest.CaptureFixture[str]) -> None:
    main("en")
    printed = capsys.readouterr().out
    assert all(f"=== {form.name} " in printed for form in FORMS if form.language == "en")
    assert "!!" not in printed


def test_a_letter_names_nobody_but_the_owner_as_its_writer(letters: FileLetters) -> None:
    form = next(form for form in FORMS if form.name == "thank_you/en-plain")
    action = an_action()
    text = letters.render(form, a_context(action)).text
    assert text.endswith(f"\n{OWNER.name}")
