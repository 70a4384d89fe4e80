"""How the demo prints: a line as something happens, then tables and one letter in full."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from zoneinfo import ZoneInfo

from rich.box import HORIZONTALS
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

_SIGNS = {
    "arrives": ("→", "default"),
    "written": ("←", "default"),
    "sent": ("←", "default"),
    "drafted": ("✎", "bold green"),
    "withdrawn": ("✗", "yellow"),
}
_LETTER_WIDTH = 88


def show_line(console: Console, moment: datetime, act: str, *, what: str = "", octets: bytes = b"") -> None:
    """One line of the story; for a draft it tells whom it is to and its subject."""
    sign, style = _SIGNS[act]
    if octets:
        letter = _parsed(octets)
        own = "takes back its" if act == "withdrawn" else "a"
        what = f"{own} draft to {_field(letter, 'To')}: {_field(letter, 'Subject')}"
    line = Text(f"{moment:%a %d %b %H:%M}  {sign} {what}", style=style)
    console.print(line, highlight=False, soft_wrap=not console.is_terminal)


def show_understood(console: Console, cases: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> None:
    """The cases with their interviews and every draft's state."""
    table = Table(title="What it understood", title_justify="left", box=HORIZONTALS, show_lines=True)
    for heading in ("Employer", "State", "Interview", "With", "Letters"):
        table.add_column(heading, overflow="fold")
    for case in cases:
        names = [str(case["company"] or "?"), str(case["position"] or "")]
        table.add_row(
            Text("\n".join(name for name in names if name)),
            Text(str(case["state"]).replace("_", " ")),
            Text("\n".join(_when(case, zone))),
            Text("\n".join(dict.fromkeys(_people([*case["interviews"], *case["called_off"]])))),
            Text("\n".join(_letter_lines(case)) or "none"),
        )
    console.print()
    console.print(table)


def show_drafts(console: Console, letters: Sequence[bytes]) -> None:
    """Which drafts stand in the Drafts mailbox now."""
    table = Table(title="In Drafts now", title_justify="left", box=HORIZONTALS)
    for heading in ("To", "Subject", "Begins"):
        table.add_column(heading, overflow="fold")
    for octets in letters:
        letter = _parsed(octets)
        paragraphs = _text(letter).split("\n\n")
        begins = paragraphs[1].partition(". ")[0].rstrip(".") + "." if len(paragraphs) > 1 else ""
        table.add_row(Text(_field(letter, "To")), Text(_field(letter, "Subject")), Text(begins))
    console.print()
    console.print(table if letters else "No draft stands in Drafts.")


def show_one_letter(console: Console, letters: Sequence[bytes]) -> None:
    """The first draft in full, as the mail client will open it."""
    if not letters:
        return
    letter = _parsed(letters[0])
    head = "\n".join(f"{name}: {_field(letter, name)}" for name in ("From", "To", "Subject"))
    console.print()
    shown = Group(Text(head, style="dim"), Text(""), Text(_text(letter).strip()))
    console.print(Panel(shown, title="One of them", width=min(console.width, _LETTER_WIDTH)))
    console.print("The worker itself sent nothing to anybody: a letter leaves only when its owner sends it.")


def _parsed(octets: bytes) -> EmailMessage:
    return message_from_bytes(octets, policy=default)


def _field(letter: EmailMessage, name: str) -> str:
    return str(letter.get(name, ""))


def _text(letter: EmailMessage) -> str:
    return str(letter.get_content()).replace("\r\n", "\n")


def _when(case: Mapping[str, Any], zone: ZoneInfo) -> Iterator[str]:
    for key, ending in (("interviews", ""), ("called_off", " (called off)")):
        for interview in case[key]:
            yield f"{datetime.fromisoformat(interview['start']).astimezone(zone):%a %d %b %H:%M}{ending}"


def _people(interviews: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for interview in interviews:
        for person in interview["interviewers"]:
            yield str(person["display_name"] or person["addr_spec"])


def _letter_lines(case: Mapping[str, Any]) -> Iterator[str]:
    met = [*case["interviews"], *case["called_off"]]
    people = [person for interview in met for person in interview["interviewers"]]
    names = {person["addr_spec"]: person["display_name"] for person in people}
    for draft in case["drafts"]:
        to = ", ".join(str(names.get(address) or address.partition("@")[0]) for address in draft["to"])
        yield f"{str(draft['purpose']).replace('_', ' ')} to {to}: {draft['state']}"
