"""Letters from disk, checked, rendered in a limited process, behind ports.Letters."""

from pathlib import Path

from followup_mail.adapters.letters.files import FileLetters
from followup_mail.adapters.letters.process import LimitedProcess

__all__ = ["FileLetters", "LimitedProcess", "shipped_letters"]


def shipped_letters() -> Path:
    """The directory of the letters that come with the program: in a wheel, else in the checkout."""
    package = Path(__file__).resolve().parents[2]
    shipped = package / "_shipped" / "templates"
    return shipped if shipped.is_dir() else package.parent / "templates"
