"""What octets are read as."""

import base64
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup_mail.core.message import Message, MessageKey, Received, parse_header_fields, parse_message
from followup_mail.core.message.fields import parse_date, parse_message_ids, parse_parameters
from followup_mail.core.who import Address

KEY = MessageKey("INBOX", 1, 7)
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HEAD = "From: Tom Reed <tom@acme.example>\nTo: Ana <ana@home.example>\nSubject: Interview\n"
ICS = """BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
UID:{uid}
DTSTART:20261201T143000Z
SUMMARY:Interview
END:VEVENT
END:VCALENDAR
"""


def read(text: str | bytes) -> Message:
    octets = text if isinstance(text, bytes) else text.replace("\n", "\r\n").encode()
    return parse_message(Received(KEY, frozenset({r"\Seen"}), AT, octets))


def mixed(*parts: str, kind: str = "mixed", head: str = HEAD, end: str = "--b--\n") -> str:
    return f"{head}Content-Type: multipart/{kind}; boundary=b\n\n" + "".join(f"--b\n{part}\n" for part in parts) + end


def test_a_plain_message_is_read_whole() -> None:
    message = read(
        HEAD + "Cc: Jo <jo@acme.example>\nReply-To: hr@acme.example\nMessage-ID: <1@acme.example>\n"
        "In-Reply-To: <0@home.example>\nReferences: <a@x.example>\n <0@home.example>\n"
        "Date: Fri, 20 Nov 2026 10:00:00 +0100\n"
        "Authentication-Results: mx.home.example; dkim=pass\nAuthentication-Results: other\n\nTuesday at two.\n"
    )
    assert (KEY, AT, frozenset({r"\Seen"}), ()) == (message.key, message.received, message.flags, message.defects)
    assert Address("tom@acme.example", "Tom Reed") == message.sender
    assert (Address("ana@home.example", "Ana"),) == message.to
    assert (Address("jo@acme.example", "Jo"),) == message.cc
    assert (Address("hr@acme.example"),) == message.reply_to
    assert ("<1@acme.example>", ("<a@x.example>", "<0@home.example>")) == (message.message_id, message.references)
    assert AT == message.date == message.sent_at
    assert ("mx.home.example; dkim=pass", "other") == message.authentication
    assert ("Interview", "Tuesday at two.", "") == (message.subject, message.body.fresh, message.automatic)


def test_a_bare_calendar_is_a_message_without_header() -> None:
    message = read("\ufeff" + ICS.format(uid="1"))
    assert (["1"], None, ("header-missing",)) == (
        [found.ical_uid for found in message.invitations],
        message.sender,
        message.defects,
    )


def test_a_bare_calendar_in_utf_16_is_one_too() -> None:
    assert 1 == len(read(ICS.format(uid="1").encode("utf-16")).invitations)


