"""Frozen values of the core to JSON and back; what is read once is remembered, since it cannot change."""

from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from followup_mail.core.case import Case
from followup_mail.core.facts import Facts
from followup_mail.core.plan import PlaceDraft
from followup_mail.errors import LedgerError, MessageError

_ADAPTERS: dict[type[object], TypeAdapter[Any]] = {}  # made when first needed: they cost milliseconds


def _adapter(kind: type[object]) -> TypeAdapter[Any]:
    return _ADAPTERS.setdefault(kind, _ADAPTERS.get(kind) or TypeAdapter(kind))


def snapshot_text(value: Case | Facts | PlaceDraft) -> str:
    """The value as JSON; MessageError if it holds what cannot be written as UTF-8."""
    try:
        return str(_adapter(type(value)).dump_json(value), "utf-8")
    except ValueError as error:  # a lone surrogate, from a message that lies about its character set
        raise MessageError("What was read of a message cannot be written down as text") from error


def _load(kind: type[Any], text: str) -> Any:  # noqa: ANN401 - each caller names the type
    try:
        return _adapter(kind).validate_json(text)
    except ValidationError as error:
        raise LedgerError(
            f"The ledger holds a {kind.__name__} that cannot be understood; restore a backup of it"
        ) from error


@lru_cache(maxsize=1024)
def load_case(text: str) -> Case:
    """The case of a snapshot."""
    found: Case = _load(Case, text)
    return found


@lru_cache(maxsize=256)
def load_facts(text: str) -> Facts:
    """The facts of a snapshot."""
    found: Facts = _load(Facts, text)
    return found


@lru_cache(maxsize=1024)
def load_plan(text: str) -> PlaceDraft:
    """The plan of a draft, as it was when last planned."""
    found: PlaceDraft = _load(PlaceDraft, text)
    return found


def plain(text: str) -> str:
    """The text as UTF-8 can hold it, with replacement characters for lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")
