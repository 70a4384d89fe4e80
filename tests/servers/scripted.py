"""A server that says what a test wants to hear: hostile, broken or poor in capabilities."""

import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from followup_mail.adapters.imap import ImapSettings


class Scripted:
    """Answers each command by the longest matching beginning in `script`.

    In an answer `%T` is the command's tag, `%PAUSE` a moment's silence, `%CLOSE` the end of the connection. What it
    does not know gets an OK. `heard` holds every line that came in.
    """

    def __init__(self, script: Mapping[str, bytes | list[bytes]], greeting: bytes, capabilities: str) -> None:
        self.script = {
            "CAPABILITY": f"* CAPABILITY IMAP4rev1 {capabilities}\r\n%T OK\r\n".encode(),
            "LOGOUT": b"* BYE\r\n%T OK\r\n",
        } | dict(script)
        self.greeting = greeting
        self.heard: list[bytes] = []
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
            idle = b""
            while line := reader.readline():
                self.heard.append(line.rstrip(b"\r\n"))
                ahead = line
                while (literal := re.search(rb"\{(\d+)(\+?)\}\r\n$", ahead)) is not None:
                    if not literal[2]:
                        connection.sendall(b"+ go on\r\n")
                    reader.read(int(literal[1]))
                    ahead = reader.readline()
                tag, _, command = line.rstrip(b"\r\n").partition(b" ")
                if tag == b"DONE":
                    tag, answer = idle, self.script.get("DONE", b"%T OK\r\n")
                else:
                    answer = self._answer(command.decode("latin-1"))
                idle = tag if command == b"IDLE" else idle
                said, closes, _ = (
                    answer.replace(b"%T OK\r\n", b"%T OK done\r\n").replace(b"%T", tag).partition(b"%CLOSE")
                )
                for first, words in enumerate(said.split(b"%PAUSE")):
                    time.sleep(0.05 if first else 0)
                    connection.sendall(words)
                if closes:
                    return

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
