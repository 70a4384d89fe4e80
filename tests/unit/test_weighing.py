"""Marks and their learnt weights: terms, names, acquaintances, and what an ending asks for."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup_mail.core.facts import Facts, Kind, establish_facts, find_correspondents, is_expected
from followup_mail.core.facts.context import make_context
from followup_mail.core.facts.mentions import find_mentions
from followup_mail.core.facts.roles import find_candidates
from followup_mail.core.message import Message, MessageKey, Received, parse_message
from followup_mail.core.rules import Reading, find_terms, load_weights, weigh_marks

OWNER = "ana@home.example"
TABLES = ["kinds", "outer", "interviewers"]


def parse(text: str, *, sender: str, subject: str = "Next Tuesday", cc: str = "") -> Message:
    copies = f"Cc: {cc}\n" if cc else ""
    octets = (
        f"From: {sender}\nTo: Ana Lima <{OWNER}>\n{copies}Subject: {subject}\nDate: Tue, 01 Dec 2026 10:00:00 +0000\n"
        f"Message-ID: <w1@corvo.example>\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    )
    return parse_message(
        Received(MessageKey("INBOX", 1, 1), frozenset(), datetime(2026, 12, 1, tzinfo=UTC), octets.encode())
    )


def read(text: str, sender: str = "Hanna Weiss <hanna@corvo.example>", subject: str = "Your interview") -> Facts:
    return establish_facts(parse(text, sender=sender, subject=subject), me=[OWNER], zone="Europe/Lisbon", expected=True)


def names_in(text: str, language: str = "en", known: frozenset[str] = frozenset()) -> list[str]:
    return [mention.name for mention in find_mentions(Reading([("fresh", text)], language), known)]


@pytest.mark.parametrize("name", TABLES)
def test_every_mark_weighs_something_for_every_answer(name: str) -> None:
    weights = load_weights(name)

    assert {len(weights.answers)} == {len(values) for values in weights.marks.values()} | {len(weights.bias)}


def test_the_kinds_weighed_are_those_that_reading_knows() -> None:
    assert set(Kind) - {Kind.BOUNCE} == set(load_weights("kinds").answers)


@given(st.lists(st.sampled_from(sorted(load_weights("kinds").marks)), max_size=60))
def test_the_shares_of_all_kinds_are_one_whole(marks: list[str]) -> None:
    assert sum(weigh_marks(marks, load_weights("kinds")).values()) == pytest.approx(1)


def test_one_weekday_is_as_good_as_another() -> None:
    assert find_terms("", "See you on Tuesday") == find_terms("", "See you on Friday")


def test_a_pair_of_words_does_not_reach_over_the_end_of_a_sentence() -> None:
    assert "friday thanks" not in find_terms("", "It was gone. Thanks for all")
    assert "gone thanks" not in find_terms("", "It was gone. Thanks for all")


def test_two_people_in_a_row_are_not_one_person_turned_round() -> None:
    assert ["Garrett Osborne", "Xiomara Delgado"] == names_in("Interview team: Garrett Osborne, Xiomara Delgado")


def test_a_surname_before_its_given_name_is_turned_round() -> None:
    assert ["Johann Thallinger"] == names_in("Interviewer: Thallinger, Johann (Leiter Werk 2)", "de")


def test_a_lone_name_nobody_listed_is_one_where_a_word_leads_to_it() -> None:
    assert ["Efa"] == names_in("You will spend the hour with Efa in the studio.")


@pytest.mark.parametrize("text", ["Dale, nos vemos el lunes.", "Hey, see you on Monday.", "It's Monday then."])
def test_a_word_of_greeting_is_nobody(text: str) -> None:
    assert [] == names_in(text, "es" if text.startswith("Dale") else "en")


def test_thanks_and_a_promise_are_no_rejection() -> None:
    facts = read(
        "Hi Ana,\n\nthank you for your time today. You will hear from us by Monday, 14 December.\n\nRegards,\nHanna",
        subject="Re: Field Technician",
    )

    assert Kind.OTHER is facts.kind
    assert "2026-12-14" == str(facts.promised_by)


def test_a_writer_who_names_nobody_and_says_nothing_of_themself_is_not_thanked() -> None:
    facts = read("Your interview has been scheduled for Wednesday 9 December at 11:15 (Lisbon time) at our offices.")

    assert [()] == [meeting.people for meeting in facts.meetings]


def test_who_wrote_about_an_interview_is_expected_to_write_again_and_so_are_their_colleagues() -> None:
    facts = read("Your interview with Jonas Keller is confirmed for Thursday 10 December at 15:00 (Lisbon time).")
    known = find_correspondents(facts)

    assert is_expected(parse("Ten past is fine.", sender="hanna@corvo.example"), known)
    assert is_expected(parse("Ten past is fine.", sender="Jonas Keller <jonas@corvo.example>"), known)
    assert not is_expected(parse("Ten past is fine.", sender="kim@novum.example"), known)


def test_a_provider_of_free_mail_makes_nobody_expected() -> None:
    facts = read(
        "Your interview with Jonas Keller is confirmed for Thursday 10 December at 15:00 (Lisbon time).",
        sender="Hanna Weiss <hanna.weiss@gmail.com>",
    )

    assert not is_expected(parse("Dinner?", sender="kim@gmail.com"), find_correspondents(facts))


def test_ordinary_mail_makes_nobody_expected() -> None:
    facts = establish_facts(
        parse("The boiler man comes on Thursday at 3.", sender="Kim <kim@novum.example>"),
        me=[OWNER],
        zone="Europe/Lisbon",
    )

    assert frozenset() == find_correspondents(facts)


def test_the_sentence_that_settled_it_is_quoted_where_no_rule_has_a_word() -> None:
    facts = read(
        "Hi Ana,\n\nCaptain Salim will see you tomorrow at eleven, 4th floor. Bring your certificate.\n\nMwende",
        sender="Mwende Kilonzo <mwende@bahari.example>",
        subject="Clearing clerk",
    )

    assert facts.kind is Kind.INTERVIEW_CONFIRMATION
    assert "Captain Salim will see you tomorrow at eleven, 4th floor." in [
        evidence.words for evidence in facts.evidence if evidence.rule == "wording"
    ]


def test_a_writer_in_a_list_with_a_colleague_is_marked() -> None:
    listed = find_marks_of("You will talk to me and Rosa Lind on Tuesday at 10.\n\nBest,\nHanna")
    apart = find_marks_of("You will talk to Rosa Lind on Tuesday at 10. Any question, write to me.\n\nBest,\nHanna")

    assert "self in list" in listed
    assert "self in list" not in apart


def test_a_writer_in_a_row_of_the_schedule_is_marked() -> None:
    assert "self in row" in find_marks_of("14:00 Rosa Lind, engineering\n15:15 - myself, on the offer")


def find_marks_of(text: str) -> set[str]:
    """The marks of the writer among the candidates of a message."""
    message = parse(text, sender="Hanna Weiss <hanna@corvo.example>")
    context = make_context(message, (), [OWNER], "Europe/Lisbon")
    return next(one.marks for one in find_candidates(context, None, (), None) if "in sender" in one.marks)


@pytest.mark.parametrize(("known", "asked"), [(False, ["whether"]), (True, [])])
def test_a_meeting_without_a_word_of_hiring_is_asked_about_unless_its_writer_is_known(
    known: bool, asked: list[str]
) -> None:
    text = (
        "Dear Ana,\n\nwe are happy to see you on Thursday 10 December at 10:00. You will meet Rosa Lind (Head of Data) "
        "and Bo Ek, our CTO, for an hour each.\n\nBest,\nHanna"
    )
    message = parse(text, sender="Hanna Weiss <hanna@corvo.example>", subject="Your visit")
    facts = establish_facts(message, me=[OWNER], zone="Europe/Lisbon", expected=known)

    assert facts.kind is Kind.INTERVIEW_CONFIRMATION
    assert asked == [doubt.kind for doubt in facts.doubts if doubt.holds]
