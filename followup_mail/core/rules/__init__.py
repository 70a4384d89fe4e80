"""Signs: one small function each, from a text to Evidence.

A `Reading` is a text cut into units (sentences and lines), in which conditional clauses say nothing; a sign is a name,
a sentence and a cue, and `WEIGHTS` is the one open table of what the signs are worth.
"""

from followup_mail.core.rules.evidence import Evidence
from followup_mail.core.rules.language import detect_language
from followup_mail.core.rules.reading import Reading, Unit, unwrap_lines
from followup_mail.core.rules.signs import SIGNS, WEIGHTS, Sign, find_signs
from followup_mail.core.rules.wording import find_terms, find_words, lean, load_weights, weigh_marks

__all__ = [
    "SIGNS",
    "WEIGHTS",
    "Evidence",
    "Reading",
    "Sign",
    "Unit",
    "detect_language",
    "find_signs",
    "find_terms",
    "find_words",
    "lean",
    "load_weights",
    "unwrap_lines",
    "weigh_marks",
]
