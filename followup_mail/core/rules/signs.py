"""The signs: a name, a sentence and a cue each, and what they are worth."""

from dataclasses import dataclass

from followup_mail.core.rules.evidence import Evidence
from followup_mail.core.rules.reading import Reading


@dataclass(frozen=True, slots=True)
class Sign:
    """Something a message may say: its name, what it means in a sentence, and the cue that gives it away."""

    name: str
    sentence: str
    cue: str

    def find(self, reading: Reading) -> Evidence | None:
        """The first place where the sign stands, None where it does not."""
        found = reading.find_all(self.cue)
        return reading.evidence(self.name, found[0].start()) if found else None


SIGNS: tuple[Sign, ...] = (
    Sign("interview-named", "A job interview is named.", "interview"),
    Sign("hiring-named", "Words of hiring stand in the text.", "hiring"),
    Sign("scheduled", "An interview is said to be fixed, or the reader is invited to it.", "scheduled"),
    Sign("rescheduled", "A fixed time is changed.", "rescheduled"),
    Sign("needs-reschedule", "Somebody asks to change a fixed time.", "needs_reschedule"),
    Sign("cancelled", "An interview is called off.", "cancelled"),
    Sign("asks-availability", "The reader is asked for times.", "availability"),
    Sign("offers-slots", "Several times are offered.", "slots"),
    Sign("rejected", "The application is declined in so many words.", "rejected_strong"),
    Sign("rejected-softly", "Courtesies that go with declining.", "rejected_weak"),
    Sign("offered", "A job is offered in so many words.", "offered_strong"),
    Sign("offered-softly", "Courtesies and terms that go with an offer.", "offered_weak"),
    Sign("application-received", "An application is acknowledged.", "received"),
    Sign("out-of-office", "The writer is away.", "out_of_office"),
    Sign("other-interview", "The interview named is no job interview.", "other_interview"),
    Sign("other-context", "Words of press, study, clinic, visa, flat, school or bank.", "other_context"),
    Sign("as-interviewer", "The reader is asked to interview somebody.", "as_interviewer"),
    Sign("as-candidate", "A candidate speaks of their own application.", "as_candidate"),
    Sign("wellwisher", "Somebody wishes luck for an interview that is held elsewhere.", "wellwisher"),
    Sign("addressed", "The interview is the reader's.", "addressed"),
    Sign("process-words", "Somebody's work, a stage or a candidacy is spoken of.", "process_words"),
    Sign("meeting-arranged", "A meeting is fixed: who is met, seen, called or spoken to.", "arranges_meeting"),
    Sign("decided-against", "A decision against the reader, in the writer's own words.", "decided_against"),
    Sign("marketing", "Words of newsletters and job alerts.", "marketing"),
    Sign("held-by-machine", "A platform records the answers.", "machine"),
    Sign("scam", "Money, papers, a chat application or a text interview.", "scam"),
)

BY_NAME = {sign.name: sign for sign in SIGNS}

# How much each sign says for "this is about a job interview of the reader's"; 3 is enough.
WEIGHTS = {
    "interview-in-subject": 2,
    "interview-in-text": 2,
    "hiring": 1,
    "hiring-often": 2,
    "relay": 2,
    "thread": 2,
    "quoted": 1,
    "other-interview": -5,
    "as-interviewer": -4,
    "as-candidate": -3,
    "addressed": 1,
    "call-asked": 2,
    "call-fixed": 2,
    "process-and-meeting": 3,
    "process-and-question": 3,
    "stage-named": 2,
    "news": 1,
    "agency": 1,
    "other-context": -3,
    "owner-in-title": 1,
    "position-in-title": 2,
    "wellwisher": -4,
    "no-process": -1,
    "marketing": -2,
    "list": -4,
}


def find_signs(reading: Reading, *names: str) -> tuple[Evidence, ...]:
    """The evidence of those of the named signs that stand in the reading."""
    found = (BY_NAME[name].find(reading) for name in names)
    return tuple(evidence for evidence in found if evidence)
