"""HTML to text, and a text cut into what is fresh, quoted and signature."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Body:
    """A message's text in three parts, each plain text with `\\n` line ends, capped.

    `quoted` is what somebody wrote earlier (a reply's quotation or a forwarded message); rows of HTML tables stand on
    one line with cells parted by " | ".
    """

    fresh: str = ""
    quoted: str = ""
    signature: str = ""
    forwarded: bool = False  # the quoted part was forwarded, not replied to
