"""What follows when nobody answers, or somebody does: stories of waiting, through the real command on a Dovecot."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from tests.e2e.home import Home
from tests.e2e.post import note

ELENA = "Elena Marsh <elena.marsh@corvid.example>"
JONAS = "Jonas Feld <jonas.feld@corvid.example>"
SUBJECT = "Interview for the Data Engineer position at Corvid Analytics"
INVITED = "<i1@corvid.example>"
LISBON = ZoneInfo("Europe/Lisbon")
TALK = datetime(2026, 12, 14, 15, tzinfo=LISBON)  # a Monday
ASKED = datetime(2026, 12, 8, 11, tzinfo=UTC)


def invited(day: datetime, *, asked: datetime, text: str = "", subject: str = SUBJECT) -> EmailMessage:
    """A recruiter confirms a talk with somebody in copy."""
    text = text or (
        "Hi Ana,\n\nI am confirming your interview with Jonas Feld (Head of Data, in cc) for the Data Engineer "
        f"position on {day:%A, %B} {day.day}, {day.year} at {day:%H:%M} Lisbon time, 45 minutes, on Google Meet.\n\n"
        "Best,\nElena\n--\nElena Marsh\nSenior Recruiter | Corvid Analytics\n"
    )
    message = note(subject, text, at=asked, sender=ELENA, message_id=INVITED)
    message["Cc"] = JONAS
    return message


def answer(text: str, *, at: datetime, sender: str = ELENA, message_id: str = "<i2@corvid.example>") -> EmailMessage:
    return note(f"Re: {SUBJECT}", text, at=at, sender=sender, message_id=message_id, answers=INVITED)


def drafts_of(home: Home, purpose: str) -> list[dict]:
    return [draft for case in home.status() for draft in case["drafts"] if draft["purpose"] == purpose]


def uid_of(home: Home, draft: dict) -> int:
    return next(uid for uid, one in home.messages().items() if one["Message-ID"] == draft["message_id"])


def test_two_status_checks_and_a_third_only_when_asked_for(home: Home) -> None:
    home.deliver(invited(TALK, asked=ASKED))
    home.rehearse("2026-12-08T12:00Z", "2026-12-21T08:59Z", "1d")
    home.rehearse("2026-12-21T08:59Z", "2026-12-21T09:00Z", "1m")
    (first,) = drafts_of(home, "status_check")
    assert ("2026-12-21T09:00:00+00:00", ["elena.marsh@corvid.example"]) == (first["placed_at"], first["to"])
    home.send(uid_of(home, first))
    home.rehearse("2026-12-22T09:00Z", "2027-01-06T09:00Z", "12h")
    second = drafts_of(home, "status_check")[-1]
    assert "2027-01-05T09:00:00+00:00" == second["due"]  # 14 days after it was found sent, on a business morning
    home.send(uid_of(home, second))
    home.rehearse("2027-01-07T10:00Z", "2027-03-20T10:00Z", "1d")
    assert ["sent", "sent"] == [draft["state"] for draft in drafts_of(home, "status_check")]
    home.run("draft", home.status()[0]["id"], "status_check")
    home.rehearse("2027-03-21T10:00Z", "2027-03-21T10:00Z")
    assert ["sent", "sent", "placed"] == [draft["state"] for draft in drafts_of(home, "status_check")]


def test_days_far_from_the_day_of_delivery_are_rehearsed_and_easter_counts(home: Home) -> None:
    home.deliver(
        invited(datetime(2031, 4, 4, 15, tzinfo=LISBON), asked=datetime(2031, 3, 28, 11, tzinfo=UTC)),
        at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    home.rehearse("2031-03-28T12:00Z", "2031-04-05T12:00Z", "12h")
    (check,) = drafts_of(home, "status_check")
    assert "2031-04-14T08:00:00+00:00" == check["due"]  # Good Friday is passed over, and Lisbon keeps summer time


def test_a_word_from_the_interviewer_starts_the_wait_anew_and_the_recruiter_is_asked(home: Home) -> None:
    home.deliver(invited(TALK, asked=ASKED))
    at = datetime(2026, 12, 15, 12, tzinfo=UTC)
    home.deliver(answer("Hello Ana,\n\nGreat talking to you yesterday.\n\nJonas\n", at=at, sender=JONAS))
    home.rehearse("2026-12-08T12:00Z", "2026-12-22T12:00Z", "12h")
    placed = [draft for draft in drafts_of(home, "status_check") if draft["state"] == "placed"]
    assert [("2026-12-22T09:00:00+00:00", ["elena.marsh@corvid.example"])] == [(d["due"], d["to"]) for d in placed]


def test_an_answer_takes_an_untouched_status_check_back_within_one_cycle_and_leaves_an_edited_one(home: Home) -> None:
    home.deliver(invited(TALK, asked=ASKED))
    home.rehearse("2026-12-08T12:00Z", "2026-12-21T12:00Z", "12h")
    (check,) = drafts_of(home, "status_check")
    at = datetime(2026, 12, 21, 14, tzinfo=UTC)
    home.deliver(answer("Hi Ana,\n\nSorry for the wait, we are still deciding.\n\nElena\n", at=at))
    home.rehearse("2026-12-21T14:10Z", "2026-12-21T14:10Z")
    assert ["jonas.feld@corvid.example"] == home.drafts_to()
    home.rehearse("2026-12-21T15:00Z", "2026-12-28T15:00Z", "12h")
    (check,) = drafts_of(home, "status_check")
    uid = uid_of(home, check)
    edited = home.messages()[uid]
    edited.set_content(edited.get_content() + "\nPS: I passed my exam.\n")
    home.replace(uid, edited)
    later = answer(
        "Hi Ana,\n\nStill no decision.\n\nElena\n", at=at + timedelta(days=8), message_id="<i3@corvid.example>"
    )
    home.deliver(later)
    home.rehearse("2026-12-29T15:00Z", "2027-01-15T12:00Z", "1d")
    assert ["elena.marsh@corvid.example", "jonas.feld@corvid.example"] == home.drafts_to()
    assert ["edited"] == [draft["state"] for draft in drafts_of(home, "status_check")]


def test_what_the_employer_waits_for_comes_first(home: Home) -> None:
    home.deliver(invited(TALK, asked=ASKED))
    asks = answer(
        "Hi Ana,\n\nJonas would like to move you forward. Could you please send me two references?\n\nElena\n",
        at=datetime(2026, 12, 15, 12, tzinfo=UTC),
    )
    home.deliver(asks)
    home.rehearse("2026-12-08T12:00Z", "2026-12-29T12:00Z", "12h")
    assert "awaiting_owner" == home.status()[0]["state"]
    (check,) = drafts_of(home, "status_check")
    assert ("withdrawn", "the employer waits for your answer") == (check["state"], check["reason"])
    own = note(
        f"Re: {SUBJECT}",
        "Hi Elena,\n\nOf course: Paula Reis and Mark Hill.\n\nAna\n",
        at=datetime(2026, 12, 29, 15, tzinfo=UTC),
        sender="Ana Lima <ana@home.example>",
        to=ELENA,
        message_id="<o1@home.example>",
        answers="<i2@corvid.example>",
    )
    home.deliver(own, "Sent")
    home.rehearse("2026-12-29T16:00Z", "2026-12-30T12:00Z", "6h")
    assert "2027-01-05T09:00:00+00:00" == drafts_of(home, "status_check")[0]["due"]


def test_a_rejection_before_and_after_nine_is_answered_at_the_next_nine(home: Home) -> None:
    home.deliver(invited(TALK, asked=ASKED))
    no = (
        "Dear Ana,\n\nThank you for taking the time to interview with us for the Data Engineer position. "
        "Unfortunately, we have decided to move forward with another candidate.\n\nBest,\nElena\n"
    )
    home.deliver(answer(no, at=datetime(2026, 12, 17, 9, 0, tzinfo=UTC)))
    home.rehearse("2026-12-08T12:00Z", "2026-12-17T08:59Z", "1d")
    home.rehearse("2026-12-17T09:00Z", "2026-12-18T08:50Z", "1h")
    assert [] == home.drafts_to()
    home.rehearse("2026-12-18T09:00Z", "2026-12-18T09:00Z")
    (reply,) = home.messages().values()
    assert ("<i2@corvid.example>", "Elena Marsh <elena.marsh@corvid.example>") == (reply["In-Reply-To"], reply["To"])
    home.remove("Drafts", next(iter(home.messages())))
    home.rehearse("2026-12-18T10:00Z", "2026-12-30T10:00Z", "1d")
    assert [] == home.drafts_to()
    home.run("draft", home.status()[0]["id"], "rejection_reply")
    home.rehearse("2026-12-30T12:00Z", "2026-12-30T12:00Z")
    assert ["elena.marsh@corvid.example"] == home.drafts_to()


def test_a_conversation_in_a_language_without_letters_is_held(home: Home) -> None:
    text = (
        "Hej Ana,\n\nJag bekräftar din intervju för tjänsten på Kråka. Du kommer att träffa Jonas Feld.\n\n"
        "Interview: Monday, December 14, 2026 at 15:00 Lisbon time\n\nVänliga hälsningar,\nElena Marsh\n"
    )
    home.deliver(invited(TALK, asked=ASKED, text=text))
    home.rehearse("2026-12-08T12:00Z", "2026-12-22T12:00Z", "12h")
    assert [] == home.drafts_to()
    assert {"held"} == {draft["state"] for draft in drafts_of(home, "status_check")}
    home.run("confirm", home.status()[0]["id"])
    home.rehearse("2026-12-22T14:00Z", "2026-12-22T14:00Z")
    assert [] == home.drafts_to()
