"""Template files to letter forms and letters: the shipped ones, overridden singly by the owner's own."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from followup_mail.adapters.letters.process import LimitedProcess, WorkerTroubleError
from followup_mail.core.case import Purpose
from followup_mail.core.compose import KNOWN, Letter, LetterForm, has_voice, placeholders
from followup_mail.errors import MessageError

_SIZE_CAP = 20_000
_OWN_MOST = 500
_NAME = re.compile(r"(?P<language>[a-z]{2,3})(?:-(?P<variant>[a-z0-9][a-z0-9-]{0,40}))?")
_METADATA = re.compile(r"\s*\{#-?(?P<words>[^#{}]{0,400})-?#\}[ \t]*\n?")


_SPACES = re.compile(r"[ \t\r\f\v]+")  # a non-breaking space is meant as it stands


@dataclass(frozen=True, slots=True)
class _Template:
    form: LetterForm
    source: str
    skipped: int  # lines of the metadata comment


class FileLetters:
    """ports.Letters over `<purpose>/<language>[-<variant>].j2` in the shipped and the owner's own directory.

    The directories are read on first need. Own templates are checked before they are used; a broken one is reported by
    `problems`, and the shipped one of that name stays.
    """

    def __init__(self, shipped: Path, own: Path | None = None, *, process: LimitedProcess | None = None) -> None:
        self._shipped = shipped
        self._own = own
        self._process = process or LimitedProcess()
        self._templates: dict[str, _Template] | None = None
        self._problems: list[str] = []

    def forms(self) -> tuple[LetterForm, ...]:
        """Every usable template, by name."""
        return tuple(template.form for _, template in sorted(self._loaded().items()))

    def problems(self) -> tuple[str, ...]:
        """What is wrong with templates that are not used: "file:line:column: reason" each."""
        self._loaded()
        return tuple(self._problems)

    def render(self, form: LetterForm, context: Mapping[str, object]) -> Letter:
        """The letter; raises MessageError naming template, line and column if it cannot be rendered whole."""
        template = self._loaded().get(form.name)
        if template is None:
            raise MessageError(f"there is no letter {form.name}")
        answer = self._asked(
            form.name, template.source, {"render": template.source, "name": form.name, "context": dict(context)}
        )
        if "error" in answer:
            raise MessageError(_trouble(form.name, template, answer))
        subject, _, text = str(answer["text"]).strip().partition("\n")
        letter = Letter(subject=_one_space(subject), text=_tidy(text), name=form.name)
        holes = placeholders(f"{letter.subject}\n{letter.text}")
        if holes or not letter.text or not letter.subject:
            raise MessageError(f"{form.name}:1:1: {'; '.join(holes) or 'it has no subject or no text'}")
        return letter

    def close(self) -> None:
        """End the rendering process; never raises."""
        self._process.close()

    def _asked(self, name: str, source: str, request: Mapping[str, object]) -> dict[str, object]:
        try:
            return self._process.ask(request)
        except WorkerTroubleError as error:
            return {"error": f"{error}", "line": 1, "name": name, "length": len(source)}

    def _loaded(self) -> dict[str, _Template]:
        if self._templates is None:
            found = {template.form.name: template for template in self._read(self._shipped)}
            if self._own is not None and self._own.is_dir():
                own = list(self._read(self._own))[:_OWN_MOST]
                found |= {template.form.name: template for template in own if self._sound(template)}
            self._templates = found
        return self._templates

    def _read(self, directory: Path) -> Iterator[_Template]:
        for path in sorted(directory.glob("*/*.j2")):
            name = f"{path.parent.name}/{path.stem}"
            try:
                yield _template_of(name, path)
            except (OSError, ValueError) as error:
                self._problems.append(f"{path}:1:1: {error}")

    def _sound(self, template: _Template) -> bool:
        request = {"check": template.source, "name": template.form.name, "known": sorted(KNOWN)}
        answer = self._asked(template.form.name, template.source, request)
        if "error" in answer:
            self._problems.append(_trouble(template.form.name, template, answer))
        return "error" not in answer


def _template_of(name: str, path: Path) -> _Template:
    """The template in a file; ValueError or OSError where it is none."""
    purpose, _, stem = name.partition("/")
    parts = _NAME.fullmatch(stem)
    if purpose not in set(Purpose) or parts is None:
        raise ValueError("its place is not <purpose>/<language>-<variant>.j2")
    if not has_voice(parts["language"]):
        raise ValueError(f"no letters can be written in the language {parts['language']!r} yet")
    if path.stat().st_size > _SIZE_CAP:
        raise ValueError(f"it is longer than {_SIZE_CAP} octets")
    source = path.read_text(encoding="utf-8")
    metadata = _METADATA.match(source)
    words = _metadata_of(metadata["words"]) if metadata else {}
    form = LetterForm(
        name=name,
        purpose=purpose,
        language=parts["language"],
        variant=parts["variant"] or "",
        needs=words.get("needs", frozenset()),
        suits=words.get("suits", frozenset()),
    )
    if form.needs - KNOWN:
        raise ValueError(f"it needs what no letter knows: {', '.join(sorted(form.needs - KNOWN))}")
    rest = source[metadata.end() :] if metadata else source
    return _Template(form=form, source=rest, skipped=source[: len(source) - len(rest)].count("\n"))


def _metadata_of(words: str) -> dict[str, frozenset[str]]:
    """The sets of a comment like `needs: position; suits: recruiter first`."""
    pairs = (part.partition(":") for part in words.split(";"))
    return {
        key.strip(): frozenset(re.split(r"[\s,]+", value.strip()) if value.strip() else ()) for key, _, value in pairs
    }


def _trouble(name: str, template: _Template, answer: Mapping[str, object]) -> str:
    line = answer["line"] if isinstance(answer["line"], int) else 1
    lines = template.source.split("\n")
    words = lines[line - 1] if 0 < line <= len(lines) else ""
    column = max(words.find(str(answer.get("token") or "{{")), 0) + 1
    if column == 1:
        column = max(words.find("{%"), 0) + 1
    return f"{name}.j2:{line + template.skipped}:{column}: {answer['error']}"


def _one_space(line: str) -> str:
    return _SPACES.sub(" ", line).strip()


def _tidy(text: str) -> str:
    """Paragraphs with one blank line between them, single spaces within."""
    lines = (_one_space(line) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
