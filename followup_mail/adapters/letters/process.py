"""One long-lived limited process for rendering, started on first need and again after trouble."""

import contextlib
import json
import os
import selectors
import subprocess
import sys
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

WORKER = Path(__file__).with_name("worker.py")
TIMEOUT = 5.0
"""Seconds a letter may take before the process is ended."""

_ANSWER_CAP = 400_000


class WorkerTroubleError(Exception):
    """The process gave no answer: killed by a limit, or too slow."""


class LimitedProcess:
    """Answers requests in `worker.py`; thread-safe, one request at a time."""

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._end: Callable[[], object] = bool

    def ask(self, request: Mapping[str, object]) -> dict[str, Any]:
        """The worker's answer; WorkerTroubleError where it died or took too long."""
        with self._lock:
            process = self._started()
            try:
                return self._exchanged(process, json.dumps(request).encode() + b"\n")
            except (OSError, ValueError, WorkerTroubleError) as error:
                self._end()
                self._process = None
                words = str(error) if isinstance(error, WorkerTroubleError) else "it ended the rendering process"
                raise WorkerTroubleError(words) from error

    def close(self) -> None:
        """End the process; never raises."""
        with self._lock:
            self._end()
            self._process = None

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - our own file, no shell
                [sys.executable, "-I", str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env={"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
                start_new_session=True,  # the terminal's Ctrl-C is the parent's business
            )
            self._end = weakref.finalize(self, _end, self._process)
        return self._process

    def _exchanged(self, process: subprocess.Popen[bytes], request: bytes) -> dict[str, Any]:
        deadline = monotonic() + self._timeout
        if process.stdin is None or process.stdout is None:
            raise WorkerTroubleError("the rendering process has no pipes")
        process.stdin.write(request)
        received = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while not received.endswith(b"\n"):
                if not selector.select(max(0.0, deadline - monotonic())):
                    raise WorkerTroubleError(f"it took longer than {self._timeout:g} seconds")
                piece = os.read(process.stdout.fileno(), 65_536)
                received += piece
                if not piece or len(received) > _ANSWER_CAP:
                    raise WorkerTroubleError("it needs more time or memory than a letter may")
        answer: dict[str, Any] = json.loads(received)
        return answer


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
