"""The commands that look at the ledger: status and show."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import typer
from rich.box import HORIZONTALS
from rich.console import Console
from rich.table import Table
from rich.text import Text

from followup_mail.cli.wiring import open_ledger, read_config
from followup_mail.cli.words import chosen_case
from followup_mail.core.case import Case, DraftState, Interview, state_at
from followup_mail.core.facts import Facts
from followup_mail.core.plan import JournalEntry
from followup_mail.core.who import Person
from followup_mail.store import Ledger

WAITING = {
    DraftState.PLANNED: "due",
    DraftState.HELD: "held",
    DraftState.PLACED: "in Drafts",
    DraftState.EDITED: "edited by you",
}


WIDEST_CASE = 32


@dataclass(frozen=True, slots=True)
class View:
    """One case with its drafts, as of a moment, in the owner's zone."""

    case: Case
    drafts: tuple[JournalEntry, ...]
    now: datetime
    zone: ZoneInfo

    def local(self, moment: datetime) -> str:
        """A moment in the owner's zone, as a person writes it."""
        return f"{moment.astimezone(self.zone):%a %d %b %Y %H:%M}"


def print_status(path: Path | None, *, as_json: bool, now: datetime) -> None:
    """Every case with its interviews and drafts, for a person or, as JSON, for programs."""
    config = read_config(path)
    with open_ledger(config, None) as ledger:
        views = _views(ledger, now, ZoneInfo(config.owner.timezone))
        if as_json:
            typer.echo(json.dumps([case_as_json(view) for view in views], ensure_ascii=False, indent=2))
            return
        console = Console()
        console.print(_table(views) if views else "No interviews found yet.")
        for question in ledger.open_questions():
            console.print(f"? {question.question}", markup=False)
        shunted = ledger.shunted_count()
        if shunted:
            console.print(f"{shunted} messages could not be read and were set aside.", highlight=False)


def _views(ledger: Ledger, now: datetime, zone: ZoneInfo) -> list[View]:
    moment = ledger.moment(now)
    return [View(case, ledger.journal(case.id), moment, zone) for case in ledger.cases()]


def case_as_json(view: View) -> dict[str, object]:
    """A case as `status --json` prints it."""
    case = view.case
    return {
        "id": case.id,
        "company": case.company,
        "position": case.position,
        "state": state_at(case, view.now).value,
        "interviews": [interview_as_json(one) for one in case.interviews if not one.cancelled],
        "called_off": [interview_as_json(one) for one in case.interviews if one.cancelled],
        "drafts": [
            {
                "id": str(entry.key),
                "purpose": entry.key.purpose.value,
                "to": [person.addr_spec for person in entry.recipients if person.addr_spec],
                "due": entry.due.isoformat(),
                "deadline": entry.deadline.isoformat(),
                "state": entry.state.value,
                "placed_at": entry.placed_at.isoformat() if entry.placed_at else None,
                "message_id": entry.message_id,
                "reason": entry.reason or None,
            }
            for entry in view.drafts
        ],
        "doubts": [doubt.words for doubt in case.doubts],
    }


def interview_as_json(interview: Interview) -> dict[str, object]:
    """An interview of a case as `status --json` prints it."""
    return {
        "start": interview.start.isoformat(),
        "end": interview.end.isoformat(),
        "zone": interview.zone,
        "interviewers": [person_as_json(person) for person in interview.people],
    }


def person_as_json(person: Person) -> dict[str, object]:
    """Somebody of a case as `status --json` prints them."""
    return {
        "display_name": person.display_name or None,
        "addr_spec": person.addr_spec,
        "role": person.role.value,
        "title": person.title,
    }


def _table(views: Sequence[View]) -> Table:
    table = Table(box=HORIZONTALS, show_lines=True)
    longest = max(len(view.case.id) for view in views)
    table.add_column("case", overflow="fold", min_width=min(longest, WIDEST_CASE))  # to be copied, so not broken
    for heading in ("interview", "drafts"):
        table.add_column(heading, overflow="fold")
    for view in views:
        about = "\n".join(part for part in (view.case.id, view.case.company, view.case.position) if part)
        when = [_when(view, interview) for interview in view.case.interviews]
        people = dict.fromkeys(name_of(p) for i in view.case.interviews if not i.cancelled for p in i.people)
        drafts = "\n".join(_draft_line(view, entry) for entry in view.drafts)
        state = state_at(view.case, view.now).value.replace("_", " ")
        table.add_row(*(Text(cell) for cell in (about, "\n".join((state, *when, *people)), drafts)))
    return table


