"""The one table by which a case changes its state."""

from enum import StrEnum

from followup_mail.core.case.values import CaseState


class Happening(StrEnum):
    """What an event means for the state of a case."""

    SCHEDULED = "scheduled"  # an interview stands
    CALLED_OFF = "called off"  # no interview stands any more
    POSTPONED = "postponed"  # called off, with a new time to come
    TIMES_ASKED = "times asked"  # the employer looks for a time
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDREW = "withdrew"
    STOPPED = "stopped"
    DISMISSED = "dismissed"


ENDED = frozenset(
    {
        CaseState.OFFER,
        CaseState.ACCEPTED,
        CaseState.REJECTED,
        CaseState.WITHDRAWN,
        CaseState.STOPPED,
        CaseState.CANCELLED,
        CaseState.DISMISSED,
    }
)

_ENDINGS = {
    Happening.OFFERED: CaseState.OFFER,
    Happening.ACCEPTED: CaseState.ACCEPTED,
    Happening.REJECTED: CaseState.REJECTED,
    Happening.WITHDREW: CaseState.WITHDRAWN,
    Happening.STOPPED: CaseState.STOPPED,
    Happening.DISMISSED: CaseState.DISMISSED,
}
_OPEN = {
    Happening.SCHEDULED: CaseState.SCHEDULED,
    Happening.CALLED_OFF: CaseState.CANCELLED,
    Happening.POSTPONED: CaseState.SCHEDULING,
    **_ENDINGS,
}
# Between themselves the ends follow the newest word; DISMISSED is the owner's last word and stays.
TRANSITIONS: dict[CaseState, dict[Happening, CaseState]] = {
    CaseState.APPLIED: {**_OPEN, Happening.TIMES_ASKED: CaseState.SCHEDULING},
    CaseState.SCHEDULING: {**_OPEN, Happening.TIMES_ASKED: CaseState.SCHEDULING},
    CaseState.SCHEDULED: _OPEN,
    CaseState.CANCELLED: {
        Happening.SCHEDULED: CaseState.SCHEDULED,
        Happening.POSTPONED: CaseState.SCHEDULING,
        Happening.TIMES_ASKED: CaseState.SCHEDULING,
        **_ENDINGS,
    },
    CaseState.OFFER: _ENDINGS,
    CaseState.ACCEPTED: _ENDINGS,
    CaseState.REJECTED: _ENDINGS,
    CaseState.WITHDRAWN: _ENDINGS,
    CaseState.STOPPED: _ENDINGS,
    CaseState.DISMISSED: {},
}


def next_state(state: CaseState, happening: Happening) -> CaseState:
    """The state after the happening; the same where the table has no row for it."""
    return TRANSITIONS[state].get(happening, state)
