"""Why something was concluded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why something was concluded: the sign's name, its part and the quoted words (at most 300 characters)."""

    rule: str
    part: str  # subject, fresh, quoted, signature, text/calendar, header
    words: str
