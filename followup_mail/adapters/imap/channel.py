"""The one place where commands are written and answers framed (RFC 9051 sections 2.2, 4 and 7)."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from imapclient.imap_utf7 import encode as encode_utf7

from followup_mail.adapters.imap.faults import RefusedError, plain, refusal, retry_after
from followup_mail.adapters.imap.stream import Stream
from followup_mail.errors import AccountError, MailboxError

VERBS: Final = frozenset(
    {
        b"APPEND",
        b"CAPABILITY",
        b"CREATE",
        b"EXAMINE",
        b"FETCH",
        b"IDLE",
        b"LIST",
        b"LOGOUT",
        b"NAMESPACE",
        b"NOOP",
        b"SELECT",
        b"STATUS",
        b"UID COPY",
        b"UID EXPUNGE",
        b"UID FETCH",
        b"UID MOVE",
        b"UID SEARCH",
        b"UID STORE",
        b"UNSELECT",
    }
)
"""Every command this program can send after sign-in. The writing ones are used by drafts.py and notes alone."""

LINE_CAP: Final = 8 * 1024 * 1024  # a SEARCH over a million messages
LITERAL_CAP: Final = 1024 * 1024
_LITERALS_CAP: Final = 200  # in one response
_RESPONSES_CAP: Final = 200_000  # to one command
_KEPT_CAP: Final = 256 * 1024 * 1024  # octets of one command's answer
_NON_SYNC_CAP: Final = 4096  # RFC 7888 section 5
_SENDABLE = re.compile(rb"[\x20-\x7e]*")
_LITERAL_AHEAD = re.compile(rb"\{(\d{1,10})\+?\}$")
_SPOKEN = re.compile(rb"\* (?:OK|NO|BAD|BYE|PREAUTH)\b", re.IGNORECASE)
_TAGGED = re.compile(rb"(F\d+) (OK|NO|BAD)(?: (.*))?", re.IGNORECASE | re.DOTALL)
_CODE = re.compile(r"\[([^\]]*)\]")

Parts = list[bytes]
"""One untagged response without its "* ": text and literals by turns, text first and last."""


@dataclass(frozen=True, slots=True)
class Literal:
    """Octets that travel as a literal, counted and never parsed."""

    octets: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A command's untagged responses, and the response code of its OK ("APPENDUID 1 7")."""

    code: str
    responses: Sequence[Parts]


class Channel:
    """Commands out, answers in; one command's answer is read to its end before the next is sent."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.literals_without_waiting = 0  # the largest literal the server takes unasked; set from its capabilities
        self._count = 0

    def run(self, verb: bytes, *arguments: bytes | Literal, literal_cap: int = LITERAL_CAP) -> Answer:
        """The answer to a command; literals in it are cut at `literal_cap`.

        Raises RefusedError, SignInError or AccountError, and MailboxError for what must not be sent.
        """
        tag = self.start(verb, *arguments)
        return self.finish(tag, verb, literal_cap)

    def run_each(self, verb: bytes, each: Iterable[Sequence[bytes]]) -> list[Parts]:
        """The untagged responses to one command for each tuple of arguments; what is refused is left out."""
        responses: list[Parts] = []
        queue = list(each)
        for start in range(0, len(queue), 50):
            for tag in [self.start(verb, *arguments) for arguments in queue[start : start + 50]]:
                with suppress(RefusedError):
                    responses.extend(self.finish(tag, verb).responses)
        return responses

    def start(self, verb: bytes, *arguments: bytes | Literal) -> bytes:
        """Send a command without awaiting its end; answers its tag."""
        if verb not in VERBS:
            raise MailboxError(f"this program never sends {plain(repr(verb))}")
        self._count += 1
        tag = b"F%d" % self._count
        lines, literals = _lines(tag, verb, arguments, self.literals_without_waiting)
        self.stream.restart_clock()
        octets = b""
        for line, literal in zip(lines, [None, *literals], strict=True):
            if literal is not None:
                if len(literal) > self.literals_without_waiting:
                    self.stream.send(octets)
                    self._await_continuation(tag, verb)
                    octets = b""
                octets += literal
            octets += line + b"\r\n"
        self.stream.send(octets)
        return tag

    def finish(self, tag: bytes, verb: bytes, literal_cap: int = LITERAL_CAP) -> Answer:
        """Read until the tagged response."""
        responses: list[Parts] = []
        kept = 0
        while True:
            ended, parts = self.receive(literal_cap)
            if ended == tag:
                return Answer(_completed(verb, parts), responses)
            if ended is None and parts:
                responses.append(parts)
                kept += sum(map(len, parts))
                if len(responses) > _RESPONSES_CAP or kept > _KEPT_CAP:
                    raise AccountError("the server's answer is too big")
            elif ended:
                raise AccountError("the server answered a command that was not sent")

    def receive(self, literal_cap: int = LITERAL_CAP) -> tuple[bytes | None, Parts]:
        """The next response: (tag, [status and text]), (None, untagged parts), (None, []) for a continuation."""
        line = self.stream.read_line(LINE_CAP)
        if line.startswith(b"* "):
            if _SPOKEN.match(line):
                _refuse_bye(line)
                return None, [line[2:]]
            return None, self._with_literals(line[2:], literal_cap)
        if line.startswith(b"+"):
            return None, []
        found = _TAGGED.fullmatch(line)
        if found is None:
            raise AccountError(f"the server's answer cannot be understood: {plain(repr(line[:80]))}")
        return found[1], [found[2].upper(), found[3] or b""]

    def _with_literals(self, text: bytes, cap: int) -> Parts:
        parts = [text]
        while (found := _LITERAL_AHEAD.search(parts[-1][-16:])) is not None:
            if len(parts) > 2 * _LITERALS_CAP:
                raise AccountError("the server's answer has too many literals")
            parts.append(self.stream.read_block(int(found[1]), cap))
            parts.append(self.stream.read_line(LINE_CAP))
        return parts

    def _await_continuation(self, tag: bytes, verb: bytes) -> None:
        while True:
            ended, parts = self.receive()
            if ended == tag:
                _completed(verb, parts)
                raise AccountError("the server answered before it had the whole command")
            if not parts:
                return


def quoted(text: bytes) -> bytes:
    """A quoted string (RFC 9051 section 4.3); what it cannot hold is refused when it is sent."""
    return b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def mailbox_name(name: str) -> bytes:
    """A mailbox's name in modified UTF-7 (RFC 3501 section 5.1.3), quoted."""
    if any(sign in name for sign in "\r\n\0"):
        raise MailboxError("a mailbox's name holds a line break or NUL and was not sent")
    return quoted(encode_utf7(name))


