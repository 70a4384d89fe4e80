"""What a prankster or scammer may mail: the owner's drafts neither vanish by it nor go to anybody it brings in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from followup_mail.adapters.letters import FileLetters
from followup_mail.config import shipped
from followup_mail.core.case import Case, DraftState
from followup_mail.store import Birth, Ledger, Question
from tests.e2e.home import OWNER
from tests.e2e.post import MAYA, invitation, note
from tests.integration.test_power_cut import AFTER, ASKED, HELD, PEOPLE, mailbox_with_panel, numbered, play, whom

STRANGER = "Mallory Quill <mallory@evil.example>"
THREAD = "<panel-1@larkspur.example>"
EARLY = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
SPOOFED = f"Ana Lima <{OWNER}>"


@pytest.fixture(scope="module")
def letters() -> Iterator[FileLetters]:
    shelf = FileLetters(shipped("templates"), None)
    yield shelf
    shelf.close()


class Story:
    """The panel's invitation, then an attack; what stands in Drafts a while after the interview."""

    def __init__(self, folder: Path, letters: FileLetters, *attacks: EmailMessage, at: datetime = EARLY) -> None:
        mailbox, draw = mailbox_with_panel(), numbered()
        play(folder, letters, None, mailbox, draw, ASKED + timedelta(hours=1))
        for attack in attacks:
            mailbox.deliver(attack.as_bytes(policy=policy.SMTP), at=at)
        for now in (EARLY + timedelta(hours=1), AFTER, AFTER + timedelta(hours=6)):
            play(folder, letters, None, mailbox, draw, now)
        self.drafts = whom(mailbox)
        with Ledger.open(folder / "ledger.sqlite3", birth=Birth.LIVE) as ledger:
            self.case: Case = ledger.cases()[0]
            self.states = {entry.state for entry in ledger.journal()}
            self.questions: list[Question] = list(ledger.open_questions())


def forged(text: str, *, sender: str = STRANGER, to: str = SPOOFED) -> EmailMessage:
    return note(
        "Re: Panel interview", text, at=EARLY, sender=sender, to=to, message_id="<e@evil.example>", answers=THREAD
    )


def from_stranger(message: EmailMessage) -> EmailMessage:
    message.replace_header("From", STRANGER)
    return message


REJECTS = (
    "Dear Ana,\n\nthank you for your interest in the Backend Engineer position at Larkspur Health. Unfortunately we "
    "have decided to move forward with another candidate for the position.\n\nMallory\n"
)
OFFERS = "Dear Ana,\n\nwe are delighted to offer you the position of Backend Engineer at Larkspur Health.\n\nMallory\n"
ADDS = (
    "Hi Ana,\n\nlooking forward to your interview on Thursday 3 December at 14:00. You will also meet Victor Null "
    "<victor@evil.example>.\n\nMallory\n"
)
ATTACKS = {
    "a cancellation with the real calendar id": from_stranger(
        invitation(HELD, at=EARLY, message_id="<e@evil.example>", sequence=9, method="CANCEL")
    ),
    "a move with the real calendar id": from_stranger(
        invitation(HELD + timedelta(days=4), at=EARLY, message_id="<e@evil.example>", sequence=9)
    ),
    "a rejection in the thread": forged(REJECTS),
    "a rejection outside it": note(
        "Your application at Larkspur Health", REJECTS, at=EARLY, sender=STRANGER, message_id="<e@evil.example>"
    ),
    "an offer": forged(OFFERS),
    "one more interviewer": forged(ADDS),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_a_strangers_word_changes_nothing_and_is_laid_before_the_owner(
    tmp_path: Path, letters: FileLetters, attack: EmailMessage
) -> None:
    story = Story(tmp_path, letters, attack)
    (interview,) = story.case.interviews
    assert (interview.start, interview.cancelled) == (HELD, False)
    assert {person.addr_spec for person in interview.people} == set(PEOPLE)
    assert story.case.ended is None
    assert story.case.recruiter is not None
    assert story.case.recruiter.addr_spec == "maya.okafor@larkspur.example"
    assert story.states == {DraftState.HELD}
    assert [question.id.partition(":")[0] for question in story.questions] == ["stranger"]
    assert "mallory@evil.example" in story.questions[0].question


def test_a_strangers_interview_in_a_known_thread_holds_its_own_drafts_only(
    tmp_path: Path, letters: FileLetters
) -> None:
    text = (
        "Hi Ana,\n\nyour next interview is confirmed for Monday 7 December at 10:00 with Victor Null "
        "<victor@evil.example>.\n\nMallory\n"
    )
    story = Story(tmp_path, letters, forged(text))
    assert story.drafts == PEOPLE
    assert "victor@evil.example" not in {person.addr_spec for person in story.case.people}


@pytest.mark.parametrize(
    "attack",
    [
        forged(
            "Dear Priya,\n\nthank you very much for the conversation on Thursday.\n\nAna\n", sender=SPOOFED, to=MAYA
        ),
        forged("Hi Maya,\n\nI would like to withdraw my application.\n\nAna\n", sender=SPOOFED, to=MAYA),
        forged("Hi Maya,\n\nunfortunately I cannot make the interview.\n\nAna\n", sender=SPOOFED, to=MAYA),
    ],
    ids=["thanks", "withdrawal", "decline"],
)
def test_what_only_claims_to_be_the_owners_does_nothing(
    tmp_path: Path, letters: FileLetters, attack: EmailMessage
) -> None:
    story = Story(tmp_path, letters, attack)
    assert story.drafts == PEOPLE
    assert story.case.ended is None
    assert story.case.thanked == ()


def test_a_colleague_from_the_employers_domain_may_call_it_off(tmp_path: Path, letters: FileLetters) -> None:
    genuine = invitation(HELD, at=EARLY, message_id="<c@larkspur.example>", sequence=1, method="CANCEL")
    genuine.replace_header("From", "Jo Park <jo.park@larkspur.example>")
    story = Story(tmp_path, letters, genuine)
    assert story.drafts == []
    assert story.case.interviews[0].cancelled
    assert story.questions == []
