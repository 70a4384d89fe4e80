"""A case's turn from one state to the next, and when it ended."""

from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from followup_mail.core.case.transitions import ENDED, Happening, next_state
from followup_mail.core.case.values import Case

Moment = TypeVar("Moment", date, datetime)


def turn(case: Case, happening: Happening, at: datetime) -> Case:
    """The case after a happening; what is older than its end changes an ended case no more."""
    state = next_state(case.state, happening)
    if state is case.state or (case.ended is not None and state in ENDED and at < case.ended):
        return case
    return replace(case, state=state, ended=at if state in ENDED else None)


def arranged(case: Case, otherwise: Happening, at: datetime) -> Case:
    """The case in the state its interviews tell: SCHEDULED while one stands, else what became of them."""
    if any(not one.cancelled for one in case.interviews):
        return turn(case, Happening.SCHEDULED, at)
    return turn(case, otherwise, at) if case.interviews else case


def later(one: Moment | None, other: Moment | None) -> Moment | None:
    """The later of two moments or days, of which either may be missing."""
    return max((moment for moment in (one, other) if moment is not None), default=None)
