"""The owner's digest: what it says, and that no value can bend its header."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup_mail.adapters.smtp import OwnerSubmitter, SmtpSettings
from followup_mail.digest import (
    Digest,
    DigestDue,
    DigestEntry,
    DigestQuestion,
    digest_subject,
    digest_text,
    say_moment,
    write_digest,
)
from followup_mail.errors import MessageError

LISBON = ZoneInfo("Europe/Lisbon")
NOW = datetime(2026, 12, 2, 16, 5, tzinfo=LISBON)
PANEL = DigestEntry(
    recipient="Priya Raman <priya@larkspur.example>",
    purpose="thank_you",
    about="Backend Engineer, Larkspur Health",
    start=datetime(2026, 12, 2, 14, tzinfo=UTC),
    evidence="Panel interview, Wednesday, 2 December, 14:00 to 15:00",
    hint="One line about Tomás would make his letter his.",
)
QUESTION = DigestQuestion("Did your conversation with Marcus Bell take place?", "followup-mail confirm fenwick")
DUE = DigestDue("a question how things stand, to Nora Ek", datetime(2026, 12, 10, 9, tzinfo=LISBON))
WHOLE = Digest("Ana Lima", "ana@home.example", (PANEL,), (QUESTION,), ("A letter lies unsent.",), (DUE,))


def read(octets: bytes) -> EmailMessage:
    message = message_from_bytes(octets, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_it_goes_from_the_owner_to_the_owner_and_says_that_a_machine_wrote_it() -> None:
    message = read(write_digest(WHOLE, message_id="<d1@home.example>", now=NOW))
    shown = [message[name] for name in ("From", "To", "Message-ID", "Auto-Submitted", "Content-Type")]
    assert [
        "Ana Lima <ana@home.example>",
        "Ana Lima <ana@home.example>",
        "<d1@home.example>",
        "auto-generated",
        'text/plain; charset="utf-8"',
    ] == [str(value) for value in shown]
    assert NOW == message["Date"].datetime
    assert digest_text(WHOLE, now=NOW) == message.get_content().replace("\r\n", "\n")


def test_it_tells_what_was_drafted_why_what_waits_and_what_is_next() -> None:
    expected = """\
Hello Ana,

1 draft waits in your Drafts. Read it over, change what you like, and
send it when it suits you.

To Priya Raman <priya@larkspur.example>
  A thank-you: Backend Engineer, Larkspur Health (interview on
  Wednesday, 2 December, 14:00).
  Why: “Panel interview, Wednesday, 2 December, 14:00 to 15:00”
  One line about Tomás would make his letter his.

One thing I would rather ask than guess:

  Did your conversation with Marcus Bell take place?
  To answer: followup-mail confirm fenwick

A letter lies unsent.

What comes next:
  Thursday, 10 December, 09:00: a question how things stand, to Nora Ek

Nothing leaves your mailbox until you send it yourself.
"""
    assert expected == digest_text(WHOLE, now=NOW)


def test_it_says_them_in_the_plural_and_leaves_out_what_there_is_not() -> None:
    relay = DigestEntry("Jo Park", "thank_you", passed_on_to=("Ben Adeyemi", "Sofia Lindqvist", "Hana Kobayashi"))
    letter = DigestEntry("Jo Park", "something_new", passed_on_to=("Ben Adeyemi",))
    twice = Digest("", "ana@home.example", (relay, letter), (QUESTION, QUESTION))
    expected = """\
Hello there,

2 drafts wait in your Drafts. Read them over, change what you like, and
send them when it suits you.

To Jo Park
  A thank-you.
  It asks to pass your thanks on to Ben Adeyemi, Sofia Lindqvist and
  Hana Kobayashi.

To Jo Park
  A letter.
  It asks to pass your thanks on to Ben Adeyemi.

I would rather ask than guess:

  Did your conversation with Marcus Bell take place?
  To answer: followup-mail confirm fenwick

  Did your conversation with Marcus Bell take place?
  To answer: followup-mail confirm fenwick

