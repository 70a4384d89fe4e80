"""Header fields to a verdict: worth reading or not, with the reason."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """What open cases make worth reading: message-ids of their threads, their people's addr-specs, employers' domains."""

    message_ids: frozenset[str] = frozenset()
    addr_specs: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a message's text is worth fetching, and why."""

    read: bool
    reason: str
