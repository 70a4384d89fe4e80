"""The chokepoint: what a command may hold."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup_mail.adapters.imap.channel import VERBS, Channel, Literal, mailbox_name, non_sync_cap, uid_set
from followup_mail.adapters.imap.stream import Stream
from followup_mail.errors import MailboxError


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Channel, socket.socket]]:
    near, far = socket.socketpair()
    far.setblocking(False)
    yield Channel(Stream(near, 0.05, 1.0)), far
    near.close()
    far.close()


@given(
    before=st.binary(max_size=20), sign=st.sampled_from([b"\r", b"\n", b"\0", b"\r\n"]), after=st.binary(max_size=20)
)
def test_no_argument_carries_a_line_break_or_nul(
    pair: tuple[Channel, socket.socket], before: bytes, sign: bytes, after: bytes
) -> None:
    channel, far = pair
    with pytest.raises(MailboxError):
        channel.start(b"UID SEARCH", before + sign + after)
    with pytest.raises(BlockingIOError):
        far.recv(1)


@pytest.mark.parametrize("verb", [b"CLOSE", b"EXPUNGE", b"STORE", b"DELETE", b"NOOP\r\nF9 EXPUNGE", b"noop"])
def test_no_other_verb_is_ever_sent(pair: tuple[Channel, socket.socket], verb: bytes) -> None:
    channel, far = pair
    with pytest.raises(MailboxError, match="never sends"):
        channel.start(verb)
    with pytest.raises(BlockingIOError):
        far.recv(1)


def test_the_verbs_delete_nothing_but_by_uid() -> None:
    assert set() == VERBS & {b"CLOSE", b"EXPUNGE", b"STORE", b"DELETE", b"RENAME", b"COPY", b"MOVE"}


def test_a_literal_without_waiting_goes_out_with_its_command(pair: tuple[Channel, socket.socket]) -> None:
    channel, far = pair
    channel.literals_without_waiting = 100
    tag = channel.start(b"APPEND", b"INBOX", Literal(b"a\r\nb"))
    assert tag + b" APPEND INBOX {4+}\r\na\r\nb\r\n" == far.recv(1000)


@given(st.text(max_size=30))
def test_a_mailboxs_name_is_one_quoted_ascii_word_or_refused(name: str) -> None:
    try:
        quoted = mailbox_name(name)
    except MailboxError:
        assert set(name) & set("\r\n\0")
        return
    assert quoted.isascii()
    assert quoted[:1] == quoted[-1:] == b'"'
    assert b'"' not in quoted[1:-1].replace(b"\\\\", b"").replace(b'\\"', b"")


def test_uids_are_sent_as_ranges() -> None:
    assert b"1:3,5,7:8" == uid_set([8, 7, 1, 2, 3, 3, 5])
    assert b"1:20000" == uid_set(range(1, 20_001))


@pytest.mark.parametrize("uids", [[], [0], [-1], [2**32], ["1:*"], [1.5]])
def test_what_is_no_uid_is_refused(uids: list[object]) -> None:
    with pytest.raises(MailboxError):
        uid_set(uids)


@pytest.mark.parametrize(("capability", "expected"), [("LITERAL-", 4096), ("IDLE", 0)])
def test_literals_go_unasked_only_where_the_server_takes_them(capability: str, expected: int) -> None:
    assert expected == non_sync_cap(frozenset({capability}))
    assert non_sync_cap(frozenset({"LITERAL+"})) > 1_000_000
