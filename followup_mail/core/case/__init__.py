"""Events to Case: one hiring process with one employer, changed only through TRANSITIONS."""

from followup_mail.core.case.advance import Event, advance, state_at
from followup_mail.core.case.find import Ambiguous, find_case, opens_case
from followup_mail.core.case.transitions import ENDED, TRANSITIONS, Happening
from followup_mail.core.case.values import (
    Case,
    CaseState,
    Correspondence,
    DraftKey,
    DraftSeen,
    DraftState,
    Interview,
    OwnerVerb,
    OwnerWord,
    Purpose,
)

__all__ = [
    "ENDED",
    "TRANSITIONS",
    "Ambiguous",
    "Case",
    "CaseState",
    "Correspondence",
    "DraftKey",
    "DraftSeen",
    "DraftState",
    "Event",
    "Happening",
    "Interview",
    "OwnerVerb",
    "OwnerWord",
    "Purpose",
    "advance",
    "find_case",
    "opens_case",
    "state_at",
]
