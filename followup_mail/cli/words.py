"""The owner's own words about a case: confirm, dismiss, outcome, and the asking for a draft."""

from datetime import datetime
from pathlib import Path

import typer

from followup_mail.cli.wiring import open_ledger, read_config
from followup_mail.core.case import Case, OwnerVerb, OwnerWord, Purpose, advance
from followup_mail.store import Ledger

OUTCOMES = ("offer", "accepted", "rejected", "withdrawn", "no-show")


def ask_for_draft(path: Path | None, name: str, purpose: str, now: datetime) -> None:
    """Note that the owner asks for this letter; the next cycle places it."""
    if purpose not in set(Purpose):
        raise typer.BadParameter(f"{purpose!r} is none of {', '.join(Purpose)}.", param_hint="PURPOSE")
    case = _say(path, name, OwnerVerb.ASK, now, purpose)
    typer.echo(f"Asked for a {purpose} draft for {case.id}; the next cycle places it, or `status` says why it waits.")


def confirm_case(path: Path | None, name: str, now: datetime) -> None:
    """Release what is held for the case."""
    case = _say(path, name, OwnerVerb.CONFIRM, now)
    typer.echo(f"Confirmed {case.id}; what was held is placed in the next cycle.")


def dismiss_case(path: Path | None, name: str, now: datetime) -> None:
    """End the case: it is none."""
    case = _say(path, name, OwnerVerb.DISMISS, now)
    typer.echo(f"Dismissed {case.id}; nothing more is drafted for it.")


def note_outcome(path: Path | None, name: str, result: str, now: datetime) -> None:
    """End the case, or an interview of it, as the owner says."""
    if result not in OUTCOMES:
        raise typer.BadParameter(f"{result!r} is none of {', '.join(OUTCOMES)}.", param_hint="RESULT")
    case = _say(path, name, OwnerVerb.OUTCOME, now, result)
    typer.echo(f"Noted {result} for {case.id}.")


def _say(path: Path | None, name: str, verb: OwnerVerb, now: datetime, value: str = "") -> Case:
    """The case after the owner's word, said as of the ledger's moment: a rehearsal has a clock of its own."""
    with open_ledger(read_config(path), None) as ledger, ledger.turn():
        case = advance(chosen_case(ledger, name), OwnerWord(verb, ledger.moment(now), value))
        ledger.save_case(case)
        return case


def chosen_case(ledger: Ledger, name: str) -> Case:
    """The case of that id or unique beginning; raises typer.BadParameter naming those there are."""
    case = ledger.case(name)
    if case is None:
        there = ", ".join(case.id for case in ledger.cases()) or "none yet"
        raise typer.BadParameter(
            f"no case, or more than one, begins with {name!r}; there are: {there}.", param_hint="CASE"
        )
    return case
