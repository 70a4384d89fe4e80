"""Which of the languages we know a text is written in."""

import re

from followup_mail.core import cues

_WORD = re.compile(r"[a-z']+")
_SAMPLE = 4_000  # characters
_LEAST = 2  # stopwords that must be found


def detect_language(folded: str) -> str:
    """ISO 639-1 of a folded text by its stopwords; "und" where too few are known."""
    words = _WORD.findall(folded[:_SAMPLE])
    counts: dict[str, float] = {}
    for language in cues.LANGUAGES:
        known = cues.cues_of(language).own("stopwords")
        counts[language] = sum(1 for word in words if word in known) / (len(known) ** 0.5)
    best = max(cues.LANGUAGES, key=lambda language: counts[language])
    known = cues.cues_of(best).own("stopwords")
    return best if sum(1 for word in words if word in known) >= _LEAST else "und"
