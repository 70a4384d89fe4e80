"""Fixtures shared by all tests."""

from collections.abc import Iterator

import pytest

from followup_mail.demo.server import EmbeddedServer
from tests.servers.dovecot import Dovecot, start_dovecot


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A running Dovecot; take an account of your own with `dovecot.account()`."""
    server = start_dovecot()
    yield server
    server.stop()


@pytest.fixture
def pymap() -> Iterator[EmbeddedServer]:
    """A pymap in a thread, with one empty account."""
    with EmbeddedServer() as server:
        yield server