@pytest.mark.parametrize(
    ("octets", "subject", "fresh"),
    [
        ("\n\nSubject: s\n\nt", "s", "t"),
        ("From tom Fri Nov 20\nSubject: s\n\nt", "s", "t"),
        ("Subject: s\nno field\nX: y\n\nt", "s", "t"),
        ("Subject: s\nHello Ana,\n\ntwo?", "s", "Hello Ana,\n\ntwo?"),
        ("Subject: s\n folded\nHello Ana,\ntwo?\n\nTom", "s folded", "Hello Ana,\ntwo?\n\nTom"),
        ("Hello Ana,\n\ntwo?", "", "Hello Ana,\n\ntwo?"),
        (b"Subject: s\r\rt", "s", "t"),
        (b"Subject: s\n folded\r\n\r\nt", "s folded", "t"),
        (b"Subject: \xfcber uns\n\nt", "über uns", "t"),
        ("Subject: über uns\n\nt", "über uns", "t"),
        ("Subject: s", "s", ""),
        ("", "", ""),
        ("\nonly a body", "", "only a body"),
    ],
)
def test_a_broken_header_loses_neither_subject_nor_text(octets: str | bytes, subject: str, fresh: str) -> None:
    message = read(octets)
    assert (subject, fresh) == (message.subject, message.body.fresh)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (
            "Content-Type: text/plain; charset=latin1\nContent-Transfer-Encoding: quoted-printable\n\nGr=FC=DFe=\n!",
            "Grüße!",
        ),
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nR3L8 w7zDn2U", "GrüÃ¼Ãße"),
        ("Content-Transfer-Encoding: base64\n\nSGVsbG8*", "Hello"),
        ("Content-Transfer-Encoding: base64\n\nSGVsbG8hQ", "Hello!"),
        ("Content-Transfer-Encoding: rot13\n\nHello", "Hello"),
        ("Content-Type: text\n\nHello", "Hello"),
        ("Content-Type: text/html\n\n<meta charset=utf-8><p>Grüße</p>", "Grüße"),
        ("Content-Type: text/html; charset=no-such\n\n<p>Grüße</p>", "Grüße"),
        ("Content-Type: text/plain\n\n<html><p>Hello</p></html>", "Hello"),
        ("Content-Type: text/enriched\n\n<bold>Hello</bold>", "Hello"),
        (
            "Content-Type: text/plain; format=flowed\n\nTuesday, \n1 December\nTime: \nTwo",
            "Tuesday, 1 December\nTime: Two",
        ),
        ("Content-Type: text/plain; format=flowed; delsp=yes\n\nTues \nday", "Tuesday"),
        ("Content-Type: multipart/mixed; boundary=none\n\nHello", "Hello"),
        ("Content-Type: multipart/mixed\n\nHello", "Hello"),
    ],
)
def test_a_part_is_decoded_as_far_as_it_can_be(part: str, expected: str) -> None:
    if "R3L8" in part:
        part = part.replace("R3L8 w7zDn2U", base64.b64encode("Grüße".encode("cp1252")).decode())
        expected = "Grüße"
    assert expected == read(HEAD + part).body.fresh


def test_utf_16_text_is_read() -> None:
    assert "Grüße" == read(HEAD.encode() + b"\n" + "Grüße".encode("utf-16")).body.fresh


TABLE = "<table><tr><td>When</td><td>1 Dec, 14:00</td></tr></table>"


@pytest.mark.parametrize(
    ("plain", "html", "expected"),
    [
        (
            "Tuesday at two, in the blue room.",
            "<p>Tuesday at two, in the blue room.</p>",
            "Tuesday at two, in the blue room.",
        ),
        ("", "<p>Tuesday at two.</p>", "Tuesday at two."),
        ("See the HTML part.", "<p>" + "Tuesday at two. " * 20 + "</p>", ("Tuesday at two. " * 20).strip()),
        ("When\n1 Dec, 14:00\nand some more words", TABLE, "When | 1 Dec, 14:00"),
        ("When: 1 Dec, 14:00", TABLE, "When: 1 Dec, 14:00"),
        ("Tuesday at two.", "", "Tuesday at two."),
    ],
)
def test_of_two_alternatives_the_richer_is_read(plain: str, html: str, expected: str) -> None:
    text = mixed(f"Content-Type: text/plain\n\n{plain}", f"Content-Type: text/html\n\n{html}", kind="alternative")
    assert expected == read(text).body.fresh


def test_an_alternative_may_hold_a_related_part() -> None:
    inner = "Content-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html\n\n<p>Two.</p>\n--c--"
    text = mixed("Content-Type: text/plain\n\n", inner, "Content-Type: image/png\n\nx", kind="alternative")
    assert "Two." == read(text).body.fresh


def test_the_same_text_twice_is_read_once() -> None:
    text = mixed("Content-Type: text/plain\n\nTwo.", "Content-Type: text/html\n\n<p>Two.</p>", "\nMore.")
    assert "Two.\n\nMore." == read(text).body.fresh


def test_an_attached_text_is_a_name_and_no_text() -> None:
    part = (
        "Content-Type: text/plain; name=cv.txt\nContent-Disposition: attachment; filename*=utf-8''c%C3%BC.txt\n\nsecret"
    )
    message = read(mixed("\nTwo.", part, end=""))
    assert ("Two.", ("cü.txt",)) == (message.body.fresh, message.attachment_names)


INLINE = "Content-Type: text/plain\nContent-Disposition: inline; filename=m.txt\n\nOne."


