"""What the owner is told and asked: one clear sentence each."""

from collections.abc import Sequence
from datetime import datetime

from followup_mail.core.case import Case, Purpose
from followup_mail.core.facts import Doubt
from followup_mail.core.who import Person

DRAFTS = {
    Purpose.THANK_YOU: "thank-you",
    Purpose.STATUS_CHECK: "status check",
    Purpose.REJECTION_REPLY: "reply to the rejection",
    Purpose.FEEDBACK_REQUEST: "request for feedback",
    Purpose.ADDITIONAL_INFO: "letter with additional information",
    Purpose.STAY_IN_TOUCH: "letter to stay in touch",
}
QUESTIONS = {
    "fraud": "Is {what} genuine ({words})? Its drafts wait until you confirm.",
    "who": "Did the people found for {what} really interview you ({words})?",
    "whether": "Did {what} really take place ({words})?",
    "moment": "Is the time of {what} right ({words})?",
    "agency": "Who is the employer behind {what} ({words})?",
    "stranger": "Is what a stranger wrote about {what} genuine ({words})? Its drafts wait until you confirm.",
    "ask": "May the {draft} for {what} be put into Drafts?",
    "language": "The {draft} for {what} waits: {words}. Will you write it yourself?",
}


def name_of(case: Case) -> str:
    """The case in words: "Backend Engineer at Larkspur Health", or whatever of it is known."""
    if case.position and case.company:
        return f"{case.position} at {case.company}"
    if case.company or case.position:
        return case.company or case.position or ""
    return f"the process with {called(case.recruiter)}" if case.recruiter else "an employer not known by name"


def called(person: Person) -> str:
    """A person's name, else their addr-spec."""
    return person.display_name or person.addr_spec or "somebody"


def listed(people: Sequence[Person]) -> str:
    """Names in a sentence: "Ben Adeyemi, Sofia Lindqvist and Luis Ortega"."""
    names = [called(person) for person in people]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def day_of(moment: datetime) -> str:
    """A day in a sentence: "Thursday, 3 December"."""
    return f"{moment:%A}, {moment.day} {moment:%B}"


def ask_about(doubt: Doubt, case: Case, purpose: Purpose, meant: str) -> str:
    """The question whose answer dissolves a doubt."""
    question = QUESTIONS.get(doubt.kind, "Is all well with {what} ({words})?")
    return question.format(what=f"{meant} ({name_of(case)})", words=doubt.words, draft=DRAFTS[purpose])
