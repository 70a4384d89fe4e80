"""How well, how fast, and beside what: mail read by followup-mail and by general libraries, in one run.

    python benchmarks/reading.py [--set FOLDER_OR_TAR] [--scorer SCRIPT] [--peers N]

Prints what is read right of a labelled set (our own corpus where none is named), what a message costs by stage, and
what general libraries make of the same inputs: N of them at most for each comparison, evenly spread. They are the
extra "bench"; kitinerary-extractor is Debian's libkpimitinerary-bin. One that is not installed is told, and left out.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import peers  # noqa: E402 - found only from the root of the project
from benchmarks.corpora import Labelled, lay_out, load_labelled  # noqa: E402 - likewise
from benchmarks.scoring import (  # noqa: E402 - likewise
    POSITIVE,
    interviews_of,
    is_same_moment,
    score,
    show_share,
    show_tally,
    write_labels,
)
from followup_mail.cli.read import read_paths  # noqa: E402 - likewise
from followup_mail.core.body import split_body  # noqa: E402 - likewise
from followup_mail.core.facts import establish_facts  # noqa: E402 - likewise
from followup_mail.core.facts.establish import is_candidate  # noqa: E402 - likewise
from followup_mail.core.message import MessageKey, Received, parse_header, parse_message  # noqa: E402 - likewise
from followup_mail.core.when import parse_moments, resolve  # noqa: E402 - likewise

PHRASES = ROOT / "tests" / "unit" / "phrases.jsonl"
KEY = MessageKey("INBOX", 1, 1)
TEXT = 3_000  # characters that everybody is given


def say(title: str = "", *values: object) -> None:
    print(f"{title:34}{'  '.join(map(str, values))}".rstrip(), flush=True)


def head(title: str) -> None:
    print(f"\n{title}\n{'-' * len(title)}")


# what is read right


def print_scores(place: Path, scorer: Path | None) -> None:
    """The table of the measures, by the script named or by our own count."""
    if scorer is not None:
        command = f"{sys.executable} -m followup_mail"
        subprocess.run([sys.executable, str(scorer), "--command", command, "--set", str(place)], check=True, cwd=ROOT)
        return
    pairs = []
    for box in lay_out(place):
        answers = read_paths([str(box.folder)], box.owners, box.zone)
        pairs += [(box.rows[str(a["path"])], a) for a in answers if str(a["path"]) in box.rows]
    say(f"{len(pairs)} messages")
    for line in show_tally(score(pairs)):
        print(line)


# what it costs


@dataclass
class Costs:
    """CPU seconds of each message by stage; a full reading only where the cheap pass asks for one."""

    header: list[float]
    parse: list[float]
    cheap: list[float]
    full: list[float]


def _timed(costs: list[float], work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work gives
    began = time.process_time()
    done = work()
    costs.append(time.process_time() - began)
    return done


def measure_costs(labelled: Sequence[Labelled], octets: Sequence[bytes]) -> Costs:
    """What each stage costs, when patterns are compiled: the first round is not counted."""
    costs = Costs([], [], [], [])
    for counted in (False, True):
        costs = Costs([], [], [], [])
        for one, read in zip(labelled, octets, strict=True):
            _timed(costs.header, lambda read=read: parse_header(read))
            message = _timed(costs.parse, lambda read=read: parse_message(Received(KEY, frozenset(), None, read)))
            if _timed(costs.cheap, lambda one=one, message=message: is_candidate(message, one.thread)):
                _timed(
                    costs.full,
                    lambda one=one, message=message: establish_facts(
                        message, thread=one.thread, me=one.owners, zone=one.zone, expected=True
                    ),
                )
        if not counted:
            first = sum(costs.full)
    say("first round, patterns compiled", f"{first:.2f} s for its full readings")
    return costs


def print_costs(labelled: Sequence[Labelled], octets: Sequence[bytes]) -> None:
    """Messages a second, CPU by stage, the worst full reading, the peak of memory."""
    costs = measure_costs(labelled, octets)
    whole = sum(map(sum, (costs.header, costs.parse, costs.cheap, costs.full)))
    say("messages a second of CPU", f"{len(octets) / whole:.0f}")
    for name, of in (("header", costs.header), ("parse", costs.parse), ("cheap pass", costs.cheap)):
        say(f"  {name}", _spread(of))
    say("  full reading", _spread(costs.full), f"of {len(costs.full)} messages in {len(octets)}")
    if costs.full:
        say("worst full reading", f"{max(costs.full) * 1e3:.1f} ms")
    say("peak memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def _spread(costs: list[float]) -> str:
    if not costs:
        return "-"
    return (
        f"{sum(costs) / len(costs) * 1e3:7.3f} ms each (median {median(costs) * 1e3:.3f}, worst {max(costs) * 1e3:.1f})"
    )


# moments, beside general parsers of dates


@dataclass(frozen=True)
class Spoken:
    """A text that states when, and the right starts."""

    text: str
    sent: datetime
    zone: str
    language: str
    starts: tuple[str, ...]  # each a right one


def load_phrases() -> list[Spoken]:
    """The phrases that state one moment or range."""
    rows = [json.loads(line) for line in PHRASES.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Spoken(row["text"], datetime.fromisoformat(row["ref"]), row["tz"], row.get("lang", "en"), _right(row))
        for row in rows
        if row["kind"] in {"point", "range"}
    ]


def _right(row: dict) -> tuple[str, ...]:
    return (row["start"], *row.get("alt", []))


def load_letters(labelled: Iterable[Labelled]) -> list[Spoken]:
    """The prose of messages that state an interview's time."""
    letters = []
    for one in labelled:
        starts = [text for interview in interviews_of(one.row) for text in _starts_of(interview)]
        sent = one.message.sent_at
        if one.row["kind"] in POSITIVE and starts and sent and not one.message.invitations:
            text = f"{one.message.subject}\n{one.message.body.fresh}"[:TEXT]
            letters.append(Spoken(text, sent, one.zone, one.row.get("lang") or "en", tuple(starts)))
    return letters