def _when(view: View, interview: Interview) -> str:
    called_off = " (called off)" if interview.cancelled else ""
    return f"{view.local(interview.start)}{called_off}"


def name_of(person: Person) -> str:
    """How a person stands in a list: their name, else their address."""
    return person.display_name or person.addr_spec or "somebody unnamed"


def _draft_line(view: View, entry: JournalEntry) -> str:
    to = ", ".join(name_of(person) for person in entry.recipients)
    what = entry.key.purpose.value.replace("_", " ")
    state = WAITING.get(entry.state, entry.state.value)
    when = f" {view.local(entry.due)}" if entry.state in (DraftState.PLANNED, DraftState.HELD) else ""
    return f"{what} to {to}: {state}{when}"


def print_case(path: Path | None, name: str, now: datetime) -> None:
    """One case whole: timeline with the quoted evidence, people, doubts, drafts with their reasons."""
    config = read_config(path)
    console = Console()
    with open_ledger(config, None) as ledger:
        case = chosen_case(ledger, name)
        view = View(case, ledger.journal(case.id), ledger.moment(now), ZoneInfo(config.owner.timezone))
        for line in _heading(view):
            console.print(line, markup=False, highlight=False)
        for line in _interview_lines(view):
            console.print(line, markup=False, highlight=False)
        console.print("\nWhat was read", highlight=False)
        for row in ledger.messages(case_id=case.id):
            for line in _message_lines(view, row.facts):
                console.print(line, markup=False, highlight=False)
        console.print("\nDrafts", highlight=False)
        for entry in view.drafts:
            reason = f"  ({entry.reason})" if entry.reason else ""
            console.print(f"  {_draft_line(view, entry)}{reason}", markup=False, highlight=False)
        for doubt in case.doubts:
            kind = "A draft waits because" if doubt.holds and not case.confirmed else "Doubt"
            console.print(f"{kind}: {doubt.words}", markup=False, highlight=False)


def _heading(view: View) -> list[str]:
    case = view.case
    title = " · ".join(part for part in (case.company, case.position) if part) or "company not named"
    lines = [f"{case.id}: {title}", f"  state     {state_at(case, view.now).value.replace('_', ' ')}"]
    if case.recruiter:
        lines.append(f"  contact   {name_of(case.recruiter)} ({case.recruiter.role.value.replace('_', ' ')})")
    if case.promised_by:
        lines.append(f"  promised  an answer by {case.promised_by:%d %b %Y}")
    return lines


def _interview_lines(view: View) -> list[str]:
    lines = ["\nInterviews"]
    for interview in view.case.interviews:
        end = f"{interview.end.astimezone(view.zone):%H:%M}" + ("" if interview.end_stated else " (assumed)")
        called_off = "  called off" if interview.cancelled else ""
        title = f"  {interview.title}" if interview.title else ""
        lines.append(f"  {view.local(interview.start)} to {end}{title}{called_off}")
        for person in interview.people:
            address = f" <{person.addr_spec}>" if person.addr_spec else " (no address known)"
            job = f", {person.title}" if person.title else ""
            lines.append(f"    {person.display_name or ''}{address}{job}")
    return lines


def _message_lines(view: View, facts: Facts | None) -> list[str]:
    if facts is None:
        return []
    when = view.local(facts.sent_at) if facts.sent_at else "undated"
    who = "you" if facts.from_owner else (name_of(facts.sender) if facts.sender else "unknown")
    lines = [f"  {when}  {who}: {facts.kind.value.replace('_', ' ')}"]
    lines += [f'    {e.rule} in {e.part}: "{e.words}"' for e in facts.evidence]
    lines += [f"    doubt: {doubt.words}" for doubt in facts.doubts]
    return lines
