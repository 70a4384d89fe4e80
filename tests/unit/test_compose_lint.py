"""What a careful person sees in a letter."""

import pytest

from followup_mail.core.compose import lint, placeholders
from followup_mail.errors import MessageError

GOOD = (
    "Dear Priya,\n\nThank you for talking with me on Thursday. An interview takes time out of your own day as well, "
    "and I appreciate that you made room for it.\n\nIf a question is still open on your side, I can answer it in "
    "writing or on a short call.\n\nKind regards,\nAna Lima"
)


def test_a_good_letter_passes() -> None:
    assert () == lint(GOOD, language="en")


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("I was thrilled.", "thrilled"),
        ("It RESONATED with me.", "RESONATED"),
        ("Your salary range suits me.", "salary"),
        ("I have not heard back.", "have not heard"),
        ("We spoke yesterday.", "yesterday"),
        ("We spoke two weeks ago.", "two weeks ago"),
        ("Thank you!", "exclamation"),
        ("Dear [Name],", "bracket"),
        ("From None.", "unknown value"),
        ("Your name here.", "blank"),
        ("So , well.", "before a comma"),
        ("So.. well.", "punctuation"),
        ("So  well.", "two spaces"),
        ("word " * 120, "too many"),
    ],
)
def test_what_nobody_should_send_is_found(more: str, found: str) -> None:
    assert any(found in words for words in lint(f"{GOOD}\n{more}", language="en"))


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "gestern"), ("fr", "aujourd’hui"), ("es", "ayer"), ("pt", "ontem"), ("nl", "gisteren"), ("it", "ieri")],
)
def test_relative_time_is_found_in_every_language(language: str, words: str) -> None:
    assert any("day of sending" in found for found in lint(f"{GOOD}\n{words}.", language=language))


def test_a_word_within_a_word_is_no_finding() -> None:
    assert () == lint(f"{GOOD}\nTodayla passionatella.", language="en")


def test_too_short_a_letter_is_found() -> None:
    assert ("2 words are too few for a thank_you letter (40 at least)",) == lint("Thank you.", language="en")


def test_a_relay_note_may_be_longer_by_each_name() -> None:
    text = f"{GOOD}\n{'word ' * 120}"
    assert () == lint(text, language="en", relayed=6)


def test_a_letter_too_like_a_siblings_is_found() -> None:
    assert any(
        "too like" in words for words in lint(GOOD, language="en", siblings=["", GOOD.replace("Priya", "Tomás")])
    )
    assert () == lint(GOOD, language="en", siblings=["The committee met in March and decided nothing of note."])


def test_a_language_without_letters_is_refused() -> None:
    with pytest.raises(MessageError):
        lint(GOOD, language="xx")


@pytest.mark.parametrize("text", ["[x]", "{x}", "{{x}}", "<x>", "Dear ___,", "None", "????", "$name_x", "%s", "TBD"])
def test_blanks_are_placeholders(text: str) -> None:
    assert () != placeholders(f"Hello {text} there")


def test_ordinary_words_are_no_placeholders() -> None:
    assert () == placeholders("I know nothing about your company, none at all: R&D, 50% and C++ (really).")


def test_a_non_breaking_space_hides_nothing() -> None:
    assert any("have not heard" in words for words in lint(f"{GOOD}\nI have\u00a0not heard back.", language="en"))
