"""Look for octets that our readers crash on, take too long over, or fill the memory with.

    python benchmarks/fuzz.py [TARGET ...] [--seconds N] [--finds FOLDER]

Targets: message, body, itip, when, reading (all where none is named). Coverage guides the search where atheris is
installed; without it, seeds are changed blindly. Seeds are our corpus and what tests/fuzz/seeds/TARGET keeps. Each
find is confirmed in a process of its own, without atheris, made small, and written to FOLDER/TARGET; the exit status
tells whether there was one.
"""

import argparse
import hashlib
import json
import os
import random
import resource
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import StringIO
from pathlib import Path

try:
    import atheris  # type: ignore[import-not-found,unused-ignore]  # of the extra "bench"
except ImportError:
    atheris = None

HERE = Path(__file__).resolve()
ROOT = HERE.parent.parent
SEEDS = ROOT / "tests" / "fuzz" / "seeds"
OCTETS = 100_000  # of one input
CPU_CAP = 0.2  # seconds for one input
MEMORY_CAP = 200 * 1024  # KiB by which one input may raise the peak
SUSPECT = 0.25  # seconds, instrumented, from which an input is measured again without instruments
_HANG = 20  # seconds after which a measurement is given up
_PATIENCE = 40  # seconds for making one find small
REFERENCE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

Target = Callable[[bytes], object]


def _targets() -> dict[str, Target]:
    # imported late, so that atheris sees these modules first
    from followup_mail.core.body import parse_html, split_body  # noqa: PLC0415
    from followup_mail.core.facts import establish_facts  # noqa: PLC0415
    from followup_mail.core.itip import parse_calendar, parse_markup  # noqa: PLC0415
    from followup_mail.core.message import Message, MessageKey, Received, parse_header, parse_message  # noqa: PLC0415
    from followup_mail.core.when import parse_moments, parse_promise, parse_return, resolve  # noqa: PLC0415

    def message(octets: bytes) -> Message:
        parse_header(octets)
        return parse_message(Received(MessageKey("INBOX", 1, 1), frozenset(), None, octets))

    def body(octets: bytes) -> None:
        text = _text(octets)
        split_body(text, subject="Re: Interview")
        split_body(parse_html(text), subject="Fwd: Interview")

    def itip(octets: bytes) -> None:
        parse_calendar(octets, method="REQUEST")
        parse_markup(_text(octets))

    def when(octets: bytes) -> None:
        text = _text(octets)
        for moment in parse_moments(text, reference=REFERENCE, zone="Europe/Berlin"):
            resolve(moment, "Europe/Berlin")
        parse_promise(text, reference=REFERENCE, zone="Europe/Berlin")
        parse_return(text, reference=REFERENCE, zone="Europe/Berlin")

    def reading(octets: bytes) -> None:
        read = message(octets)
        thread = (read,) if read.references else ()  # a reply is read together with what it answers
        me = ("ana.lima@mail.example",)
        establish_facts(read, thread=thread, me=me, zone="America/New_York", expected=True)

    return {"message": message, "body": body, "itip": itip, "when": when, "reading": reading}


@cache
def find_target(name: str) -> Target:
    """The function that a target's name stands for."""
    return _targets()[name]


NAMES = ("message", "body", "itip", "when", "reading")


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace")


def _leaves(octets: bytes, wanted: str) -> Iterator[bytes]:
    from followup_mail.core.message.parts import read_tree  # noqa: PLC0415 - so that atheris sees it first

    for part in read_tree(octets).parts:
        if part.content_type.startswith(wanted):
            yield part.text.encode("utf-8", "replace")


def load_seeds(name: str) -> list[bytes]:
    """What a target's search begins with: of our corpus what the target reads, and its kept seeds."""
    messages = [path.read_bytes() for path in sorted((ROOT / "tests" / "corpus").glob("*/*.eml"))]
    wanted = {"itip": "text/calendar", "body": "text/", "when": "text/plain"}.get(name)
    seeds = messages if wanted is None else [leaf for octets in messages for leaf in _leaves(octets, wanted)]
    if name == "itip":
        seeds += [leaf for octets in messages for leaf in _leaves(octets, "text/html") if b"schema.org" in leaf]
    if name == "when":
        phrases = ROOT / "tests" / "unit" / "phrases.jsonl"
        seeds += [json.loads(line)["text"].encode() for line in phrases.read_text(encoding="utf-8").splitlines()]
    return seeds + [path.read_bytes() for path in kept_seeds(name)]