@pytest.mark.parametrize(("parts", "expected"), [((INLINE,), "One."), (("\nTwo.", INLINE), "Two.")])
def test_a_named_text_shown_in_place_is_the_body_only_where_no_other_is(parts: tuple[str, ...], expected: str) -> None:
    assert expected == read(mixed(*parts)).body.fresh


FORWARDED = (
    "Content-Type: message/rfc822\n\nFrom: Jo <jo@acme.example>\n"
    "Date: Fri, 20 Nov 2026 10:00:00 +0100\nSubject: Panel\n"
    "Content-Type: multipart/mixed; boundary=c\n\n--c\n\nTuesday at two.\n--c\nContent-Type: text/calendar\n\n"
    + ICS.format(uid="inner")
    + "--c--\n"
)


def test_a_message_forwarded_as_attachment_is_quoted_with_its_header() -> None:
    message = read(mixed("\nSee below.", FORWARDED))
    assert ("See below.", True) == (message.body.fresh, message.body.forwarded)
    assert (
        "From: Jo <jo@acme.example>\nDate: Fri, 20 Nov 2026 10:00:00 +0100\nSubject: Panel\n\nTuesday at two."
        == message.body.quoted
    )
    assert ["inner"] == [found.ical_uid for found in message.invitations]


def test_a_messages_own_invitation_goes_before_a_forwarded_one() -> None:
    message = read(mixed(FORWARDED, "Content-Type: text/calendar\n\n" + ICS.format(uid="outer")))
    assert ["outer"] == [found.ical_uid for found in message.invitations]


def test_an_attached_message_in_base64_is_read() -> None:
    inner = base64.b64encode(b"Subject: Panel\n\nTuesday at two.").decode()
    message = read(mixed(f"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}"))
    assert "Subject: Panel\n\nTuesday at two." == message.body.quoted


def test_a_digest_holds_messages() -> None:
    assert "Subject: Panel\n\nTwo." == read(mixed("\nSubject: Panel\n\nTwo.", kind="digest")).body.quoted


@pytest.mark.parametrize(
    "part",
    [
        "Content-Type: text/calendar; charset=utf-8\n\n" + ICS.format(uid="1"),
        "Content-Type: application/ics; name=invite.ics\nContent-Disposition: attachment\n\n" + ICS.format(uid="1"),
        "Content-Type: application/octet-stream; name=INVITE.ICS\n\n" + ICS.format(uid="1"),
        "Content-Type: text/plain\n\n" + ICS.format(uid="1"),
        "Content-Type: text/calendar; method=REQUEST; charset=iso-8859-15\n\n"
        + ICS.format(uid="1").replace("METHOD:REQUEST\n", ""),
    ],
)
def test_a_calendar_is_found_wherever_it_stands(part: str) -> None:
    (found,) = read(mixed("\nTwo.", part)).invitations
    assert ("1", "REQUEST") == (found.ical_uid, found.method)


def test_one_invitation_sent_twice_is_one_and_keeps_its_method() -> None:
    bare = ICS.format(uid="1").replace("METHOD:REQUEST\n", "")
    message = read(
        mixed(f"Content-Type: text/calendar\n\n{bare}", "Content-Type: text/calendar\n\n" + ICS.format(uid="1"))
    )
    assert ["REQUEST"] == [found.method for found in message.invitations]


def test_markup_is_read_where_no_calendar_is() -> None:
    event = '{"@context": "http://schema.org", "@type": "Event", "startDate": "2026-12-01"}'
    script = f'<script type="application/ld+json">{event}</script>'
    assert ["REQUEST"] == [found.method for found in read(f"{HEAD}Content-Type: text/html\n\n{script}").invitations]


