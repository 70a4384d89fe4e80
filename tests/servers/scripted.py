"""A server that says what a test wants to hear: hostile, broken or poor in capabilities."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from followup_mail.adapters.imap import ImapSettings

Say = Callable[["Scripted", bytes, bytes], bytes]
"""What to answer to (server, tag, line after the tag)."""


class Scripted:
    """Answers each command by the longest matching beginning in `script`; `%T` stands for its tag.

    What it does not know gets an OK. `heard` holds every line that came in; `hang_up` closes after the answer.
    """

    def __init__(self, script: Mapping[str, bytes | list[bytes]], greeting: bytes, capabilities: str) -> None:
        self.script = {
            "CAPABILITY": f"* CAPABILITY IMAP4rev1 {capabilities}\r\n%T OK\r\n".encode(),
            "LOGOUT": b"* BYE\r\n%T OK\r\n",
        } | dict(script)
        self.greeting = greeting
        self.heard: list[bytes] = []
        self.tls: ssl.SSLContext | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def settings(self, **changes: object) -> ImapSettings:
        """How to reach it."""
        known = {"host": "127.0.0.1", "port": self.port, "username": "ana", "password": lambda: "pw", "tls": "none"}
        return ImapSettings(**(known | changes))

    def stop(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                with connection, suppress(OSError):
                    connection.settimeout(10)
                    self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        connection.sendall(self.greeting)
        reader = connection.makefile("rb")
        with reader:
            while line := reader.readline():
                self.heard.append(line.rstrip(b"\r\n"))
                tag, _, command = line.rstrip(b"\r\n").partition(b" ")
                answer = self._answer(command.decode("latin-1"))
                if b"%CLOSE" in answer:
                    connection.sendall(answer.partition(b"%CLOSE")[0].replace(b"%T", tag))
                    return
                connection.sendall(answer.replace(b"%T", tag))

    def _answer(self, command: str) -> bytes:
        known = [words for words in self.script if command.upper().startswith(words)]
        if not known:
            return b"%T OK done\r\n" if command else b""
        answer = self.script[max(known, key=len)]
        if isinstance(answer, list):
            return answer.pop(0) if len(answer) > 1 else answer[0]
        return answer


@contextmanager
def scripted(
    script: Mapping[str, bytes | list[bytes]] | None = None,
    *,
    greeting: bytes = b"* OK ready\r\n",
    capabilities: str = "",
) -> Iterator[Scripted]:
    """A Scripted that runs."""
    server = Scripted(script or {}, greeting, capabilities)
    try:
        yield server
    finally:
        server.stop()
