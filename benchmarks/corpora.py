"""Labelled mail: a folder (or .tar.xz of one) with labels.jsonl, read as one mailbox for each owner and zone."""

import collections
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from followup_mail.cli.messages import load_messages
from followup_mail.core.message import Message


@dataclass
class Labelled:
    """One message with its label, its thread, whose it is, and the owner's zone."""

    row: dict
    message: Message
    thread: list[Message]
    owners: tuple[str, ...]
    zone: str
    source: str  # the set it came from
    path: str = ""


@dataclass
class Mailbox:
    """The messages of one owner in a folder of their own, and the labels of those that have one, by path."""

    folder: Path
    owners: tuple[str, ...]
    zone: str
    rows: dict[str, dict]


def _group(folder: Path) -> dict[tuple[tuple[str, ...], str], list[dict]]:
    """The labels by whose mailbox their messages are of, and where that owner lives."""
    groups = collections.defaultdict(list)
    for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line) if line.strip() else {"ambiguous": True}
        if not row.get("dup_of") and not row.get("ambiguous") and (folder / row["file"]).exists():
            owners = tuple(sorted((row.get("owner") or {}).get("addresses") or []))
            groups[owners, row.get("default_tz") or "UTC"].append(row)
    return groups


def lay_out(place: Path) -> Iterator[Mailbox]:
    """The mailboxes of a set, each there until the next is asked for; doubles and undecidable ones are left out."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = place
        if place.is_file():
            with tarfile.open(place) as tar:
                tar.extractall(temporary, filter="data")
            folder = next(Path(temporary).rglob("labels.jsonl")).parent
        for number, ((owners, zone), members) in enumerate(_group(folder).items()):
            work = Path(temporary, f"group{number}")
            for row in members:
                for name in (row["file"], *row.get("thread", [])):
                    (work / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(folder / name, work / name)
            yield Mailbox(work, owners, zone, {str(work / row["file"]): row for row in members})


def load_labelled(place: Path) -> Iterator[Labelled]:
    """The labelled messages of a set in the order of their dates, mailbox by mailbox."""
    for box in lay_out(place):
        for path, message, thread in load_messages([str(box.folder)]):
            if path in box.rows:
                yield Labelled(box.rows[path], message, thread, box.owners, box.zone, place.name, path)