STATUS = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nAction: {action}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + "\nTwo.", ""),
        (mixed("\nx", STATUS.format(action="failed"), kind="report; report-type=delivery-status"), "bounce"),
        (mixed("\nx", STATUS.format(action="delivered"), kind="report; report-type=delivery-status"), "disposition"),
        (mixed("\nx", STATUS.format(action="failed")), "bounce"),
        (mixed("\nx", kind="report; report-type=disposition-notification"), "disposition"),
        ("From: MAILER-DAEMON@acme.example\nSubject: anything\n\nx", "bounce"),
        ("From: MAILER-DAEMON@acme.example\nSubject: Out of office\n\nx", "auto-replied"),
        ("From: MAILER-DAEMON\nSubject: Undelivered Mail Returned to Sender\n\nx", "bounce"),
        ("From: postmaster@acme.example\nSubject: Unzustellbar: Interview\n\nx", "bounce"),
        ("From: postmaster@acme.example\nSubject: Your interview\n\nx", ""),
        ("Return-Path: <>\nFrom: a@acme.example\nSubject: Undeliverable: Interview\n\nx", "bounce"),
        ("Return-Path: <>\nFrom: a@acme.example\nSubject: Interview\n\nx", ""),
        (HEAD + "X-Failed-Recipients: a@b.example\n\nx", "bounce"),
        ("From: a@acme.example\nSubject: Returned mail\n\nx", ""),
        (HEAD + "Auto-Submitted: auto-replied (vacation)\n\nx", "auto-replied"),
        (HEAD + "Precedence: auto_reply\n\nx", "auto-replied"),
        (HEAD + "X-Autoreply: yes\n\nx", "auto-replied"),
        ("From: a@acme.example\nSubject: Automatische Antwort: Interview\n\nx", "auto-replied"),
        ("From: a@acme.example\nSubject: Réponse automatique\n\nx", "auto-replied"),
        (HEAD + "List-Id: Jobs <jobs.acme.example>\n\nx", "list"),
        (HEAD + "Precedence: list\n\nx", "list"),
        (HEAD + "Auto-Submitted: auto-generated\n\nx", "auto-generated"),
        (HEAD + "Auto-Submitted: no\n\nx", ""),
        (HEAD + "Precedence: bulk\n\nx", "auto-generated"),
        (HEAD + "X-Auto-Response-Suppress: All\n\nx", "auto-generated"),
        (HEAD + "List-Unsubscribe: <mailto:x@y.example>\n\nx", "auto-generated"),
        (
            HEAD + "Auto-Submitted: auto-replied\nContent-Type: text/calendar\n\n" + ICS.format(uid="1"),
            "auto-generated",
        ),
        (mixed("\nx", FORWARDED.replace("\nDate", "\nContent-Description: x\nDate")), ""),
    ],
)
def test_what_a_machine_wrote_is_told_apart(text: str, expected: str) -> None:
    assert expected == read(text).automatic


def test_the_original_inside_a_bounce_invites_to_nothing() -> None:
    message = read(mixed("\nx", STATUS.format(action="failed"), FORWARDED, kind="report; report-type=delivery-status"))
    assert ("bounce", ()) == (message.automatic, message.invitations)


@pytest.mark.parametrize(("value", "expected"), [("Jobs <jobs.acme.example>", "jobs.acme.example"), ("jobs", "jobs")])
def test_a_list_has_its_identifier(value: str, expected: str) -> None:
    assert expected == read(f"{HEAD}List-Id: {value}\n\nx").list_id


def test_an_unreadable_sender_gives_way_to_the_sender_field() -> None:
    message = read("From: nobody\nSender: Tom <tom@acme.example>\nDate: whenever\nTo: a@@b\n\nx")
    assert Address("tom@acme.example", "Tom") == message.sender
    assert (AT, {"date-unreadable", "to: address-unreadable"}) == (message.sent_at, set(message.defects))


def test_a_line_break_in_an_encoded_word_does_not_survive() -> None:
    message = read("From: =?utf-8?q?Tom=0D=0ABcc:_x?= <tom@acme.example>\nSubject: =?utf-8?b?YQ0KQmNjOiB4?=\n\nx")
    assert ("a Bcc: x", Address("tom@acme.example", "Tom Bcc: x")) == (message.subject, message.sender)


NESTED = "".join(f"Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n" for depth in range(1_000))


