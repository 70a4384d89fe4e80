"""What general libraries make of the same inputs; one that is not installed is None."""

import json
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

# text, when it was sent (wall time of its zone), language: the moments found
FindsStarts = Callable[[str, datetime, str], list[datetime]]

_EXTRACTORS = ("/usr/lib/*/libexec/kf*/kitinerary-extractor", "/usr/libexec/kf*/kitinerary-extractor")
_SECONDS = 20  # for one message


def _is_there(*modules: str) -> bool:
    return all(find_spec(module) is not None for module in modules)


def load_dateparser() -> FindsStarts | None:
    """dateparser's search_dates, told the language and to prefer what lies ahead."""
    if not _is_there("dateparser"):
        return None
    search = import_module("dateparser.search").search_dates

    def find(text: str, sent: datetime, language: str) -> list[datetime]:
        settings = {"RELATIVE_BASE": sent, "PREFER_DATES_FROM": "future"}
        return [moment for _, moment in search(text, languages=[language], settings=settings) or []]

    return find


def load_dateutil() -> FindsStarts | None:
    """dateutil's fuzzy parse of each line; it knows English only, and one moment a text."""
    if not _is_there("dateutil"):
        return None
    parser = import_module("dateutil.parser")

    def find(text: str, sent: datetime, _: str) -> list[datetime]:
        found = []
        for line in text.splitlines():
            try:
                found.append(parser.parse(line, fuzzy=True, default=sent.replace(tzinfo=None)))
            except (ValueError, OverflowError, TypeError):
                continue
        return found

    return find


def load_recognizers() -> FindsStarts | None:
    """Microsoft's recognizers-text: the moments and the starts of ranges; None also where its imports fail."""
    try:
        module = import_module("recognizers_date_time")
    except ImportError:
        return None
    cultures = {"es": "es-es", "fr": "fr-fr", "pt": "pt-br", "it": "it-it", "nl": "nl-nl"}

    def find(text: str, sent: datetime, language: str) -> list[datetime]:
        culture = cultures.get(language, "en-us")
        try:
            results = module.recognize_datetime(text, culture, reference=sent.replace(tzinfo=None))
        except Exception:  # noqa: BLE001 - it raises whatever its grammars run into
            return []
        values = [value for one in results for value in (one.resolution or {}).get("values", ())]
        return [moment for value in values if (moment := _moment_of(value)) is not None]

    return find


def _moment_of(value: dict[str, str]) -> datetime | None:
    if value.get("type") not in {"datetime", "datetimerange"}:
        return None
    try:
        return datetime.fromisoformat(value.get("value") or value.get("start") or "")
    except ValueError:
        return None


DATES: dict[str, Callable[[], FindsStarts | None]] = {
    "dateparser search_dates": load_dateparser,
    "dateutil fuzzy": load_dateutil,
    "recognizers-text": load_recognizers,
}


def load_reply_parser() -> Callable[[str], str] | None:
    """mail-parser-reply: the newest reply of a text, with its signature."""
    if not _is_there("mailparser_reply"):
        return None
    languages = ["en", "de", "fr", "es", "nl", "it"]
    parser = import_module("mailparser_reply").EmailReplyParser(languages=languages)

    def find(text: str) -> str:
        replies = parser.read(text).replies
        return replies[0].content if replies else ""

    return find


def find_extractor() -> str | None:
    """Where KDE's kitinerary-extractor is."""
    places = (str(place) for pattern in _EXTRACTORS for place in sorted(Path("/").glob(pattern.lstrip("/"))))
    return shutil.which("kitinerary-extractor") or next(places, None)


def extract_starts(extractor: str, octets: bytes) -> list[datetime]:
    """The starts of the events that kitinerary-extractor finds in a message; none where it takes too long."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "message.eml")
        place.write_bytes(octets)
        try:
            done = subprocess.run(
                [extractor, str(place)], capture_output=True, timeout=_SECONDS, check=False, env=_quiet(folder)
            )
            found = json.loads(done.stdout or b"[]")
        except (subprocess.TimeoutExpired, ValueError):
            return []
    return [moment for text in _start_dates(found) if (moment := _read(text)) is not None]


def _quiet(folder: str) -> dict[str, str]:
    return {"QT_QPA_PLATFORM": "offscreen", "HOME": folder, "LC_ALL": "C.UTF-8"}


def _start_dates(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _start_dates(one)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name == "startDate":
                yield str(inner.get("@value", "") if isinstance(inner, dict) else inner)
            else:
                yield from _start_dates(inner)


def _read(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def hush() -> None:
    """Keep the libraries' own warnings out of the tables."""
    warnings.filterwarnings("ignore")
