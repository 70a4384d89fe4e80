"""Who a message names: addresses (RFC 5322) and people in prose."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a hiring process."""

    INTERVIEWER = "interviewer"
    HIRING_MANAGER = "hiring_manager"
    RECRUITER = "recruiter"
    COORDINATOR = "coordinator"
    AGENCY = "agency"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of RFC 5322 section 3.4: sanitised display name, addr-spec with its domain in lower case."""

    addr_spec: str
    display_name: str = ""

    @property
    def domain(self) -> str:
        """The part right of the last at sign."""
        return self.addr_spec.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a hiring process; `addr_spec` is None for one known by name only, never guessed."""

    display_name: str = ""
    addr_spec: str | None = None
    role: Role = Role.INTERVIEWER
    title: str | None = None  # their job, as the message has it: "Staff Engineer"
    signs_as: str | None = None  # how they sign: "Tom"
    honorific: str | None = None  # only if a message says so: "Ms", "Frau Dr."
