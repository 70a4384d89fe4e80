"""Our own phrases, each read as its author meant it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from followup_mail.core.when import Moment, parse_moments, resolve

ROWS = [json.loads(line) for line in (Path(__file__).parent / "phrases.jsonl").read_text(encoding="utf-8").splitlines()]


def read(row: dict[str, Any]) -> tuple[Moment, ...]:
    reference = datetime.fromisoformat(row["ref"])
    order = row["order"] == "DMY" if "order" in row else None
    return parse_moments(row["text"], reference=reference, zone=row["tz"], day_first=order)


def instant(words: str | None) -> datetime | None:
    return datetime.fromisoformat(words) if words else None


@pytest.mark.parametrize("row", [row for row in ROWS if row["kind"] in ("point", "range")], ids=lambda row: row["text"])
def test_a_stated_time_is_read_with_its_end_and_zone(row: dict[str, Any]) -> None:
    timed = [m for m in read(row) if isinstance(m.start, datetime) and not m.superseded]
    assert [(instant(row["start"]), instant(row["end"]))] == [resolve(m, row["tz"]) for m in timed]


@pytest.mark.parametrize("row", [row for row in ROWS if "slots" in row], ids=lambda row: row["text"])
def test_each_of_several_times_is_read(row: dict[str, Any]) -> None:
    timed = [m for m in read(row) if isinstance(m.start, datetime)]
    assert [(instant(a), instant(b)) for a, b in row["slots"]] == [resolve(m, row["tz"]) for m in timed]
    expected = row.get("superseded", [True, False]) if row["kind"] == "resched" else [False] * len(timed)
    assert expected == [m.superseded for m in timed]


@pytest.mark.parametrize("row", [row for row in ROWS if row["kind"] == "date"], ids=lambda row: row["text"])
def test_a_date_alone_is_a_date(row: dict[str, Any]) -> None:
    assert [row["start"]] == [m.start.isoformat() for m in read(row)]


@pytest.mark.parametrize("row", [row for row in ROWS if row["kind"] == "none"], ids=lambda row: row["text"])
def test_figures_that_are_no_times_are_not_read(row: dict[str, Any]) -> None:
    assert () == read(row)
