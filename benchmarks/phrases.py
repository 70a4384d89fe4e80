# ruff: noqa: E501, PLR0911 - a script that prints
"""How many phrases of a jsonl file are read right in start and end.

Each line: text, ref, tz, start, end, kind (point, range, date, multi, resched, none), order (MDY or DMY); optionally lang,
alt (other right starts), slots (all ranges). Run: python benchmarks/phrases.py [--phrases FILE] [--verbose]
"""

import argparse
import json
import sys
import time
from datetime import datetime
from pathlib import Path

from followup_mail.core.when import Moment, parse_moments, parse_promise, resolve

OWN = Path(__file__).parent.parent / "tests" / "unit" / "phrases.jsonl"


def instant(words: str | None) -> datetime | None:
    return datetime.fromisoformat(words) if words else None


def judge(row: dict, moments: tuple[Moment, ...], promise: object) -> bool:
    kind = row["kind"]
    timed = [m for m in moments if isinstance(m.start, datetime)]
    if kind == "none":
        return not moments
    if kind == "date":
        dates = [m.start.isoformat() for m in moments if not isinstance(m.start, datetime)]
        right = [row["start"], *row.get("alt", [])]
        return any(d in right for d in dates) or (promise is not None and promise[0].isoformat() in right)
    if kind in ("multi", "resched") and "slots" in row:
        got = [resolve(m, row["tz"]) for m in timed]
        want = [(instant(start), instant(end)) for start, end in row["slots"]]
        if kind == "resched" and [m.superseded for m in timed] != row.get("superseded", [True, False]):
            return False
        return got == want
    live = [m for m in timed if not m.superseded]
    if len(live) != 1:
        return False
    start, end = resolve(live[0], row["tz"])
    if start not in [instant(row["start"]), *map(instant, row.get("alt", []))]:
        return False
    if end is None or row["end"] is None:
        return end is None and row["end"] is None
    return end - start == instant(row["end"]) - instant(row["start"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phrases", type=Path, default=OWN)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--no-order", action="store_true", help="find the day-month order from the text and zone")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.phrases.read_text(encoding="utf-8").splitlines() if line.strip()]
    right, tally, misread = 0, {}, 0
    began = time.perf_counter()
    for row in rows:
        reference = datetime.fromisoformat(row["ref"])
        order = None if options.no_order or "order" not in row else row["order"] == "DMY"
        moments = parse_moments(row["text"], reference=reference, zone=row["tz"], day_first=order)
        promise = parse_promise(row["text"], reference=reference, zone=row["tz"])
        good = judge(row, moments, promise)
        right += good
        done, all_of = tally.get(row["kind"], (0, 0))
        tally[row["kind"]] = (done + good, all_of + 1)
        misread += row["kind"] == "none" and not good
        if not good and options.verbose:
            shown = [(str(m.start), str(m.end), m.zone, m.words, m.superseded) for m in moments]
            print(
                f"{row['text']!r}\n   want {row['start']} {row['end']} {row['kind']}\n   got  {shown} promise {promise}"
            )
    spent = time.perf_counter() - began
    print(
        f"{right} of {len(rows)} right ({right / len(rows):.3f}); none misread: {misread}; {spent / len(rows) * 1e3:.2f} ms each"
    )
    print(", ".join(f"{kind} {done}/{all_of}" for kind, (done, all_of) in sorted(tally.items())))
    return 0 if not misread else 1


if __name__ == "__main__":
    sys.exit(main())