def _starts_of(interview: dict) -> list[str]:
    return [text for text in (interview.get("start"), *(interview.get("start_alt") or [])) if text and len(text) > 10]


def _ours(spoken: Spoken) -> list[datetime]:
    """Ours, as the program answers: a moment whose zone the text does not state has no offset."""
    found = parse_moments(spoken.text, reference=spoken.sent, zone=spoken.zone)
    timed = [moment for moment in found if isinstance(moment.start, datetime)]
    return [resolve(moment, spoken.zone)[0] if moment.zone else moment.start for moment in timed]


def _theirs(find: peers.FindsStarts, spoken: Spoken) -> list[datetime]:
    """What a peer finds; it is told the owner's wall time, as most of them take no zone."""
    return find(spoken.text, spoken.sent.astimezone(ZoneInfo(spoken.zone)).replace(tzinfo=None), spoken.language)


def print_moments(title: str, inputs: Sequence[Spoken]) -> None:
    """For each reader, in how many texts the right start is found, and how many of all that it says are right."""
    say(f"{title}: {len(inputs)} texts", "start found | said, right | ms each")
    readers: dict[str, Callable[[Spoken], list[datetime]] | None] = {"ours": _ours}
    for name, load in peers.DATES.items():
        find = load()
        readers[name] = None if find is None else lambda spoken, find=find: _theirs(find, spoken)
    for name, read in readers.items():
        if read is None:
            say(f"  {name}", "not installed, or its imports fail")
            continue
        hits, right, said = 0, 0, 0
        began = time.process_time()
        for spoken in inputs:
            found = [moment.isoformat() for moment in dict.fromkeys(read(spoken))]
            good = [text for text in found if any(is_same_moment(want, text) for want in spoken.starts)]
            hits, right, said = hits + bool(good), right + len(good), said + len(found)
        cost = (time.process_time() - began) / max(1, len(inputs)) * 1e3
        say(f"  {name}", show_share(hits, len(inputs)), "|", show_share(right, said), "|", f"{cost:.1f}")


# what is quoted


def _marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


