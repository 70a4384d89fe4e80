"""A fresh owner with a mailbox of their own on the real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tests.e2e.home import Home
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import Postbox, start_postbox


@pytest.fixture
def home(tmp_path: Path, dovecot: Dovecot) -> Home:
    """Ana's home: configuration, empty mailbox, no ledger yet."""
    return Home(tmp_path, dovecot, dovecot.account())


@pytest.fixture
def postbox() -> Iterator[tuple[Controller, Postbox]]:
    """A submission server that keeps what it takes."""
    controller, box = start_postbox()
    yield controller, box
    controller.stop()
