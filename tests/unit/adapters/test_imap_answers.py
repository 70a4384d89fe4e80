"""Answers of a server, read without trust."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup_mail.adapters.imap.answers import (
    UnreadableError,
    decoded_name,
    fetched,
    found_uids,
    parse_internal_date,
    parse_items,
    statuses_of,
)
from followup_mail.adapters.imap.bodystructure import PARTS_CAP, parts_of
from followup_mail.ports import Status

TEXT = [b"TEXT", b"PLAIN", [b"CHARSET", b"UTF-8"], None, None, b"7BIT", b"12", b"1"]
FILE = [b"APPLICATION", b"PDF", [b"NAME", b"a.pdf"], None, None, b"BASE64", b"9", None, [b"ATTACHMENT", None]]


def test_items_are_nested_as_the_server_nests_them() -> None:
    parts = [b"(UID 7 FLAGS (\\Seen $x) BODY[HEADER.FIELDS (TO)] {3}", b"a\r\n", b' "say \\"hi\\"" NIL "NIL")']
    expected = [
        b"UID",
        b"7",
        b"FLAGS",
        [b"\\Seen", b"$x"],
        b"BODY[HEADER.FIELDS (TO)]",
        b"a\r\n",
        b'say "hi"',
        None,
        b"NIL",
    ]
    assert [expected] == parse_items(parts)


@pytest.mark.parametrize("text", [b"(" * 1000, b"(" * 70 + b")" * 70, b"(a", b"a)"])
def test_what_nests_too_deep_or_not_at_all_is_unreadable(text: bytes) -> None:
    with pytest.raises(UnreadableError):
        parse_items([text])


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=5))
def test_any_octets_are_items_or_unreadable_and_nothing_else(parts: list[bytes]) -> None:
    try:
        items = parse_items(parts)
    except UnreadableError:
        return
    assert isinstance(items, list)


@given(st.text(alphabet='()"\\ \r[]{}aU1*', max_size=300))
def test_any_line_is_fetched_or_passed_over(text: str) -> None:
    for one in fetched([[b"1 FETCH (UID 3 " + text.encode()], [text.encode()]]):
        assert b"3" == one[b"UID"] or b"UID" in one


def test_a_line_of_a_million_open_quotes_is_read_in_a_blink() -> None:
    assert 1 == len(parse_items([b'"' + b'\\"' * 500_000]))
    assert 1 == len(parse_items([b"[" * 500_000]))


def test_an_internal_date_is_aware() -> None:
    offset = timezone(-timedelta(hours=7))
    assert datetime(2026, 7, 17, 2, 44, 25, tzinfo=offset) == parse_internal_date(b"17-Jul-2026 02:44:25 -0700")
    assert datetime(2026, 1, 1, 0, 0, 59, tzinfo=UTC) == parse_internal_date(b" 1-jan-2026 00:00:60 +0000")


@pytest.mark.parametrize(
    "text", [b"", b"31-Feb-2026 00:00:00 +0000", b"1-Foo-2026 00:00:00 +0000", b"1-Jan-2026 25:00:00 +0000"]
)
def test_an_unreadable_internal_date_is_none(text: bytes) -> None:
    assert parse_internal_date(text) is None


def test_uids_of_several_search_answers_are_one_ascending_set() -> None:
    assert [2, 5, 9] == found_uids([[b"SEARCH 9 2"], [b"3 EXISTS"], [b"search 5 5 (MODSEQ 77)"], [b"SEARCH"]])


def test_statuses_know_names_in_modified_utf7_and_the_inbox_in_any_case() -> None:
    responses = [
        [b'STATUS "Entw&APw-rfe" (MESSAGES 2 UIDNEXT 9 UIDVALIDITY 4 HIGHESTMODSEQ 12)'],
        [b"STATUS inbox (UIDVALIDITY 1 UIDNEXT 2 MESSAGES 1)"],
        [b"STATUS {5}", b"a b c", b" (MESSAGES 1)"],
        [b"STATUS broken"],
    ]
    expected = [("Entwürfe", Status(4, 9, 2, 12)), ("INBOX", Status(1, 2, 1)), ("a b c", Status(0, 0, 1))]
    assert expected == list(statuses_of(responses))


def test_a_name_that_is_no_utf7_is_still_a_name() -> None:
    assert isinstance(decoded_name(b"&\xff\xfe-"), str)


def test_the_leaves_are_numbered_and_text_is_wanted() -> None:
    structure = [[TEXT, [b"TEXT", b"HTML", None], b"ALTERNATIVE"], FILE, b"MIXED"]
    leaves = parts_of(structure)
    assert [("1.1", "text/plain", True), ("1.2", "text/html", True), ("2", "application/pdf", False)] == [
        (leaf.section, leaf.media, leaf.wanted) for leaf in leaves
    ]
    assert ["mixed", "alternative"] == [one.subtype for one in leaves[0].within]


def test_a_single_part_is_section_one() -> None:
    assert ["1"] == [leaf.section for leaf in parts_of(TEXT)]


def test_only_so_many_parts_are_looked_at() -> None:
    assert PARTS_CAP == len(parts_of([*[TEXT] * 500, b"MIXED"]))


values = st.recursive(
    st.none() | st.binary(max_size=12) | st.sampled_from([b"TEXT", b"attachment", b"MIXED"]),
    lambda inner: st.lists(inner, max_size=8),
    max_leaves=60,
)


@given(values)
def test_any_structure_has_leaves_or_none(structure: object) -> None:
    for leaf in parts_of(structure):
        assert set(leaf.section) <= set("0123456789.")
