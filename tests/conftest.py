"""Fixtures shared by all tests."""

from collections.abc import Iterator

import pytest

from tests.servers.dovecot import Dovecot, start_dovecot


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A running Dovecot; take an account of your own with `dovecot.account()`."""
    server = start_dovecot()
    yield server
    server.stop()
