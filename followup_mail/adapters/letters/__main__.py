"""`python -m followup_mail.adapters.letters [LANGUAGE]`: every shipped letter, to be read aloud."""

import sys

from followup_mail.adapters.letters import FileLetters, shipped_letters
from followup_mail.adapters.letters.preview import previews
from followup_mail.core.compose import lint


def main(language: str | None = None) -> None:
    """Write each letter with what the lint says of it."""
    letters = FileLetters(shipped_letters())
    for label, letter in previews(letters, language=language):
        code = letter.name.partition("/")[2].partition("-")[0]
        found = "".join(f"  !! {words}\n" for words in lint(letter.text, language=code, relayed=3))
        sys.stdout.write(f"=== {label}\n{found}{letter.subject}\n\n{letter.text}\n\n")
    letters.close()


if __name__ == "__main__":
    main(*sys.argv[1:2])
