"""How drafts are known again."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup_mail.core.body import Body
from followup_mail.core.case import DraftState
from followup_mail.core.compose import Letter, compose, fingerprint, likeness, recognise, text_of
from followup_mail.core.message import Message, MessageKey
from followup_mail.core.plan import JournalEntry
from followup_mail.core.who import Address, Person
from tests.unit.compose_case import NOW, OWNER, PRIYA, TOMAS, a_case, an_action

TEXT = (
    "Dear Tomás,\n\nThank you for meeting me on Thursday. I remain interested in the position and would gladly answer "
    "anything that is still open on your side, in writing or on a call.\n\nKind regards,\nAna Lima"
)


def a_draft(text: str = TEXT, subject: str = "Thank you, Tomás", recipient: Person = TOMAS) -> bytes:
    letter = Letter(subject, text, "thank_you/en")
    return compose(
        an_action(recipient), a_case(), identity=OWNER, letter=letter, message_id="<0123456789@home.example>", now=NOW
    ).octets


def rewritten(octets: bytes, *, cte: str = "base64", text: str | None = None) -> bytes:
    """The same draft as another server would give it back."""
    old = message_from_bytes(octets, policy=policy.default)
    new = EmailMessage(policy=policy.SMTP.clone(max_line_length=60))
    for name in ("Message-ID", "To", "Date", "Subject", "From"):
        new[name] = str(old[name])
    new.set_content(text if text is not None else old.get_content() + "  \n\n", cte=cte)
    return b"Received: by mail.home.example\r\n" + new.as_bytes()


def test_line_ends_folding_encoding_and_trailing_space_leave_the_fingerprint() -> None:
    octets = a_draft()
    expected = fingerprint(octets)
    assert expected == fingerprint(octets.replace(b"\r\n", b"\n"))
    assert expected == fingerprint(rewritten(octets))
    assert expected == fingerprint(rewritten(octets, cte="8bit"))
    assert expected == fingerprint(octets.replace(b"Subject: ", b"Subject:\r\n "))


def test_a_changed_word_line_subject_or_recipient_changes_the_fingerprint() -> None:
    others = (
        a_draft(TEXT.replace("Thursday", "Friday")),
        a_draft(TEXT.replace(". I", ".\nI")),
        a_draft(subject="Thanks, Tomás"),
        a_draft(recipient=PRIYA),
        a_draft().replace(b"To: ", b"Cc: eve@evil.example\r\nTo: ", 1),
    )
    assert 6 == len({fingerprint(octets) for octets in (a_draft(), *others)})


def test_an_attachment_changes_the_fingerprint() -> None:
    message = EmailMessage()
    message["To"] = "tomas@larkspur.example"
    message.set_content("Hello")
    plain = fingerprint(message.as_bytes())
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="cv.pdf")
    assert plain != fingerprint(message.as_bytes())
    assert "Hello" == text_of(message.as_bytes())


def test_a_draft_edited_as_html_still_has_text() -> None:
    message = EmailMessage()
    message.set_content("<p>Dear Tom&aacute;s,</p><br>thanks", subtype="html")
    assert "Dear Tomás," in text_of(message.as_bytes())
    assert "<p>" not in text_of(message.as_bytes())


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\xff\xfe",
        b"To: =?x?q?" + b"=?" * 2000,
        b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nx",
        b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 2000,
        b"Content-Type: text/plain; charset=nonsense\n\n\xe4",
        b"Subject: =?nonsense?q?a?=\nTo: " + b"(" * 2000 + b"\n\nx",
        b"Subject: =?utf-8?b?a?=\n\nx",
        b"Content-Type: image/png\n\nx",
    ],
)
def test_hostile_octets_have_a_fingerprint_too(octets: bytes) -> None:
    assert 64 == len(fingerprint(octets))
    assert isinstance(text_of(octets), str)


@given(st.binary(max_size=400))
def test_any_octets_have_a_fingerprint(octets: bytes) -> None:
    assert fingerprint(octets) == fingerprint(octets)
    assert isinstance(text_of(octets), str)


def test_a_draft_too_large_for_a_letter_is_not_parsed() -> None:
    assert "" == text_of(b"Subject: x\n\n" + b"x" * 4_000_001)


def test_the_same_text_is_wholly_alike_and_another_is_not() -> None:
    assert 1.0 == likeness(TEXT, TEXT.upper())
    assert likeness(TEXT, "The quarterly newsletter about gardening in small cities.") < 0.2
    assert 0.0 == likeness("", TEXT)


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_is_symmetric_and_between_nought_and_one(a: str, b: str) -> None:
    assert likeness(a, b) == likeness(b, a)
    assert 0.0 <= likeness(a, b) <= 1.0


def an_entry(**values: Any) -> JournalEntry:
    entry = JournalEntry(
        key=an_action(TOMAS).key,
        case_id="larkspur",
        account="home",
        state=DraftState.PLACED,
        recipients=(TOMAS,),
        due=NOW,
        deadline=NOW,
        message_id="<ours@home.example>",
        text=TEXT,
    )
    return replace(entry, **values)


def sent(
    text: str = TEXT,
    *,
    to: str = "tomas@larkspur.example",
    message_id: str = "<theirs@home.example>",
    references: tuple[str, ...] = (),
) -> Message:
    return Message(
        key=MessageKey("Sent", 1, 1),
        message_id=message_id,
        references=references,
        date=NOW,
        received=NOW,
        sender=Address("ana@home.example"),
        reply_to=(),
        to=(Address(to),),
        cc=(),
        subject="Thank you",
        body=Body(fresh=text),
    )


def edited(words: float) -> str:
    """Our text with the given share of its words replaced by the owner's own."""
    own = TEXT.split()
    return " ".join(word if n < words * len(own) else f"own{n}" for n, word in enumerate(own))


