"""Letters from disk: own ones over shipped ones, and broken ones nowhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from followup_mail.adapters.letters import FileLetters, LimitedProcess, shipped_letters
from followup_mail.adapters.letters.process import WorkerTroubleError
from followup_mail.adapters.letters.worker import answer, serve
from followup_mail.errors import MessageError
from tests.unit.compose_case import a_context

WHOLE = "Thank you, {{ first }}\n\n{{ dear }}\n\nThank you{% if on_day %} {{ on_day }}{% endif %}.\n\n\n\n{{ owner }}\n"


@pytest.fixture
def process() -> Iterator[LimitedProcess]:
    limited = LimitedProcess(timeout=2)
    yield limited
    limited.close()


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    return written(tmp_path / "shipped", "thank_you/en-plain", "{# suits: anyone #}\n" + WHOLE)


def written(directory: Path, name: str, source: str) -> Path:
    path = directory / f"{name}.j2"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
    return directory


def own(tmp_path: Path, source: str, name: str = "thank_you/en-plain") -> Path:
    return written(tmp_path / "own", name, source)


def test_a_letters_first_line_is_its_subject(shipped: Path, process: LimitedProcess) -> None:
    letters = FileLetters(shipped, process=process)
    letter = letters.render(letters.forms()[0], a_context())
    assert "Thank you, Priya" == letter.subject
    assert "Dear Priya,\n\nThank you on Thursday.\n\nAna Lima" == letter.text
    assert "thank_you/en-plain" == letter.name


def test_the_leading_comment_says_what_a_letter_needs_and_suits(tmp_path: Path, process: LimitedProcess) -> None:
    directory = written(tmp_path, "thank_you/en-x", "{# needs: position, company; suits: engineer panel #}\n" + WHOLE)
    (form,) = FileLetters(directory, process=process).forms()
    assert ("thank_you", "en", "x") == (form.purpose, form.language, form.variant)
    assert (frozenset({"position", "company"}), frozenset({"engineer", "panel"})) == (form.needs, form.suits)


def test_an_own_letter_replaces_the_shipped_one_of_its_name(
    tmp_path: Path, shipped: Path, process: LimitedProcess
) -> None:
    letters = FileLetters(shipped, own(tmp_path, "Mine\n\nMy words, {{ owner }}."), process=process)
    assert "My words, Ana Lima." == letters.render(letters.forms()[0], a_context()).text
    assert () == letters.problems()


def test_a_missing_own_directory_is_no_problem(tmp_path: Path, shipped: Path, process: LimitedProcess) -> None:
    letters = FileLetters(shipped, tmp_path / "nowhere", process=process)
    assert (1, ()) == (len(letters.forms()), letters.problems())


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("Mine\n\n{{ nickname }}", "thank_you/en-plain.j2:3:4: no letter knows 'nickname'"),
        ("{# suits: anyone #}\nMine\n\nHi {{ nickname }}", "thank_you/en-plain.j2:4:7: no letter knows 'nickname'"),
        ("Mine\n\n{% if x %}", "thank_you/en-plain.j2:3:"),
        ("Mine\n\n{% include 'x' %}{{ 1 +* 2 }}", "thank_you/en-plain.j2:3:"),
        ("Mine\n\n" + "{{ " + "(" * 9000 + " }}", "thank_you/en-plain.j2:"),
        ("{# needs: shoe_size #}\nMine", "it needs what no letter knows: shoe_size"),
        ("x" * 30_000, "it is longer than"),
    ],
)
def test_a_broken_own_letter_is_reported_and_the_shipped_one_stays(
    tmp_path: Path, shipped: Path, process: LimitedProcess, source: str, problem: str
) -> None:
    letters = FileLetters(shipped, own(tmp_path, source), process=process)
    assert 1 == len(letters.problems())
    assert problem in letters.problems()[0]
    assert "Thank you, Priya" == letters.render(letters.forms()[0], a_context()).subject


@pytest.mark.parametrize("name", ["thanks/en", "thank_you/english", "thank_you/sv", "thank_you/EN"])
def test_a_letter_in_the_wrong_place_is_reported(
    tmp_path: Path, shipped: Path, process: LimitedProcess, name: str
) -> None:
    letters = FileLetters(shipped, own(tmp_path, WHOLE, name), process=process)
    assert (1, 1) == (len(letters.forms()), len(letters.problems()))


def test_an_unreadable_own_letter_is_reported(tmp_path: Path, shipped: Path, process: LimitedProcess) -> None:
    directory = own(tmp_path, "")
    (directory / "thank_you" / "en-plain.j2").write_bytes(b"\xff\xfe\xff")
    assert 1 == len(FileLetters(shipped, directory, process=process).problems())


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Mine\n\n{{ title.upper() }}", "en-plain.j2:3:"),
        ("Mine\n\n{{ 'a' * 10**9 }}", "more memory than a letter may"),
        ("Mine\n\n{{ first * (10 ** 9) * seat }}x{{ first * 1000000000 }}", "en-plain.j2:"),
        (
            "Mine\n\n{% for a in 'xxxxxxxxxx' * 99999 %}{% for b in 'xxxxxxxxxx' * 99999 %}{% endfor %}{% endfor %}",
            "en-plain.j2:",
        ),
        ("Mine\n\n{% for a in 'x' * 99999 %}xxxxxxxxxx{% endfor %}", "beyond"),
        ("Mine\n\n{{ first.__class__.__mro__ }}", "en-plain.j2:3:"),
        ("Mine\n\n{{ relay.append(1) }}", "not allowed"),
        ("Mine\n\n{{ seat / 0 }}", "ZeroDivisionError"),
        ("Mine\n\n{{ dear }} [Your Name]", "bracket"),
        ("Mine\n\n{{ position }}", "unknown value"),
        ("{{ owner_first[99:] }}\n\n", "no subject"),
        ("Mine", "no subject"),
    ],
)
def test_a_letter_that_cannot_be_rendered_whole_is_never_a_letter(
    tmp_path: Path, shipped: Path, process: LimitedProcess, source: str, words: str
) -> None:
    letters = FileLetters(shipped, own(tmp_path, source), process=process)
    with pytest.raises(MessageError, match=words.replace(".", r"\.")):
        letters.render(letters.forms()[0], a_context() | {"position": None, "title": None})
    whole = FileLetters(shipped, process=process)
    assert "Thank you, Priya" == whole.render(whole.forms()[0], a_context()).subject


def test_a_letter_that_is_not_there_is_refused(shipped: Path, tmp_path: Path, process: LimitedProcess) -> None:
    other = FileLetters(own(tmp_path, WHOLE, "thank_you/en-other"), process=process)
    with pytest.raises(MessageError, match="there is no letter"):
        FileLetters(shipped, process=process).render(other.forms()[0], a_context())


def test_a_template_in_a_name_is_only_a_name(shipped: Path, process: LimitedProcess) -> None:
    letters = FileLetters(shipped, process=process)
    with pytest.raises(MessageError, match="bracket"):
        letters.render(letters.forms()[0], a_context() | {"first": "{{ owner }}"})


def test_listing_shipped_letters_starts_no_process() -> None:
    process = LimitedProcess()
    assert FileLetters(shipped_letters(), process=process).forms()
    assert None is process._process


def test_a_process_that_ended_is_started_again(process: LimitedProcess) -> None:
    assert {"text": "a"} == process.ask({"render": "a", "context": {}})
    first = process._process
    assert first is not None
    first.kill()
    first.wait()
    with pytest.raises(WorkerTroubleError):
        process.ask({"render": "a", "context": {}})
    assert {"text": "b"} == process.ask({"render": "b", "context": {}})


def test_a_letter_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    process = LimitedProcess(timeout=0.5)
    endless = "{% for a in 'x' * 99999 %}{% for b in 'x' * 99999 %}{% endfor %}{% endfor %}"
    with pytest.raises(WorkerTroubleError, match=r"longer than 0\.5 seconds"):
        process.ask({"render": endless, "context": {}})
    assert None is process._process


def test_the_worker_answers_line_by_line() -> None:
    requests = iter([b'{"render": "{{ a }}", "context": {"a": 1}}\n', b'{"check": "{{ b }}", "known": []}\n', b""])
    answers: list[bytes] = []
    limits: list[str] = []
    serve(lambda: next(requests), answers.append, lambda: None, lambda: limits.append("a request"))
    assert b'{"text": "1"}\n' == answers[0]
    assert b"no letter knows 'b'" in answers[1]
    assert 2 == len(limits)


def test_the_worker_names_the_line_of_an_error_while_rendering() -> None:
    assert 3 == answer({"render": "a\n\n{{ b.c }}", "context": {"b": None}})["line"]
    assert 2 == answer({"render": "a\n{{ nothing }}", "context": {}})["line"]


@pytest.mark.parametrize(
    ("request_", "words", "line"),
    [
        ({"render": "a\n{% if x %}", "context": {}}, "Unexpected end of template", 2),
        ({"render": "a\n{{ b.append(1) }}", "context": {"b": [1]}}, "not allowed in a letter", 2),
        ({"render": "a\n{{ 1 / b }}", "context": {"b": 0}}, "ZeroDivisionError", 2),
        ({"render": "{{ " + "(" * 5000 + " }}", "context": {}}, "more memory", 1),
        ({"render": "{{ b * 50000 }}", "context": {"b": "x"}}, "grows beyond", 1),
        ({"check": "{{ owner }}", "known": ["owner"]}, None, None),
    ],
)
def test_the_worker_says_what_is_wrong_and_where(
    request_: dict[str, object], words: str | None, line: int | None
) -> None:
    found = answer(request_)
    assert line == found.get("line")
    assert (words or "") in str(found.get("error", ""))


def test_a_non_breaking_space_of_a_template_stays(tmp_path: Path, process: LimitedProcess) -> None:
    directory = written(tmp_path, "thank_you/fr", "Merci\n\nUne  question\u00a0: \t laquelle\u00a0?\n\n{{ owner }}\n")
    letters = FileLetters(directory, process=process)
    assert "Une question\u00a0: laquelle\u00a0?\n\nAna Lima" == letters.render(letters.forms()[0], a_context()).text
