"""Waiting for news: IDLE on the first mailbox (RFC 2177), STATUS for the others, polling where there is no IDLE."""

import re
import socket
import time
from collections.abc import Mapping, Sequence
from typing import Final

from followup_mail.adapters.imap.session import Session
from followup_mail.ports import Status

RENEWAL: Final = 170.0  # Yahoo forgets an IDLE after 3 minutes; DONE and its answer are the proof of life
POLL: Final = 30.0
_NEWS = re.compile(rb"(?:\d+ (?:EXISTS|EXPUNGE)|VANISHED)\b", re.IGNORECASE)
_EXISTS = re.compile(rb"(\d{1,10}) EXISTS", re.IGNORECASE)


def wait(session: Session, waker: socket.socket, mailboxes: Sequence[str], at_most: float) -> None:
    """Return when a mailbox differs from what the caller last saw, when woken, or after `at_most` seconds."""
    until = time.monotonic() + at_most
    names = tuple(mailboxes)
    known = dict(session.seen)
    while not _is_news(session, names, known):
        left = until - time.monotonic()
        if left <= 0 or not names:
            return
        if not session.can("IDLE"):
            if not _pause(waker, min(left, POLL)):
                return
            continue
        pause = min(left, POLL if len(names) > 1 else RENEWAL)
        if _idle(session, waker, names[0], known, pause):
            return


def _is_news(session: Session, names: Sequence[str], known: dict[str, Status]) -> bool:
    """Whether a mailbox differs from what is known of it; what was unknown is known afterwards."""
    now = session.statuses(names)
    news = any(name in known and _mark(known, name) != _mark(now, name) for name in names)
    for name, status in now.items():
        known.setdefault(name, status)
    return news


def _mark(statuses: Mapping[str, Status], name: str) -> tuple[int, int, int] | None:
    status = statuses.get(name)
    return (status.uidvalidity, status.uidnext, status.messages) if status else None


def _pause(waker: socket.socket, seconds: float) -> bool:
    """Whether the whole pause passed without the waker speaking."""
    waker.settimeout(max(0.001, seconds))
    try:
        waker.recv(1, socket.MSG_PEEK)
    except TimeoutError:
        return True
    return False


def _idle(session: Session, waker: socket.socket, name: str, known: Mapping[str, Status], pause: float) -> bool:
    """One IDLE of at most `pause` seconds; whether to return to the caller."""
    box = session.examine(name)
    before = known.get(name)
    if before and (box.exists != before.messages or box.uidnext not in {None, before.uidnext}):
        return True
    channel = session.channel
    until = time.monotonic() + pause
    tag = channel.start(b"IDLE")
    news = interrupted = False
    while not news and not interrupted and (left := until - time.monotonic()) > 0:
        if channel.stream.await_octets(left, waker):
            ended, parts = channel.receive()
            if ended is not None:
                return False  # the server ended IDLE by itself: ask it how things stand
            news = bool(parts) and _tells_news(parts[0], box.exists)
        else:
            interrupted = time.monotonic() < until
    channel.stream.restart_clock()
    channel.stream.send(b"DONE\r\n")
    channel.finish(tag, b"IDLE")  # what it still told, the next STATUS tells as well
    return news or interrupted


def _tells_news(text: bytes, exists: int) -> bool:
    count = _EXISTS.match(text)
    return int(count[1]) != exists if count else _NEWS.match(text) is not None