QUOTES: dict[str, Callable[[str], str]] = {
    "Gmail": lambda text: f"On Mon, Mar 2, 2026 at 10:15 AM Tom Reed <tom@acme.example> wrote:\n\n{_marked(text)}",
    "Apple": lambda text: f"> On 2 Mar 2026, at 10:15, Tom Reed <tom@acme.example> wrote:\n> \n{_marked(text)}",
    "Gmail, German": lambda text: (
        f"Am Mo., 2. März 2026 um 10:15 Uhr schrieb Tom Reed <tom@acme.example>:\n\n{_marked(text)}"
    ),
    "Gmail, French": lambda text: (
        f"Le lun. 2 mars 2026 à 10:15, Tom Reed <tom@acme.example> a écrit :\n\n{_marked(text)}"
    ),
    "Gmail, Portuguese": lambda text: (
        f"Em seg., 2 de mar. de 2026 às 10:15, Tom Reed <tom@acme.example> escreveu:\n\n{_marked(text)}"
    ),
    "Gmail, wrapped": lambda text: (
        f"On Mon, Mar 2, 2026 at 10:15 AM Tom Reed from Acme Corporation\n<tom@acme.example> wrote:\n\n{_marked(text)}"
    ),
    "marked, nothing said": _marked,
    "Outlook, German": lambda text: (
        "Von: Tom Reed <tom@acme.example>\nGesendet: Montag, 2. März 2026 10:15\n"
        f"An: Ana Lima <ana.lima@mail.example>\nBetreff: Interview\n\n{text}"
    ),
    "Outlook": lambda text: (
        "From: Tom Reed <tom@acme.example>\nSent: Monday, March 2, 2026 10:15 AM\n"
        f"To: Ana Lima <ana.lima@mail.example>\nSubject: Interview\n\n{text}"
    ),
    "Outlook, marked": lambda text: (
        "-----Original Message-----\nFrom: Tom Reed <tom@acme.example>\nSent: Monday, March 2, 2026 10:15 AM\n"
        f"To: Ana Lima <ana.lima@mail.example>\nSubject: Interview\n\n{text}"
    ),
}


def _lines(text: str) -> set[str]:
    return {" ".join(line.strip(" >").split()) for line in text.splitlines()} - {""}


def _fresh_of(text: str) -> str:
    body = split_body(text, subject="Re: Interview")
    return f"{body.fresh}\n{body.signature}"


def print_quoting(texts: Sequence[str]) -> None:
    """Each text over the next one as each mail client quotes it: right is all of the one and nothing of the other."""
    pairs = [(fresh, quoted) for fresh, quoted in zip(texts, [*texts[1:], *texts[:1]], strict=True) if fresh != quoted]
    theirs = peers.load_reply_parser()
    if theirs is None:
        say("mail-parser-reply", "not installed")
    say(f"{len(pairs)} replies each", "ours", "|" if theirs else "", "mail-parser-reply" if theirs else "")
    for name, quote in QUOTES.items():
        readers = [_fresh_of, theirs] if theirs else [_fresh_of]
        hits = [sum(_is_parted(read, quote, fresh, quoted) for fresh, quoted in pairs) for read in readers]
        say(f"  {name}", " | ".join(show_share(right, len(pairs)) for right in hits))


def _is_parted(read: Callable[[str], str], quote: Callable[[str], str], fresh: str, quoted: str) -> bool:
    own, other = _lines(fresh), _lines(quoted)
    found = _lines(read(f"{fresh}\n\n{quote(quoted)}\n"))
    return own <= found and not found & (other - own)


# events


def print_events(labelled: Sequence[Labelled], octets: Sequence[bytes]) -> None:
    """Of messages with a calendar, and of the same events as schema.org markup, whose start is found."""
    extractor = peers.find_extractor()
    if extractor is None:
        say("kitinerary-extractor", "not installed")
    told = [(one, read) for one, read in zip(labelled, octets, strict=True) if one.message.invitations]
    stated = [(one, read, [s for i in interviews_of(one.row) for s in _starts_of(i)]) for one, read in told]
    calendars = [(read, starts) for _, read, starts in stated if starts]
    inputs = {
        "calendar parts": calendars,
        "JSON-LD": [(_page(JSON_LD, starts[0]), starts) for _, starts in calendars],
        "microdata": [(_page(MICRODATA, starts[0]), starts) for _, starts in calendars],
    }
    say(
        f"{len(calendars)} messages each", "ours", "|" if extractor else "", "kitinerary-extractor" if extractor else ""
    )
    for name, pairs in inputs.items():
        shares = [_share_of_events(_invited, pairs)]
        if extractor:
            shares.append(_share_of_events(lambda read: peers.extract_starts(extractor, read), pairs))
        say(f"  {name}", " | ".join(shares))