@pytest.mark.parametrize(
    ("octets", "defect"),
    [
        (HEAD + NESTED, "depth-capped"),
        (HEAD + "Content-Type: message/rfc822\n\n" * 1_000, "depth-capped"),
        (mixed(*["\nx"] * 5_000), "parts-capped"),
        (HEAD + "Content-Type: text/plain" + "; a=b" * 20_000 + "\n\nx", ""),
        ("Subject: " + "=?utf-8?q?a?= " * 20_000 + "\n\nx", "header-capped"),
        ("From: " + "(" * 1_000 + "\n\nx", ""),
        ("X: y\n" * 100_000 + "\nx", "fields-capped"),
        (HEAD + "\n" + "x y z\n" * 5_500_000, "octets-capped"),
        (HEAD.encode() + b"\0" * 1_000_000 + b"\r\n\r\n" + b"\0" * 1_000_000, ""),
        (mixed(*["Content-Type: text/html\n\n" + f"<p>{number}</p>" * 5_000 for number in range(100)]), ""),
        (mixed(*["Content-Type: text/calendar\n\n" + ICS.format(uid=number) * 20 for number in range(100)]), ""),
    ],
    ids=range(11),
)
def test_a_bomb_is_read_in_good_time(octets: str | bytes, defect: str) -> None:
    octets = octets if isinstance(octets, bytes) else octets.encode()
    began = time.process_time()
    message = read(octets)
    assert 1.0 > time.process_time() - began
    assert not defect or defect in message.defects


def test_header_fields_are_unfolded_and_not_decoded() -> None:
    octets = b"Received: a\r\nSubject: =?utf-8?q?a?=\r\n\tb\r\nRECEIVED: c\r\nX-Empty:\r\n\r\nTo: body@x.example\r\n"
    expected = {"received": ("a", "c"), "subject": ("=?utf-8?q?a?= b",), "x-empty": ("",)}
    assert expected == parse_header_fields(octets)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('Text/Plain; Charset="utf-8"', ("text/plain", {"charset": "utf-8"})),
        ("a/b; name=x y; q", ("a/b", {"name": "x y"})),
        ('a/b; name="x\\"y"', ("a/b", {"name": 'x"y'})),
        ("a/b; name*0=x; name*1=y", ("a/b", {"name": "xy"})),
        ("a/b; name*0*=utf-8''%C3%BC; name*1=y; name*x=z", ("a/b", {"name": "zy"})),
        ("a/b; name*=plain", ("a/b", {"name": "plain"})),
        ("", ("", {})),
    ],
)
def test_parameters_are_read(value: str, expected: tuple[str, dict[str, str]]) -> None:
    assert expected == parse_parameters(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Fri, 20 Nov 2026 10:00:00 +0100", AT),
        ("Fri, 20 Nov 2026 09:00:00 -0000", AT),
        ("20 Nov 26 09:00 GMT", AT),
        ("Fri, 31 Feb 2026 10:00:00 +0100", None),
        ("Fri, 20 Nov 2026 10:00:00 +9999", None),
        ("whenever", None),
        ("", None),
    ],
)
def test_a_date_is_aware_or_nothing(value: str, expected: datetime | None) -> None:
    assert expected == parse_date(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<a@x> <b@x> <a@x>", ("<a@x>", "<b@x>")),
        ("a@x", ("<a@x>",)),
        ("<a@x", ("<a@x>",)),
        ("your message of Friday", ()),
        ("<a b@x>", ()),
    ],
)
def test_message_ids_keep_their_brackets(value: str, expected: tuple[str, ...]) -> None:
    assert expected == parse_message_ids(value)


def test_of_very_many_ids_the_first_and_the_newest_are_kept() -> None:
    ids = parse_message_ids("".join(f"<{number}@x>" for number in range(500)))
    assert (100, "<0@x>", "<401@x>", "<499@x>") == (len(ids), ids[0], ids[1], ids[-1])


PIECES = st.sampled_from(
    [
        b"From: a@x.example\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"Content-Type: message/rfc822\r\n",
        b"\r\n",
        b"--b\r\n",
        b"--b--\r\n",
        b"Content-Type: text/calendar\r\n",
        b"BEGIN:VEVENT\r\n",
        b"\x00",
        b"\xff",
        b" x\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Subject: =?utf-8?q?=0A?=\r\n",
        b"text\n",
        b"Content-Type: text/html\r\n",
    ]
)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(PIECES, max_size=30).map(b"".join))
def test_any_message_is_read_and_sanitised(octets: bytes) -> None:
    message = read(octets)
    assert message.subject.isprintable()
    assert all(name.isprintable() for name in message.attachment_names)
    assert parse_header_fields(octets).keys() >= set()


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=500))
def test_any_octets_are_a_message(octets: bytes) -> None:
    assert KEY == read(octets).key
