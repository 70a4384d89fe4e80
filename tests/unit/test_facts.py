"""What reading promises for messages that no corpus holds."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup_mail.core.facts import Facts, Kind, establish_facts
from followup_mail.core.message import Message, MessageKey, Received, parse_message

OWNER = "ana@home.example"
HEAD = """From: {sender}
To: Ana Lima <ana@home.example>
Subject: {subject}
Date: Tue, 01 Dec 2026 10:00:00 +0000
Message-ID: <{number}@corvo.example>
Content-Type: text/plain; charset=utf-8

{text}
"""
EVENT = """
--b
Content-Type: text/calendar; method={method}; charset=utf-8

BEGIN:VCALENDAR
VERSION:2.0
METHOD:{method}
BEGIN:VEVENT
UID:{uid}
DTSTART:20261210T{hour}0000Z
DTEND:20261210T{hour}4500Z
SUMMARY:{title}
ORGANIZER;CN=Hanna Weiss:mailto:hanna@corvo.example
ATTENDEE;CN={name}:mailto:{address}
ATTENDEE;CN=Ana Lima:mailto:ana@home.example
END:VEVENT
END:VCALENDAR
"""


def parse(octets: bytes) -> Message:
    return parse_message(Received(MessageKey("INBOX", 1, 1), frozenset(), datetime(2026, 12, 1, tzinfo=UTC), octets))


def read(text: str, subject: str = "Interview", sender: str = "Hanna Weiss <hanna@corvo.example>") -> Facts:
    message = parse(HEAD.format(text=text, subject=subject, sender=sender, number=1).encode())
    return establish_facts(message, me=[OWNER], zone="Europe/Lisbon")


def invite(method: str, subject: str, *events: tuple[str, str, str, str, str]) -> Message:
    parts = "".join(
        EVENT.format(method=method, uid=uid, hour=hour, title=title, name=name, address=address)
        for uid, hour, title, name, address in events
    )
    head = HEAD.format(text="", subject=subject, sender="Hanna Weiss <hanna@corvo.example>", number=2)
    return parse(
        head.replace("text/plain; charset=utf-8", "multipart/mixed; boundary=b").encode() + parts.encode() + b"--b--"
    )


CODING = ("u1", "09", "Coding - Jo Keller / Ana Lima", "Jo Keller", "jo@corvo.example")
DESIGN = ("u2", "11", "Design - Mei Haddad / Ana Lima", "Mei Haddad", "mei@corvo.example")


@settings(deadline=None)  # CPU time is measured by the fuzzing; here a pattern may be compiled for the first time
@given(st.text(max_size=400), st.text(max_size=60), st.binary(max_size=200))
def test_any_message_has_facts(text: str, subject: str, junk: bytes) -> None:
    head = HEAD.format(text=text, subject=subject, sender="x", number=1).encode("utf-8", "replace")

    facts = [establish_facts(parse(octets), me=[OWNER], zone="Europe/Lisbon", expected=True) for octets in (head, junk)]

    assert all(isinstance(one, Facts) for one in facts)


def test_each_of_several_invitations_keeps_its_own_people() -> None:
    message = invite("REQUEST", "Your onsite interview at Corvo", CODING, DESIGN)

    facts = establish_facts(message, me=[OWNER], zone="Europe/Lisbon")

    assert [["jo@corvo.example"], ["mei@corvo.example"]] == [[p.addr_spec for p in m.people] for m in facts.meetings]


def test_a_cancelled_event_of_the_thread_is_an_interview_whatever_its_title_says() -> None:
    earlier = invite("REQUEST", "Your onsite interview at Corvo", DESIGN)
    message = invite("CANCEL", "Canceled: Design", DESIGN)

    facts = establish_facts(message, thread=[earlier], me=[OWNER], zone="Europe/Lisbon")

    assert (Kind.INTERVIEW_CANCELLATION, ["u2"]) == (facts.kind, [m.ical_uid for m in facts.meetings])


def test_an_interview_called_off_with_new_times_to_come_is_cancelled_and_promises_nothing() -> None:
    facts = read("Unfortunately we have to cancel your interview tomorrow. I'll be in touch next week with new times.")

    assert (Kind.INTERVIEW_CANCELLATION, None) == (facts.kind, facts.promised_by)


def test_a_change_that_is_only_asked_for_leaves_the_fixed_time() -> None:
    facts = read("Could we push today's interview back an hour? Tell me if that is a problem.", "Interview at Corvo")

    assert Kind.AVAILABILITY_REQUEST is facts.kind


def test_a_cancelled_interview_with_another_candidate_chosen_is_a_rejection() -> None:
    facts = read("We have to cancel the interview on Monday, as we have decided to proceed with another candidate.")

    assert Kind.REJECTION is facts.kind


def test_a_clients_people_are_interviewers_and_the_agency_none() -> None:
    text = (
        "My client, Corvo, would like to interview you for the Data Engineer position on Thursday 10 December at 15:00"
        " (Lisbon time). You will be meeting Jonas Keller (Head of Data).\n\nRegards,\nRuth Adler\nHarrow Talent Ltd"
    )
    facts = read(text, "Interview confirmation - Corvo", "Ruth Adler <ruth@harrow.example>")

    assert ("Corvo", ["Jonas Keller"]) == (facts.company, [p.display_name for p in facts.meetings[0].people])


def test_a_day_without_a_time_holds_no_draft() -> None:
    facts = read("Your interview with Jonas Keller has been confirmed for Thursday 10 December.")

    assert [] == [doubt for doubt in facts.doubts if doubt.kind == "moment" and doubt.holds]


def test_a_person_who_signs_through_a_relay_is_no_machine() -> None:
    octets = HEAD.format(
        text="Hi Ana,\n\nThe hiring team needs two references. Could you send them?\n\nBest,\nElena",
        subject="Re: Data Engineer at Corvo", sender="Elena Marsh <elena-9f@hire.lever.co>", number=3,
    ).replace("Message-ID", "References: <owner@home.example>\nMessage-ID")  # fmt: skip
    facts = establish_facts(parse(octets.encode()), me=[OWNER], zone="Europe/Lisbon")

    assert (False, True) == (facts.automatic, facts.asks_owner)


def test_the_owner_who_asks_whether_there_is_news_has_enquired() -> None:
    facts = read("I wanted to ask whether there is any update on the position.", "Re: Interview", f"Ana <{OWNER}>")

    assert facts.enquiry


def test_luck_wished_by_a_friend_fixes_no_interview() -> None:
    assert Kind.OTHER is read("Saturday at 7 works. Fingers crossed for your interview with Corvo!", "Re: dinner").kind


def test_a_place_is_nobody_to_meet() -> None:
    facts = read(
        "Your interview is confirmed for Wednesday 9 December at 11:15 at our offices, The Old Mill, Moor Lane."
    )

    assert () == facts.meetings[0].people


@pytest.mark.parametrize(
    ("signature", "domain", "zone"),
    [
        ("Hanna Weiss\nCorvo Analytics\nRua da Boavista 118, Lisboa", "corvo.example", "Europe/Lisbon"),
        ("Hanna Weiss\nCorvo GmbH", "corvo.de", "Europe/Berlin"),
        ("Hanna Weiss\nParis · London", "corvo.de", "America/Chicago"),  # two places say nothing
        ("Hanna Weiss", "gmail.com", "America/Chicago"),
    ],
)
def test_a_time_without_zone_is_by_the_employers_clock(signature: str, domain: str, zone: str) -> None:
    octets = (
        f"From: Hanna Weiss <hanna.weiss@{domain}>\nTo: Ana Lima <ana@home.example>\nSubject: Your interview\n"
        "Date: Tue, 01 Dec 2026 10:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n"
        "Dear Ana,\n\nyour interview for the position of Data Engineer takes place on Monday, 7 December at 15:00.\n\n"
        f"Best regards,\n{signature}\n"
    )
    message = parse_message(Received(MessageKey("INBOX", 1, 1), frozenset(), None, octets.encode()))

    [meeting] = establish_facts(message, me=["ana@home.example"], zone="America/Chicago").meetings

    assert meeting.zone == zone
