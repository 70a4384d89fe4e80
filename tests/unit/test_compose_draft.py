"""What a draft's octets say, and what they never say."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup_mail.core.compose import (
    Draft,
    Identity,
    Letter,
    base_subject,
    compose,
    new_message_id,
    subject_for,
    text_of,
)
from followup_mail.core.plan import PlaceDraft, ReplyTarget
from followup_mail.core.who import Person
from followup_mail.errors import MessageError
from tests.unit.compose_case import NOW, OWNER, PRIYA, TOMAS, a_case, an_action

ID = "<0123456789abcdef0123456789abcdef@home.example>"
LETTER = Letter(
    "Thank you for Thursday", "Dear Priya,\n\nThank you for Thursday.\n\nKind regards,\nAna Lima", "thank_you/en"
)


def composed(
    action: PlaceDraft | None = None,
    *,
    letter: Letter = LETTER,
    identity: Identity = OWNER,
    message_id: str = ID,
    now: datetime = NOW,
) -> Draft:
    return compose(action or an_action(), a_case(), identity=identity, letter=letter, message_id=message_id, now=now)


def parsed(draft: Draft) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(draft.octets)


def test_a_draft_has_the_fields_of_a_plain_letter_and_no_others() -> None:
    message = parsed(composed())
    expected = [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Content-Type",
        "Content-Transfer-Encoding",
        "MIME-Version",
    ]
    assert expected == message.keys()
    assert 'text/plain; charset="utf-8"' == message["Content-Type"]


def test_a_draft_goes_from_the_owner_to_the_one_recipient() -> None:
    draft = composed()
    assert "Ana Lima <ana@home.example>" == str(parsed(draft)["From"])
    assert "Priya Raman <priya@larkspur.example>" == str(parsed(draft)["To"])
    assert ("priya@larkspur.example",) == draft.recipients


def test_an_address_stands_on_one_line_unless_it_is_long() -> None:
    assert b"To: Priya Raman <priya@larkspur.example>\r\n" in composed().octets
    long = composed(an_action(replace(PRIYA, display_name="Priya " + "R" * 60))).octets
    assert b"\r\n <priya@larkspur.example>\r\n" in long


def test_the_date_is_the_moment_it_was_written_in_its_own_zone() -> None:
    lisbon = timezone(timedelta(hours=1))
    draft = composed(now=datetime(2026, 6, 4, 16, tzinfo=lisbon))
    assert "Thu, 04 Jun 2026 16:00:00 +0100" == str(parsed(draft)["Date"])


def test_lines_end_in_crlf_and_fit_smtp() -> None:
    draft = composed(letter=replace(LETTER, text="Dear Priya,\n\n" + "word " * 600 + "\n\nAna Lima"))
    lines = draft.octets.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 998
    assert "word word" in text_of(draft.octets)


def test_a_paragraph_stays_one_line_however_it_is_encoded() -> None:
    text = "Dear Tomás,\n\n" + "schön " * 60 + "\n\nAna Lima"
    draft = composed(letter=replace(LETTER, text=text))
    assert "quoted-printable" == parsed(draft)["Content-Transfer-Encoding"]
    assert max(map(len, draft.octets.split(b"\r\n"))) <= 78
    assert text.replace(" \n", "\n") == text_of(draft.octets)


@pytest.mark.parametrize(
    "name", ["Tomás Rivera", 'Ana "Bee" Lima, PhD', "A\\B", "=?utf-8?q?x?=", "李小龍", "", "Ana Lima " + "é" * 150]
)
def test_every_name_reads_back_as_it_was(name: str) -> None:
    draft = composed(an_action(replace(TOMAS, display_name=name)), identity=Identity(name, "ana@home.example"))
    to, sender = (parsed(draft)[field].addresses[0].display_name for field in ("To", "From"))
    # Python's parser leaves spaces between the encoded words of one name
    assert [name.replace(" ", "")] * 2 == [to.replace(" ", ""), sender.replace(" ", "")]


@pytest.mark.parametrize("char", ["\r\n", "\x00", "\u2028", "\u202e", "\u200b", "\x85", "\ud800"])
def test_no_control_or_invisible_character_of_a_name_reaches_the_header(char: str) -> None:
    hostile = f"Eve{char}Bcc: eve@evil.example"
    message = parsed(composed(an_action(replace(PRIYA, display_name=hostile))))
    assert "Bcc" not in message
    assert "Eve Bcc: eve@evil.example".replace(" ", "") == message["To"].addresses[0].display_name.replace(" ", "")


@pytest.mark.parametrize(
    "addr_spec", [None, "", "eve", "a b@c.example", "eve@evil.example, bob@evil.example", "ü@x.example"]
)
def test_nothing_is_written_to_what_is_no_address(addr_spec: str | None) -> None:
    with pytest.raises(MessageError):
        composed(an_action(replace(PRIYA, addr_spec=addr_spec)))


def test_nothing_is_written_from_what_is_no_address() -> None:
    with pytest.raises(MessageError):
        composed(identity=Identity("Ana Lima", "ana"))


@pytest.mark.parametrize(
    "message_id", ["", "no-brackets@home.example", f"<{'a' * 70}@home.example>", "<a@b>\r\nBcc: x@y.example"]
)
def test_a_bad_message_id_is_refused(message_id: str) -> None:
    with pytest.raises(MessageError):
        composed(message_id=message_id)


@pytest.mark.parametrize(
    "hole", ["[Your Name]", "{{ owner }}", "None", "<name>", "Dear ____,", "{name}", "Undefined", "XXXX"]
)
def test_a_letter_with_a_blank_is_never_a_draft(hole: str) -> None:
    with pytest.raises(MessageError):
        composed(letter=replace(LETTER, text=f"Dear Priya,\n\nThank you, {hole}.\n\nAna Lima"))
    with pytest.raises(MessageError):
        composed(letter=replace(LETTER, subject=f"Thank you, {hole}"))


@pytest.mark.parametrize("letter", [replace(LETTER, text=" \n "), replace(LETTER, subject="\t")])
def test_an_empty_letter_is_never_a_draft(letter: Letter) -> None:
    with pytest.raises(MessageError):
        composed(letter=letter)


def test_a_new_message_threads_with_nothing() -> None:
    message = parsed(composed())
    assert None is message["In-Reply-To"]
    assert None is message["References"]


def test_a_reply_names_the_message_it_answers_in_both_fields() -> None:
    target = ReplyTarget("<2@larkspur.example>", ("<1@larkspur.example>", "<2@larkspur.example>"), "Interview")
    message = parsed(composed(an_action(reply_to=target)))
    assert "<2@larkspur.example>" == str(message["In-Reply-To"])
    assert "<1@larkspur.example> <2@larkspur.example>" == str(message["References"])
    assert "Re: Interview" == str(message["Subject"])


def test_a_long_thread_keeps_its_first_id_and_the_newest_nineteen() -> None:
    ids = tuple(f"<{n}{'x' * 80}@mail.larkspur.example>" for n in range(40))
    draft = composed(an_action(reply_to=ReplyTarget(ids[-1], ids[:-1], "Interview")))
    assert " ".join((ids[0], *ids[-19:])) == str(parsed(draft)["References"])
    assert b"=?" not in draft.octets


@pytest.mark.parametrize("evil", ["<a b@c>", "<a@b>\r\nBcc: x@y.example", "a@b", "<ü@b.example>", f"<{'a' * 300}@b>"])
def test_what_is_no_message_id_never_reaches_the_threading(evil: str) -> None:
    message = parsed(composed(an_action(reply_to=ReplyTarget("<2@l.example>", (evil, "<1@l.example>"), "Interview"))))
    assert "<1@l.example> <2@l.example>" == str(message["References"])
    assert None is parsed(composed(an_action(reply_to=ReplyTarget(evil, (), "Interview"))))["In-Reply-To"]


@pytest.mark.parametrize(
    "subject",
    ["Re: Interview", "AW: Re: Interview", "Re[2]: Fwd: Interview", "RE : Interview", "R: RIF: Interview", "Interview"],
)
def test_a_reply_has_one_re_before_the_threads_own_subject(subject: str) -> None:
    assert "Interview" == base_subject(subject)
    assert "Re: Interview" == subject_for(an_action(reply_to=ReplyTarget("<2@l.example>", (), subject)), LETTER)


def test_a_thread_without_a_subject_takes_the_letters() -> None:
    assert "Thank you for Thursday" == subject_for(an_action(reply_to=ReplyTarget("<2@l.example>", (), "Re: ")), LETTER)


def test_a_long_foreign_subject_is_folded_into_short_encoded_words() -> None:
    draft = composed(letter=replace(LETTER, subject="Vielen Dank für das Gespräch " * 6))
    assert ("Vielen Dank für das Gespräch " * 6).strip() == str(parsed(draft)["Subject"])
    assert max(len(line) for line in draft.octets.split(b"\r\n\r\n")[0].split(b"\r\n")) <= 90


@pytest.mark.parametrize(
    ("signature", "end"),
    [
        ("", "Kind regards,\nAna Lima"),
        ("Ana Lima\n+351 210 000 000", "Kind regards,\nAna Lima\n+351 210 000 000"),
        ("+351 210 000 000", "Kind regards,\nAna Lima\n+351 210 000 000"),
        ("Ana Lima", "Kind regards,\nAna Lima"),
    ],
)
def test_the_owners_signature_stands_once_under_the_closing(signature: str, end: str) -> None:
    draft = composed(identity=replace(OWNER, signature=signature))
    assert f"Dear Priya,\n\nThank you for Thursday.\n\n{end}" == draft.text == text_of(draft.octets)


def test_a_message_id_is_on_the_owners_domain_and_short() -> None:
    assert "<" + "61" * 16 + "@home.example>" == new_message_id(b"a" * 16, "Home.Example")
    assert "<0123456789abcdef@home.example>" == new_message_id("0123-4567-89AB-CDEF", "home.example.")


def test_a_message_id_on_a_long_domain_keeps_its_last_labels() -> None:
    message_id = new_message_id(b"a" * 16, f"{'very-long-label.' * 5}home.example")
    assert message_id.endswith("home.example>")
    assert len(message_id) <= 76


@pytest.mark.parametrize(
    ("random", "domain"), [(b"a" * 16, ""), (b"a" * 16, "exa mple"), (b"abc", "home.example"), (b"a" * 16, "x" * 63)]
)
def test_a_message_id_without_chance_or_domain_is_refused(random: bytes, domain: str) -> None:
    with pytest.raises(MessageError):
        new_message_id(random, domain)


@given(name=st.text(max_size=60), subject=st.text(max_size=120), text=st.text(max_size=300), reply=st.booleans())
def test_whatever_mail_says_a_draft_has_one_recipient_or_is_refused(
    name: str, subject: str, text: str, reply: bool
) -> None:
    target = ReplyTarget("<2@l.example>", (name, subject), subject) if reply else None
    action = an_action(Person(name, "priya@larkspur.example"), reply_to=target)
    try:
        draft = composed(action, letter=Letter(subject, text, "own/en"), identity=Identity(name, "ana@home.example"))
    except MessageError:
        return
    message = parsed(draft)
    assert [("priya@larkspur.example",)] == [tuple(a.addr_spec for a in message["To"].addresses)]
    assert {"From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References"} >= set(draft.headers)
    assert draft.text == text_of(draft.octets)


def test_a_letter_whose_octets_would_read_otherwise_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "followup_mail.core.compose.draft._field", lambda _name, value: value + "\r\nBcc: eve@evil.example"
    )
    with pytest.raises(MessageError, match="would not say what was meant"):
        composed()


def test_a_letter_whose_octets_cannot_be_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    evil = "=?utf-8?q?a=0D=0ABcc=3A_eve?= <ana@home.example>"
    monkeypatch.setattr("followup_mail.core.compose.draft._field", lambda name, value: evil if name == "To" else value)
    with pytest.raises(MessageError, match="cannot be read again: ValueError"):
        composed()