def uid_set(uids: Iterable[int]) -> bytes:
    """Uids as ranges: 1:3,7."""
    ordered = sorted(set(uids))
    if not ordered or not all(isinstance(uid, int) and 0 < uid < 2**32 for uid in ordered):
        raise MailboxError("a uid is a positive number of 32 bits")
    breaks = [0, *(at for at, (one, other) in enumerate(pairwise(ordered), 1) if other != one + 1), len(ordered)]
    ranges = ((ordered[start], ordered[end - 1]) for start, end in pairwise(breaks))
    return b",".join(b"%d" % first if first == last else b"%d:%d" % (first, last) for first, last in ranges)


def _lines(
    tag: bytes, verb: bytes, arguments: Sequence[bytes | Literal], without_waiting: int
) -> tuple[list[bytes], list[bytes]]:
    """A command as its lines and the literals between them: the chokepoint no line break and no NUL passes."""
    lines = [tag + b" " + verb]
    literals: list[bytes] = []
    for argument in arguments:
        if isinstance(argument, Literal):
            if b"\0" in argument.octets:
                raise MailboxError("a message with a NUL in it was not sent")
            plus = b"+" if len(argument.octets) <= without_waiting else b""
            lines[-1] += b" {%d%s}" % (len(argument.octets), plus)
            literals.append(argument.octets)
            lines.append(b"")
        else:
            lines[-1] += b" " + argument
    if not all(_SENDABLE.fullmatch(line) for line in lines):
        raise MailboxError("a command would have held a line break or another control sign and was not sent")
    return lines, literals


def _completed(verb: bytes, parts: Parts) -> str:
    """The response code of an OK; raises the grade of a NO or BAD."""
    text = parts[1].decode("utf-8", "replace")
    if parts[0] != b"OK":
        raise refusal(verb.decode(), text)
    found = _CODE.match(text)
    return found[1] if found else ""


def _refuse_bye(line: bytes) -> None:
    if line[2:5].upper() == b"BYE":
        text = line[6:].decode("utf-8", "replace")
        raise AccountError(f"the server ended the connection ({plain(text)})", retry_after=retry_after(text))


def non_sync_cap(capabilities: frozenset[str]) -> int:
    """The largest literal a server with these capabilities takes without being asked (RFC 7888)."""
    if "LITERAL+" in capabilities:
        return LINE_CAP
    return _NON_SYNC_CAP if "LITERAL-" in capabilities else 0