def _share_of_events(find: Callable[[bytes], list[datetime]], pairs: Iterable[tuple[bytes, list[str]]]) -> str:
    hits = [
        any(is_same_moment(want, moment.isoformat()) for want in starts for moment in find(read))
        for read, starts in pairs
    ]
    return show_share(sum(hits), len(hits))


def _invited(octets: bytes) -> list[datetime]:
    message = parse_message(Received(KEY, frozenset(), None, octets))
    return [_aware(one.start, one.zone) for one in message.invitations if isinstance(one.start, datetime)]


def _aware(wall: datetime, zone: str | None) -> datetime:
    from followup_mail.core.itip import find_zone  # noqa: PLC0415 - beside its only use

    return wall if zone is None else wall.replace(tzinfo=find_zone(zone))


JSON_LD = """<script type="application/ld+json">{"@context": "http://schema.org", "@type": "Event", "name": "Interview",
"startDate": "START", "location": {"@type": "Place", "name": "Acme", "address": "Main Street 1"}}</script>"""
MICRODATA = """<div itemscope itemtype="http://schema.org/Event"><span itemprop="name">Interview</span>
<meta itemprop="startDate" content="START"><div itemprop="location" itemscope itemtype="http://schema.org/Place">
<meta itemprop="name" content="Acme"><meta itemprop="address" content="Main Street 1"></div></div>"""


def _page(markup: str, start: str) -> bytes:
    header = "From: tom@acme.example\nTo: ana.lima@mail.example\nSubject: Interview\n"
    page = f"<html><body>{markup.replace('START', start)}<p>See you.</p></body></html>"
    return f"{header}Date: Mon, 02 Mar 2026 10:15:00 +0100\nContent-Type: text/html; charset=utf-8\n\n{page}\n".encode()


# all of it


def spread(inputs: Sequence, most: int) -> list:
    """At most so many, evenly spread."""
    step = max(1, -(-len(inputs) // most))
    return list(inputs[::step])


def load_set(place: Path) -> Iterator[tuple[Labelled, bytes]]:
    """The labelled messages, and the octets of each."""
    for one in load_labelled(place):
        yield replace(one, source=place.name), Path(one.path).read_bytes()


def print_all(place: Path, scorer: Path | None, most: int) -> None:
    """Every table, one after another."""
    head("Read right")
    print_scores(place, scorer)
    head("Costs")
    labelled, octets = map(list, zip(*load_set(place), strict=True))
    print_costs(labelled, octets)
    peers.hush()
    head("Starts in prose")
    print_moments("phrases", spread(load_phrases(), most))
    print_moments("letters", spread(load_letters(labelled), most))
    head("Quotations")
    texts = [one.message.body.fresh for one in labelled if one.message.body.fresh and not one.message.body.quoted]
    print_quoting(spread(list(dict.fromkeys(texts)), most))
    head("Events")
    invited = [pair for pair in zip(labelled, octets, strict=True) if pair[0].message.invitations]
    print_events(*map(list, zip(*spread(invited, most), strict=True)) if invited else ([], []))


def main() -> int:
    """Read the set that is named, or our own corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", type=Path, help="a folder or .tar.xz with labels.jsonl")
    parser.add_argument("--scorer", type=Path, help="a script that scores `followup-mail read` against labels.jsonl")
    parser.add_argument("--peers", type=int, default=200, metavar="N", help="inputs of each comparison (200)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = options.set
        if place is None:
            place = Path(folder)
            write_labels(ROOT / "tests" / "corpus", place)
        print_all(place, options.scorer, options.peers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
