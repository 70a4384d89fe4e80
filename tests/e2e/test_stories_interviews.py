"""Stories of interviews on a real Dovecot: moved, declined, written by hand, and a ledger that was lost."""

import shutil
from datetime import UTC, datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from tests.e2e.home import Home
from tests.e2e.post import MAYA, PANEL, invitation, note

LISBON = ZoneInfo("Europe/Lisbon")
ASKED = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
HELD = datetime(2026, 12, 3, 14, 0, tzinfo=LISBON)
PEOPLE = sorted(addr for _, addr in PANEL)
PRIYA, TOMAS, INGRID = (addr for _, addr in PANEL)
OWN = "Ana Lima <ana@home.example>"


def place_panel(home: Home) -> dict[str, int]:
    """The panel's drafts are placed; their uids by recipient."""
    home.deliver(invitation(HELD, at=ASKED))
    home.rehearse("2026-12-03T15:00Z", "2026-12-03T16:00Z")
    return {message["To"].addresses[0].addr_spec: uid for uid, message in home.messages().items()}


def states(home: Home) -> dict[str, str]:
    return {d["to"][0]: d["state"] for case in home.status() for d in case["drafts"] if d["purpose"] == "thank_you"}


def lose_ledger(home: Home) -> None:
    shutil.rmtree(home.folder / "state")


def test_a_lost_ledger_doubles_nothing_in_drafts_and_nothing_sent_or_thrown_away(home: Home) -> None:
    uids = place_panel(home)
    edited = home.messages()[uids[PRIYA]]
    edited.set_content(edited.get_content() + "\nP.S. The diagram on the wall stayed with me.\n")
    home.replace(uids[PRIYA], edited)
    home.send(uids[TOMAS])
    home.deliver(home.messages()[uids[INGRID]], "Trash")
    home.remove("Drafts", uids[INGRID])
    lose_ledger(home)
    home.rehearse("2026-12-03T16:00Z", "2026-12-05T16:00Z", "4h")
    assert [PRIYA] == home.drafts_to()
    (left,) = home.messages().values()
    assert edited.get_content().splitlines() == left.get_content().splitlines()
    assert "discarded" == states(home)[INGRID]


def test_a_letter_of_thanks_begun_by_hand_is_not_doubled(home: Home) -> None:
    home.deliver(invitation(HELD, at=ASKED))
    begun = note(
        "Thank you",
        "Hi Priya,\n\nthank you so much for the conversation today. I\n",
        at=datetime(2026, 12, 3, 15, 30, tzinfo=UTC),
        sender=OWN,
        to=f"Priya Raman <{PRIYA}>",
        message_id="<by-hand@home.example>",
    )
    home.deliver(begun, "Drafts")
    home.rehearse("2026-12-03T15:00Z", "2026-12-04T15:00Z", "2h")
    assert PEOPLE == home.drafts_to()


def test_our_letter_sent_to_the_whole_panel_thanks_them_all(home: Home) -> None:
    uids = place_panel(home)
    letter = home.messages()[uids[PRIYA]]
    del letter["To"]
    letter["To"] = ", ".join(PEOPLE)
    home.deliver(letter, "Sent")
    home.remove("Drafts", uids[PRIYA])
    home.rehearse("2026-12-03T17:00Z", "2026-12-04T15:00Z", "6h")
    assert [] == home.drafts_to()


def test_thanks_placed_for_what_was_put_off_to_the_evening_come_again_after_it(home: Home) -> None:
    place_panel(home)
    evening = HELD.replace(hour=18)
    moved = datetime(2026, 12, 3, 16, 10, tzinfo=UTC)
    home.deliver(invitation(evening, at=moved, message_id="<panel-9@larkspur.example>", sequence=1))
    home.rehearse("2026-12-03T16:30Z", "2026-12-03T19:30Z", "30m")
    assert [] == home.drafts_to()
    home.rehearse("2026-12-03T20:00Z", "2026-12-04T15:00Z", "4h")
    assert PEOPLE == home.drafts_to()