def kept_seeds(name: str) -> list[Path]:
    """The inputs that were once found for a target."""
    return sorted(path for path in (SEEDS / name).glob("*") if path.is_file())


# one input, measured


@dataclass(frozen=True)
class Outcome:
    """What one input did: the fault's name ("" for none), what it cost, and how it failed."""

    fault: str
    cpu: float
    memory: int  # KiB by which the peak rose
    story: str = ""


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(target: Target, octets: bytes, *, cap: float = CPU_CAP) -> Outcome:
    """What an input does to a target; too much time counts only if it is taken every time of three."""
    cpu, before = float("inf"), _peak()
    for _ in range(3):
        began = time.process_time()
        try:
            target(octets)
        except Exception as error:  # noqa: BLE001 - whatever a target raises is a find
            place = traceback.extract_tb(error.__traceback__)[-1]
            fault = f"{type(error).__name__}-{Path(place.filename).stem}-{place.lineno}"
            return Outcome(fault, time.process_time() - began, _peak() - before, traceback.format_exc(limit=-6))
        cpu = min(cpu, time.process_time() - began)
        if cpu <= cap:
            break
    grown = _peak() - before
    fault = "slow" if cpu > cap else "memory" if grown > MEMORY_CAP else ""
    return Outcome(fault, cpu, grown)


class Judge:
    """A process without instruments that measures inputs; begun anew after one that it does not come back from."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.process = self._begin()

    def _begin(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, str(HERE), "--judge", self.name]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)

    def measure(self, octets: bytes) -> Outcome:
        """What the input does."""
        assert self.process.stdin is not None  # noqa: S101 - for mypy
        assert self.process.stdout is not None  # noqa: S101 - for mypy
        self.process.stdin.write(struct.pack(">I", len(octets)) + octets)
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], _HANG)
        line = self.process.stdout.readline() if ready else b""
        if line:
            return Outcome(**json.loads(line))
        self.close()
        self.process = self._begin()
        return Outcome("hang" if not ready else "death", float(_HANG), 0)

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()


def _judge(name: str) -> None:
    """Measure what comes in on standard input until it ends."""
    target = find_target(name)
    while head := sys.stdin.buffer.read(4):
        outcome = measure(target, sys.stdin.buffer.read(struct.unpack(">I", head)[0]))
        sys.stdout.write(json.dumps(outcome.__dict__) + "\n")
        sys.stdout.flush()


# the search


def minimise(octets: bytes, holds: Callable[[bytes], bool], patience: float = _PATIENCE) -> bytes:
    """Fewer octets for which it still holds: pieces are left out, the large ones first."""
    ends = time.monotonic() + patience
    size = max(1, len(octets) // 2)
    while True:
        at = 0
        while at < len(octets):
            if time.monotonic() > ends:
                return octets
            shorter = octets[:at] + octets[at + size :]
            if shorter and holds(shorter):
                octets = shorter
            else:
                at += size
        if size == 1:
            return octets
        size = max(1, size // 2)


class Search:
    """One target's search: runs inputs, keeps the finds, one of each fault."""

    def __init__(self, name: str, finds: Path, seconds: float) -> None:
        self.name, self.finds, self.seconds = name, finds / name, seconds
        self.target, self.seeds, self.judge = find_target(name), load_seeds(name), Judge(name)
        self.found: dict[str, Outcome] = {}
        self.runs, self.worst = 0, 0.0
        self.began = time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() - self.began > self.seconds

    def run(self, octets: bytes) -> None:
        """Try one input."""
        self.runs += 1
        octets = octets[:OCTETS]
        before, began, failed = _peak(), time.process_time(), False
        try:
            self.target(octets)
        except Exception:  # noqa: BLE001 - whatever a target raises is a find
            failed = True
        slow = time.process_time() - began > (SUSPECT if atheris else CPU_CAP)
        if failed or slow or _peak() - before > MEMORY_CAP:
            self.weigh(octets)

    def weigh(self, octets: bytes) -> None:
        """Measure a suspect again, and keep it small if it is the first of its fault, or the slowest so far."""
        outcome = self.judge.measure(octets)
        self.worst = max(self.worst, outcome.cpu)
        known = self.found.get(outcome.fault)
        if not outcome.fault or (known and (outcome.fault not in {"slow", "hang"} or outcome.cpu < known.cpu * 1.5)):
            return
        self.found[outcome.fault] = outcome
        fault = outcome.fault
        small = octets if fault == "hang" else minimise(octets, lambda fewer: self.judge.measure(fewer).fault == fault)
        self.finds.mkdir(parents=True, exist_ok=True)
        place = self.finds / f"{fault}-{hashlib.sha256(small).hexdigest()[:8]}"
        place.write_bytes(small)
        print(f"{self.name}: {fault}, {outcome.cpu:.3f} s, {outcome.memory} KiB, {len(small)} octets: {place}")
        print(outcome.story, flush=True)

    def close(self) -> int:
        """Say what was done; how many faults were found."""
        self.judge.close()
        how = "guided by coverage" if atheris else "blindly: atheris is not installed"
        spent = time.monotonic() - self.began
        print(
            f"{self.name}: {self.runs} inputs in {spent:.0f} s, {how}; {len(self.found)} faults; "
            f"slowest suspect {self.worst * 1e3:.0f} ms",
            flush=True,
        )
        return len(self.found)