Nothing leaves your mailbox until you send it yourself.
"""
    assert expected == digest_text(twice, now=NOW)


@pytest.mark.parametrize(
    ("drafts", "questions", "expected"),
    [
        (1, 0, "1 draft waits in your Drafts"),
        (2, 0, "2 drafts wait in your Drafts"),
        (0, 1, "1 question waits for you"),
        (0, 2, "2 questions wait for you"),
        (3, 1, "3 drafts and 1 question wait for you"),
        (0, 0, "A word about what comes next"),
    ],
)
def test_the_subject_names_nobody_and_not_the_matter(drafts: int, questions: int, expected: str) -> None:
    digest = Digest("Ana Lima", "ana@home.example", (PANEL,) * drafts, (QUESTION,) * questions)
    assert expected == digest_subject(digest)


def test_a_moment_is_told_in_the_owners_zone_with_the_year_where_it_is_another() -> None:
    told = [
        say_moment(datetime(2026, 7, 1, 13, tzinfo=UTC), now=NOW),
        say_moment(datetime(2027, 1, 4, 9, tzinfo=UTC), now=NOW),
    ]
    assert ["Wednesday, 1 July, 14:00", "Monday, 4 January 2027, 09:00"] == told


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        ("Ana Lima", "Ana Lima"),
        ("João São Miguel", "João São Miguel"),
        ("Lima, Ana (home) <x@y.example>", "Lima Ana home x y example"),
        ("Ana\r\nBcc: priya@larkspur.example", "Ana Bcc priya larkspur example"),
        ("李娜" * 30, "李娜" * 7 + "李"),
        ("", ""),
    ],
)
def test_the_owners_name_stays_a_name(owner: str, expected: str) -> None:
    message = read(write_digest(Digest(owner, "ana@home.example"), message_id="<d1@home.example>", now=NOW))
    (address,) = message["To"].addresses
    assert (expected, "ana@home.example") == (address.display_name, address.addr_spec)


@pytest.mark.parametrize(
    ("addr_spec", "message_id"),
    [
        ("ana@home.example\r\nBcc: p@l.example", "<d1@home.example>"),
        ("ana", "<d1@home.example>"),
        ("ana@home.example", "<d1@home.example>\r\nBcc: p@l.example"),
        ("ana@home.example", "d1@home.example"),
    ],
)
def test_an_address_or_message_id_that_is_not_plain_is_refused(addr_spec: str, message_id: str) -> None:
    with pytest.raises(MessageError):
        write_digest(Digest("Ana Lima", addr_spec), message_id=message_id, now=NOW)


def test_signs_that_turn_or_hide_text_are_left_out() -> None:
    entry = DigestEntry("Priya\u202e\u200b\x07 Raman", "thank_you", evidence="a\nb\u2028c\ud800" + "long " * 200)
    text = digest_text(Digest("Ana", "ana@home.example", (entry,)), now=NOW)
    assert "To Priya Raman\n" in text
    assert "Why: “a b c long long" in text
    assert set() == {character for character in text if character in "\u202e\u200b\x07\u2028\ud800"}


@given(
    owner=st.text(max_size=80),
    recipient=st.text(max_size=80),
    about=st.text(max_size=80),
    evidence=st.text(max_size=250),
    question=st.text(max_size=80),
)
def test_whatever_the_values_the_submitter_takes_it_and_lines_stay_short(
    owner: str, recipient: str, about: str, evidence: str, question: str
) -> None:
    entry = DigestEntry(recipient, "thank_you", about=about, evidence=evidence, hint=about)
    digest = Digest(
        owner, "ana@home.example", (entry,), (DigestQuestion(question, about),), (recipient,), (DigestDue(about, NOW),)
    )
    octets = write_digest(digest, message_id="<d1@home.example>", now=NOW)
    submitter = OwnerSubmitter(SmtpSettings("127.0.0.1", 1, tls="none"), ["ana@home.example"])
    assert "ana@home.example" == submitter._checked_sender(octets, "ana@home.example")
    assert [] == [line for line in octets.split(b"\r\n") if len(line) > 100]
    assert digest_text(digest, now=NOW) == read(octets).get_content().replace("\r\n", "\n")