def test_a_sent_letter_is_known_by_its_message_id_whatever_it_says() -> None:
    assert an_entry().key == recognise(
        sent("Other words", message_id="<ours@home.example>", to="x@y.example"), [an_entry()]
    )


def test_a_sent_letter_with_a_new_message_id_is_known_by_likeness() -> None:
    assert an_entry().key == recognise(sent(edited(0.8), to="Tomas@larkspur.example"), [an_entry()])


def test_a_letter_to_somebody_else_is_not_ours_however_alike() -> None:
    assert None is recognise(sent(to="priya@larkspur.example"), [an_entry()])


def test_half_of_our_words_are_enough_only_in_the_drafts_own_thread() -> None:
    message = sent(edited(0.5), references=("<1@larkspur.example>",))
    assert None is recognise(message, [an_entry()])
    assert an_entry().key == recognise(message, [an_entry(references=("<1@larkspur.example>",))])


def test_a_short_reply_in_the_thread_is_not_our_letter() -> None:
    message = sent("Confirmed, see you on Thursday. Ana", references=("<1@larkspur.example>",))
    assert None is recognise(message, [an_entry(references=("<1@larkspur.example>",))])


def test_the_likest_of_several_letters_is_meant() -> None:
    other = an_entry(key=replace(an_entry().key, ordinal=2), text=edited(0.8))
    assert other.key == recognise(sent(edited(0.8)), [an_entry(), other])
    assert an_entry().key == recognise(sent(), [an_entry(), other])


def test_a_letter_we_took_back_or_never_wrote_down_is_not_recognised() -> None:
    assert None is recognise(sent(), [an_entry(state=DraftState.WITHDRAWN), an_entry(text=None)])


def test_a_non_breaking_space_made_plain_is_no_change() -> None:
    text = TEXT.replace("position and", "position\u00a0; and")
    ours = a_draft(text)
    assert "\u00a0" in message_from_bytes(ours, policy=policy.default).get_content()
    assert fingerprint(ours) == fingerprint(a_draft(text.replace("\u00a0", " ")))
    assert fingerprint(ours) == fingerprint(a_draft(text.replace("\u00a0", "\u202f")))
    assert text == text_of(ours)
    assert 1.0 == likeness(text, text.replace("\u00a0", " "))