def _search_blindly(search: Search) -> None:
    from benchmarks.mutation import mutate  # noqa: PLC0415 - found only from the root of the project

    chance, pool = random.Random(time.time_ns()), list(search.seeds)  # noqa: S311 - no secret
    while not search.is_over:
        search.run(mutate(chance, chance.choice(pool), search.seeds, OCTETS))


def _search_guided(search: Search, corpus: Path) -> None:
    from benchmarks.mutation import mutate  # noqa: PLC0415 - found only from the root of the project

    for number, seed in enumerate(search.seeds):
        (corpus / f"seed{number}").write_bytes(seed)

    def change(octets: bytes, most: int, number: int) -> bytes:
        chance = random.Random(number)  # noqa: S311 - no secret
        if chance.random() < 0.3:
            return atheris.Mutate(octets, most)
        return mutate(chance, octets, search.seeds, most)

    def run(octets: bytes) -> None:
        search.run(octets)
        if search.is_over:  # atheris ends a process without a word to Python
            shutil.rmtree(corpus)
            os._exit(min(1, search.close()))

    options = [f"-max_len={OCTETS}", "-len_control=0", "-timeout=120", "-rss_limit_mb=4096", "-verbosity=0"]
    options += [f"-artifact_prefix={search.finds}/", str(corpus)]
    search.finds.mkdir(parents=True, exist_ok=True)
    atheris.Setup([sys.argv[0], *options], run, custom_mutator=change)
    atheris.Fuzz()


def _search(name: str, finds: Path, seconds: float) -> None:
    """Search for one target in this process, which ends with it: atheris allows but one."""
    if atheris is None:
        search = Search(name, finds, seconds)
        _search_blindly(search)
        sys.exit(min(1, search.close()))
    with redirect_stderr(StringIO()), atheris.instrument_imports(include=["followup_mail"]):
        search = Search(name, finds, seconds)
    _search_guided(search, Path(tempfile.mkdtemp()))


def main() -> int:
    """Search for each target in a process of its own, one after another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(NAMES))
    parser.add_argument("--seconds", type=float, default=10, help="for each target (10)")
    parser.add_argument("--finds", type=Path, default=ROOT / ".fuzz", help="where finds are written (.fuzz)")
    parser.add_argument("--judge", choices=NAMES, help=argparse.SUPPRESS)
    parser.add_argument("--search", choices=NAMES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if options.judge:
        _judge(options.judge)
        return 0
    if options.search:
        _search(options.search, options.finds, options.seconds)
        return 0
    unknown = set(options.targets) - set(NAMES)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    found = 0
    for name in options.targets or NAMES:
        command = [sys.executable, str(HERE), "--search", name, "--seconds", str(options.seconds)]
        with suppress(KeyboardInterrupt):
            found |= subprocess.run([*command, "--finds", str(options.finds)], check=False, cwd=ROOT).returncode
    return min(1, abs(found))


if __name__ == "__main__":
    sys.exit(main())
