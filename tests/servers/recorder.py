"""A relay on loopback that keeps every octet the worker sends."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Recorder:
    """What went up to the server, in order."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.octets = bytearray()
        self.turns = 0  # how often the worker spoke after the server had: round trips
        self._pairs: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def lines(self) -> list[str]:
        """The lines sent, literals included."""
        return self.octets.decode("utf-8", "replace").split("\r\n")

    @property
    def commands(self) -> list[str]:
        """The commands sent after sign-in, without their tags."""
        words = [line.split(" ", 1) for line in self.lines if line[:1] == "F" and line[1:2].isdigit()]
        return [rest[0] for _, *rest in words if rest]

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._pairs:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for one in self._pairs:
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                below, _ = self._listener.accept()
                above = socket.create_connection(("127.0.0.1", self._target))
                self._pairs += [below, above]
                spoken = threading.Event()
                for source, goal, upward in ((below, above, True), (above, below, False)):
                    thread = threading.Thread(target=self._relay, args=(source, goal, upward, spoken), daemon=True)
                    self._threads.append(thread)
                    thread.start()

    def _relay(self, source: socket.socket, goal: socket.socket, upward: bool, spoken: threading.Event) -> None:
        with suppress(OSError):
            while octets := source.recv(65536):
                if upward:
                    self.octets += octets
                    if spoken.is_set() or not self.turns:
                        self.turns += 1
                        spoken.clear()
                else:
                    spoken.set()
                goal.sendall(octets)
        with suppress(OSError):
            goal.shutdown(socket.SHUT_WR)


@contextmanager
def recording(port: int) -> Iterator[Recorder]:
    """A Recorder before the server at this port of loopback."""
    recorder = Recorder(port)
    try:
        yield recorder
    finally:
        recorder.stop()
