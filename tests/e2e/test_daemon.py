"""The daemon as the owner runs it: IDLE, signals, power cuts, the digest, its refusals."""

import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller

from tests.e2e.home import Home
from tests.e2e.post import PANEL, invitation
from tests.servers.smtp import Postbox

LISBON = ZoneInfo("Europe/Lisbon")
PEOPLE = sorted(addr for _, addr in PANEL)


def until(true: Callable[[], object], seconds: float = 20.0) -> bool:
    """Whether it came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


def held_two_hours_ago() -> EmailMessage:
    """An invitation to an interview that has just been held."""
    now = datetime.now(UTC)
    start = (now - timedelta(hours=3)).astimezone(LISBON).replace(microsecond=0)
    return invitation(start, at=now - timedelta(days=2))


def has_ledger(home: Home) -> bool:
    """Whether the worker finished its first cycle."""
    path = home.folder / "state" / "ledger.sqlite3"
    if not path.exists():
        return False
    with sqlite3.connect(path) as ledger:
        try:
            return bool(ledger.execute("SELECT count(*) FROM cursors").fetchone()[0])
        except sqlite3.OperationalError:
            return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_message_delivered_while_it_idles_becomes_drafts_and_a_signal_ends_it(home: Home, number: int) -> None:
    daemon = home.start("run")
    try:
        assert until(lambda: has_ledger(home))
        home.deliver(held_two_hours_ago())
        assert until(lambda: home.drafts_to() == PEOPLE)
        began = time.monotonic()
        daemon.send_signal(number)
        assert daemon.wait(timeout=15) == 0
        assert time.monotonic() - began < 10
    finally:
        daemon.kill()
        daemon.wait()


def test_killed_at_any_moment_it_resumes_with_exactly_one_draft_each(home: Home) -> None:
    home.deliver(held_two_hours_ago())
    for delay in (0.6, 0.8, 1.0, 1.2, 1.4):
        daemon = home.start("run")
        time.sleep(delay)
        daemon.kill()
        daemon.wait()
    home.run("run", "--once")
    assert home.drafts_to() == PEOPLE
    home.run("run", "--once")
    assert home.drafts_to() == PEOPLE


def test_sighup_reads_the_configuration_again(home: Home) -> None:
    daemon = home.start("run")
    try:
        assert until(lambda: has_ledger(home))
        home.extra = '[policy]\noff = ["thank_you"]'
        home.write_config()
        daemon.send_signal(signal.SIGHUP)
        time.sleep(2)
        home.deliver(held_two_hours_ago())
        assert until(lambda: home.status() != [])
        time.sleep(1)
        assert home.drafts_to() == []
        daemon.terminate()
        assert daemon.wait(timeout=15) == 0
    finally:
        daemon.kill()
        daemon.wait()


def test_a_configuration_that_cannot_be_used_does_not_end_the_worker(home: Home) -> None:
    daemon = home.start("run")
    try:
        assert until(lambda: has_ledger(home))
        good = home.config.read_text()
        home.config.write_text("[owner\n")
        daemon.send_signal(signal.SIGHUP)
        time.sleep(2)
        home.deliver(held_two_hours_ago())
        assert until(lambda: home.drafts_to() == PEOPLE)
        assert daemon.poll() is None
        home.config.write_text(good)
    finally:
        daemon.kill()
        daemon.wait()


def test_a_ledger_that_breaks_ends_the_worker_with_one_sentence(home: Home) -> None:
    daemon = home.start("run")
    try:
        assert until(lambda: has_ledger(home))
        for name in ("ledger.sqlite3", "ledger.sqlite3-wal", "ledger.sqlite3-shm"):
            path = home.folder / "state" / name
            if path.exists():
                with path.open("r+b") as file:
                    file.write(b"no database any more" * 400)
        home.deliver(held_two_hours_ago())
        assert daemon.wait(timeout=30) == 1
    finally:
        daemon.kill()
        daemon.wait()


def test_a_second_worker_is_refused(home: Home) -> None:
    daemon = home.start("run")
    try:
        assert until(lambda: has_ledger(home))
        assert "already serves" in home.run("run", "--once", expect=4)
    finally:
        daemon.kill()
        daemon.wait()


def test_a_wrong_password_is_said_in_one_sentence(home: Home) -> None:
    home.environment["ANA_PASSWORD"] = "wrong"
    said = home.run("run", "--once", expect=3)
    assert len(said.strip().splitlines()) == 1


def test_a_live_ledger_is_never_rehearsed_on_nor_a_rehearsal_lived_on(home: Home) -> None:
    home.run("run", "--once")
    assert "rehearsal" in home.run("rehearse", "--from", "2026-12-01T10:00Z", "--to", "2026-12-01T10:00Z", expect=1)
    assert "rehearsal" in home.run("run", "--once", "--now", "2026-12-01T10:00Z", expect=1)
    (home.folder / "state" / "ledger.sqlite3").unlink()
    home.run("run", "--once", "--now", "2026-12-01T10:00Z")
    assert "rehearsal" in home.run("run", "--once", expect=1)


def test_a_dry_run_shows_the_drafts_and_writes_nothing(home: Home) -> None:
    home.deliver(held_two_hours_ago())
    said = home.run("run", "--once", "--dry-run")
    assert "priya.raman@larkspur.example" in said
    assert home.drafts_to() == []
    home.run("run", "--once")
    assert home.drafts_to() == PEOPLE


def test_the_owner_gets_one_digest_and_nobody_else_gets_anything(
    home: Home, postbox: tuple[Controller, Postbox]
) -> None:
    controller, box = postbox
    home.extra = '[notify]\ndigest = "smtp"\nquiet = ""'
    home.accounts = f'[accounts.smtp]\nhost = "127.0.0.1"\nport = {controller.port}\ntls = "none"\n'
    home.write_config()
    home.deliver(held_two_hours_ago())
    home.run("run", "--once")
    home.run("run", "--once")
    ((recipients, digest),) = box.letters
    assert recipients == ["ana@home.example"]
    assert digest["Auto-Submitted"] == "auto-generated"
    assert "Priya Raman" in digest.get_content()
    assert "Larkspur" not in digest["Subject"]
    assert "interview" not in digest["Subject"].lower()


def test_the_log_holds_no_content_and_no_address(home: Home) -> None:
    home.deliver(held_two_hours_ago())
    home.extra = '[log]\nlevel = "info"'
    home.write_config()
    done = subprocess.run(
        home.command("run", "--once"), capture_output=True, text=True, env=home.environment, check=True
    )
    assert done.stderr.count("draft placed") == 3
    assert "@" not in done.stderr
    assert "Priya" not in done.stderr


def test_a_broken_configuration_is_told_whole_and_ends_with_two(home: Home) -> None:
    home.config.write_text(home.config.read_text().replace("timezone", "time_zone").replace("port =", "prot ="))
    said = home.run("check", expect=2)
    assert "time_zone" in said
    assert "prot" in said
