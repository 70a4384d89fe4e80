"""A TOML file to Config, or every problem of it at once."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from followup_mail.config.lines import find_lines, line_of
from followup_mail.config.models import PASSWORD_EXAMPLE, PASSWORD_KEYS, Config
from followup_mail.config.values import nearest
from followup_mail.errors import ConfigError

_SYNTAX = re.compile(r"(?P<what>.*?)(?: \(at (?:line (?P<line>\d+), column \d+|end of document)\))?", re.DOTALL)
_LITERAL_PASSWORDS = frozenset({"password", "passwd", "pass", "secret"})
_SENTENCES = {
    "missing": "is missing",
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "tuple_type": 'must be a list such as ["…"]',
    "too_short": "must not be empty",
    "string_pattern_mismatch": 'must be a short word of letters, digits, ".", "_" and "-"',
    "model_type": "must be a table of its own",
    "model_attributes_type": "must be a table of its own",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: its path ("accounts[0].imap.port"), line from 1, and what is wrong with how to mend it."""

    path: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.path} {self.words}" if self.path else f"line {self.line}: {self.words}"


def load_config(path: Path) -> Config:
    """The configuration in this file; ConfigError with every problem, its line and its mend."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            f"There is no configuration at {path}; make one with: "
            f"mkdir -p {path.parent} && followup-mail config example > {path}"
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(f"The configuration {path} is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise ConfigError(f"The configuration {path} cannot be read: {error.strerror}") from None
    found = parse_config(text, directory=path.absolute().parent)
    if isinstance(found, Config):
        return found
    heading = "1 problem" if len(found) == 1 else f"{len(found)} problems"
    raise ConfigError("\n  ".join([f"The configuration {path} has {heading}:", *map(str, found)]))


def parse_config(text: str, *, directory: Path) -> Config | tuple[Problem, ...]:
    """The configuration, or every problem by line; relative paths begin at `directory`."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _SYNTAX.fullmatch(str(error))
        line = int(match["line"]) if match and match["line"] else text.count("\n") + 1
        what = match["what"] if match else str(error)
        return (Problem("", line, f"this is not TOML: {what[:1].lower()}{what[1:]}"),)
    try:
        return Config.model_validate(values, context={"directory": directory})
    except ValidationError as error:
        lines = find_lines(text)
        # pydantic counts only the sound elements of a list: one with an unsound one is not "too short" for us
        wrong = [one for one in error.errors() if one["type"] != "too_short" or not one["input"]]
        return tuple(sorted((_problem_of(one, lines) for one in wrong), key=lambda problem: problem.line))


def _problem_of(error: ErrorDetails, lines: Mapping[tuple[str | int, ...], int]) -> Problem:
    where = error["loc"]
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where).removeprefix(".")
    return Problem(path, line_of(lines, where), _words_of(error))


def _words_of(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(error["loc"])
    if kind == "value_error":
        return str(context["error"])
    if kind in ("literal_error", "enum"):
        return f"must be one of {context['expected']}{_meant(error, str(context['expected']))}"
    if "ge" in context or "le" in context:
        return _bounds(context)
    return _SENTENCES.get(kind, error["msg"][:1].lower() + error["msg"][1:])


def _bounds(context: Mapping[str, Any]) -> str:
    bound = next(iter(context.values()))
    return f"must be {'at least' if 'ge' in context else 'at most'} {bound}"


def _meant(error: ErrorDetails, expected: str) -> str:
    return nearest(error["input"], re.findall(r"'([^']+)'", expected)) if isinstance(error["input"], str) else ""


def _unknown(where: tuple[str | int, ...]) -> str:
    key = str(where[-1])
    known = _keys_at(where[:-1])
    if key.lower() in _LITERAL_PASSWORDS and PASSWORD_KEYS[0] in known:
        return (
            "must not stand in this file; say where the password is kept instead, with one of "
            f"{', '.join(PASSWORD_KEYS)}, for instance {PASSWORD_EXAMPLE}"
        )
    return f"is not known here{nearest(key, known) or '; known are ' + ', '.join(known)}"


def _keys_at(where: tuple[str | int, ...]) -> tuple[str, ...]:
    model: type[BaseModel] = Config
    for part in where:
        if isinstance(part, str):
            model = _model_in(model.model_fields[part].annotation)
    return tuple(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel]:  # noqa: ANN401 - what a field is annotated with
    while isinstance(annotation, UnionType) or get_args(annotation):
        annotation = get_args(annotation)[0]
    found: type[BaseModel] = annotation
    return found
