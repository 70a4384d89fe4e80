"""A socket as bounded lines and blocks."""

import select
import socket
import ssl
import time
from typing import Final

from followup_mail.errors import AccountError

_CHUNK: Final = 256 * 1024


class Stream:
    """Reads a connected socket with a time limit for each read and one for a whole command."""

    def __init__(self, connection: socket.socket, timeout: float, deadline: float) -> None:
        connection.settimeout(timeout)
        self._socket = connection
        self._buffer = bytearray()
        self._allowed = deadline
        self._until = time.monotonic() + deadline

    @property
    def buffered(self) -> bool:
        """Whether something was received that nobody has read."""
        return bool(self._buffer)

    def restart_clock(self) -> None:
        """Give the command that begins now its whole time."""
        self._until = time.monotonic() + self._allowed

    def read_line(self, cap: int) -> bytes:
        """The next line without its CRLF; raises AccountError past `cap` octets or at the end of the stream."""
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched > cap:
                raise AccountError(f"the server sent a line of over {cap} octets")
            self._receive()
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line.removesuffix(b"\r")

    def read_block(self, size: int, keep: int) -> bytes:
        """The next `size` octets, of which only the first `keep` are kept in memory."""
        kept = bytearray()
        while size:
            if not self._buffer:
                self._receive()
            taken = min(size, len(self._buffer))
            kept += self._buffer[: min(taken, max(0, keep - len(kept)))]
            del self._buffer[:taken]
            size -= taken
        return bytes(kept)

    def send(self, octets: bytes) -> None:
        """Send all of it."""
        self._socket.sendall(octets)

    def await_octets(self, at_most: float, waker: socket.socket) -> bool:
        """Whether something can be read within `at_most` seconds; False too once the waker has something to say."""
        until = time.monotonic() + at_most
        pending = getattr(self._socket, "pending", lambda: 0)
        while not self._buffer:
            if not pending():
                readable, _, _ = select.select([self._socket, waker], [], [], max(0.0, until - time.monotonic()))
                if self._socket not in readable:
                    return False
            self._receive_what_is_there()
        return True

    def shorten_patience(self, timeout: float) -> None:
        """Give up sooner: the conversation is over anyway."""
        self._socket.settimeout(timeout)

    def close(self) -> None:
        """Drop the connection."""
        self._socket.close()

    def _receive_what_is_there(self) -> None:
        """TLS makes a socket readable for its own ends too: such a moment brings nothing, and must not block."""
        timeout = self._socket.gettimeout()
        self._socket.settimeout(0)
        try:
            self._receive()
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        finally:
            self._socket.settimeout(timeout)

    def _receive(self) -> None:
        if time.monotonic() > self._until:
            raise TimeoutError
        received = self._socket.recv(_CHUNK)
        if not received:
            raise AccountError("the server closed the connection")
        self._buffer += received
