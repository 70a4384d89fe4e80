"""What happens in the demo and when: mail that arrives, and what the owner does meanwhile."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final

from followup_mail.demo import mailbox
from followup_mail.demo.mailbox import at

DAYS: Final = 16
_WAKING_HOURS = range(8, 21)


class Act(Enum):
    """Who does something in a step of the story."""

    ARRIVES = "arrives"  # a message lands in INBOX
    WRITTEN = "written"  # the owner wrote one; it lies in Sent
    SENDS = "sends"  # the owner sends one of the drafts


@dataclass(frozen=True, slots=True)
class Step:
    """One step: at `moment` (aware) `octets` come into a mailbox, or the draft to `recipient` is sent by the owner."""

    moment: datetime
    act: Act
    what: str  # in the words of a story-teller
    octets: bytes = b""
    recipient: str = ""


def tell_story(start: date) -> tuple[Step, ...]:
    """The steps in order; `start` is a Monday, and the story ends within `DAYS` days."""

    def arrives(day: int, clock: str, what: str, octets: bytes) -> Step:
        return Step(at(start, day, clock), Act.ARRIVES, what, octets)

    def sends(day: int, clock: str, name: str, recipient: str) -> Step:
        return Step(at(start, day, clock), Act.SENDS, f"Ana sends the letter to {name}", recipient=recipient)

    accepted = "Ana answers Marcus Bell: Thursday suits"
    return (
        arrives(0, "09:12", "A newsletter: “Seize the interview”", mailbox.newsletter(start)),
        arrives(0, "09:40", "A job alert with interviews in its advertisements", mailbox.job_alert(start)),
        arrives(
            0, "10:05", "Larkspur Health invites to a panel, with a calendar part", mailbox.panel_invitation(start)
        ),
        arrives(
            0,
            "11:30",
            "Brightwater Energy's applicant system confirms a phone screen, in HTML",
            mailbox.applicant_system_confirmation(start),
        ),
        arrives(0, "14:00", "Marcus Bell of Fenwick Lifts proposes a time", mailbox.proposal_of_a_time(start)),
        Step(at(start, 0, "15:20"), Act.WRITTEN, accepted, mailbox.owners_acceptance(start)),
        arrives(0, "15:48", "Marcus Bell: “Confirmed, talk then.”", mailbox.one_line_confirmation(start)),
        arrives(1, "09:30", "Alder Trust invites to an interview", mailbox.charity_invitation(start)),
        sends(1, "17:00", "Maya Okafor", "maya.okafor@brightwater.example"),
        arrives(2, "08:50", "Marcus Bell moves Thursday to Friday", mailbox.reschedule(start)),
        arrives(2, "11:00", "Alder Trust cancels", mailbox.charity_cancellation(start)),
        sends(2, "18:00", "Tomás Rivera", "tomas.rivera@larkspur.example"),
        arrives(2, "18:01", "Tomás Rivera is out of the office", mailbox.out_of_office(start)),
        sends(2, "18:05", "Priya Raman", "priya.raman@larkspur.example"),
        sends(4, "14:30", "Marcus Bell", "marcus.bell@fenwick.example"),
        arrives(4, "15:00", "Marcus Bell says by when there will be news", mailbox.promise_of_news(start)),
        arrives(8, "16:40", "Brightwater Energy declines", mailbox.rejection(start)),
    )


def moments_of(start: date) -> tuple[datetime, ...]:
    """When the worker looks: at every step, and each waking hour of every day of the story, in order."""
    hours = (at(start, day, f"{hour:02}:00") for day in range(DAYS) for hour in _WAKING_HOURS)
    steps = (step.moment + timedelta(seconds=30) for step in tell_story(start))
    return tuple(sorted({*hours, *steps}))
