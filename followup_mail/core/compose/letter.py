"""Action and letter to Draft octets; a draft's fingerprint and likeness."""

from dataclasses import dataclass, field

from followup_mail.core.case import DraftKey


@dataclass(frozen=True, slots=True)
class Letter:
    r"""A rendered letter: one line of subject, text with `\\n` line ends, and the template it came from."""

    subject: str
    text: str
    name: str


@dataclass(frozen=True, slots=True)
class LetterForm:
    """One template: its purpose, language and variant, what it needs to be known and whom it suits.

    `name` is its path under templates/ without the ending: "thank_you/en-engineer".
    `needs` are names of context values that must be present ("position", "title"); `suits` are tags it is written for
    ("recruiter", "manager", "peer", "panel", "session", "relay", "met_again", "first", "second").
    """

    name: str
    purpose: str
    language: str
    variant: str
    needs: frozenset[str] = frozenset()
    suits: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who writes: the owner's name, the identity the invitation was sent to, and the signature's lines."""

    name: str
    addr_spec: str
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft ready for APPEND."""

    key: DraftKey
    message_id: str
    octets: bytes
    recipients: tuple[str, ...] = ()
    text: str = ""
    letter: str = ""
    headers: dict[str, str] = field(default_factory=dict)
