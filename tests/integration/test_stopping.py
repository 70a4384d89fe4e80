"""The daemon ends when asked to, whatever a server does."""

import threading
import time

import pytest

from followup_mail import daemon
from followup_mail.cycle import Worker
from followup_mail.daemon import Bell, Shift, serve
from followup_mail.errors import AccountError
from followup_mail.ports import Mailbox


def test_a_server_that_never_answers_holds_up_no_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon, "STOP_SECONDS", 0.2)
    entered, answered, bell = threading.Event(), threading.Event(), Bell()

    def employ() -> Worker:
        entered.set()
        bell.rung.set()
        bell.stopping.set()
        answered.wait(10)
        raise AccountError("it answered too late")

    def listen() -> Mailbox:
        raise AccountError("it is busy")

    began = time.monotonic()
    try:
        assert not serve([Shift("home", employ, listen, ("INBOX",))], bell)
        assert entered.is_set()
        assert bell.stuck
        assert time.monotonic() - began < 5
    finally:
        answered.set()
