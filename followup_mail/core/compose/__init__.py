"""Action and letter to Draft octets; a draft's fingerprint and likeness.

`letter_context` says what a letter may know, `choose_letter` and `suitable_letters` which one it is, `compose` makes
the octets of a draft, `lint` says what a careful person would not send; `fingerprint`, `likeness` and
`recognise` know our drafts again.
"""

from followup_mail.core.compose.choice import choose_letter, family_of, suitable_letters, tags_of
from followup_mail.core.compose.context import KNOWN, letter_context
from followup_mail.core.compose.draft import base_subject, compose, new_message_id, subject_for
from followup_mail.core.compose.letter import Draft, Identity, Letter, LetterForm
from followup_mail.core.compose.likeness import fingerprint, likeness, recognise, text_of
from followup_mail.core.compose.lint import lint, placeholders
from followup_mail.core.compose.voices import Voice, has_voice, voice_of

__all__ = [
    "KNOWN",
    "Draft",
    "Identity",
    "Letter",
    "LetterForm",
    "Voice",
    "base_subject",
    "choose_letter",
    "compose",
    "family_of",
    "fingerprint",
    "has_voice",
    "letter_context",
    "likeness",
    "lint",
    "new_message_id",
    "placeholders",
    "recognise",
    "subject_for",
    "suitable_letters",
    "tags_of",
    "text_of",
    "voice_of",
]