def test_an_interview_moved_in_prose_that_names_nobody_keeps_its_people(home: Home) -> None:
    home.deliver(invitation(HELD, at=ASKED))
    text = (
        "Hi Ana,\n\nI'm so sorry, but one of us has a conflict. We need to move your interview from Thursday, 3 "
        "December at 14:00 to Tuesday, 8 December at 10:30 (Lisbon time).\n\nBest,\nMaya\n"
    )
    day = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    home.deliver(
        note("Change to your interview with Larkspur Health", text, at=day, message_id="<m2@larkspur.example>")
    )
    home.rehearse("2026-11-27T12:00Z", "2026-12-08T12:00Z", "12h")
    assert [] == home.drafts_to()
    home.rehearse("2026-12-08T12:30Z", "2026-12-08T13:30Z")
    assert PEOPLE == home.drafts_to()


def test_a_day_that_gets_its_time_later_is_one_interview(home: Home) -> None:
    day = note(
        "Interview confirmation: Backend Engineer at Larkspur Health",
        "Hi Ana,\n\nI'm happy to confirm your interview for the Backend Engineer role at Larkspur Health on Thursday, "
        "December 3. The exact time will follow. You'll be speaking with Daniel Roth, our Head of Data.\n\nBest,\n"
        "Maya Okafor\n",
        at=ASKED,
        message_id="<day-1@larkspur.example>",
    )
    time = note(
        "Re: Interview confirmation: Backend Engineer at Larkspur Health",
        "Hi Ana,\n\nthe time for your interview on Thursday is now confirmed: 11:00 - 12:00 (Lisbon time).\n\nMaya\n",
        at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC),
        message_id="<day-2@larkspur.example>",
        answers="<day-1@larkspur.example>",
    )
    home.deliver(day)
    home.deliver(time)
    home.rehearse("2026-11-30T12:00Z", "2026-12-03T12:00Z", "12h")
    (case,) = home.status()
    assert ["2026-12-03T11:00:00+00:00"] == [interview["start"] for interview in case["interviews"]]
    home.rehearse("2026-12-03T12:30Z", "2026-12-03T13:30Z", "30m")
    assert ["maya.okafor@larkspur.example"] == home.drafts_to()


def test_drafts_made_anew_under_another_uidvalidity_are_known_again(home: Home) -> None:
    uids = place_panel(home)
    copies: dict[int, EmailMessage] = home.messages()
    edited = copies[uids[PRIYA]]
    edited.set_content(edited.get_content() + "\nP.S. Mine.\n")
    client = home.server.client(home.username)
    try:
        client.delete("Drafts")
        client.create("Drafts")
    finally:
        client.logout()
    for copy in copies.values():
        home.deliver(copy, "Drafts")
    home.rehearse("2026-12-03T17:00Z", "2026-12-04T15:00Z", "6h")
    assert PEOPLE == home.drafts_to()
    assert {PRIYA: "edited", TOMAS: "placed", INGRID: "placed"} == states(home)


def test_the_owners_no_to_an_invitation_brings_no_thanks_and_a_new_time_brings_them(home: Home) -> None:
    home.deliver(invitation(HELD, at=ASKED))
    no = note(
        "Declined: Panel interview",
        "Ana Lima has declined this invitation.\n",
        at=datetime(2026, 11, 28, 9, 0, tzinfo=UTC),
        sender=OWN,
        to=MAYA,
        message_id="<no-1@home.example>",
    )
    calendar = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:panel-1@larkspur.example\r\n"
        "DTSTAMP:20261128T090000Z\r\nDTSTART:20261203T140000Z\r\nORGANIZER:mailto:maya.okafor@larkspur.example\r\n"
        "ATTENDEE;PARTSTAT=DECLINED:mailto:ana@home.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    no.add_attachment(calendar.encode(), maintype="text", subtype="calendar", params={"method": "REPLY"})
    home.deliver(no, "Sent")
    home.rehearse("2026-11-29T12:00Z", "2026-12-04T12:00Z", "12h")
    assert [] == home.drafts_to()
    assert "cancelled" == home.status()[0]["state"]
    moved = datetime(2026, 12, 4, 13, 0, tzinfo=UTC)
    later = datetime(2026, 12, 8, 11, 0, tzinfo=LISBON)
    home.deliver(invitation(later, at=moved, message_id="<panel-8@larkspur.example>", sequence=1))
    home.rehearse("2026-12-04T14:00Z", "2026-12-08T14:00Z", "12h")
    home.rehearse("2026-12-08T14:00Z", "2026-12-08T14:00Z")
    assert PEOPLE == home.drafts_to()
