"""A state directory that cannot be used: one sentence and the exit code, from every command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFIG = """
[owner]
name = "Ana Lima"
addresses = ["ana@home.example"]
timezone = "Europe/Lisbon"
[state]
directory = "{state}"
[[accounts]]
name = "home"
[accounts.imap]
host = "127.0.0.1"
port = 9
username = "ana"
password_env = "ANA_PASSWORD"
"""


def run(folder: Path, state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    config = folder / "config.toml"
    config.write_text(CONFIG.format(state=state))
    command = [sys.executable, "-m", "followup_mail", *words, "--config", str(config)]
    environment = os.environ | {"ANA_PASSWORD": "pw", "COLUMNS": "200"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)


@pytest.mark.parametrize("words", [("run",), ("run", "--once"), ("status",)])
def test_a_state_directory_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("no directory")
    done = run(tmp_path, tmp_path / "file" / "state", *words)
    assert done.returncode == 1
    assert done.stderr.startswith("followup-mail: The state directory ")
    assert len(done.stderr.splitlines()) == 1


def test_a_state_directory_that_takes_no_files_is_told_in_one_sentence(tmp_path: Path) -> None:
    done = run(tmp_path, Path("/sys/kernel"), "run", "--once")
    assert done.returncode == 1
    assert done.stderr.startswith("followup-mail: The state directory /sys/kernel cannot be written to: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("state", ["/sys/kernel", "/proc/self/status/x"])
def test_check_finds_a_state_directory_that_cannot_be_used(tmp_path: Path, state: str) -> None:
    done = run(tmp_path, Path(state), "check")
    assert done.returncode != 0
    assert [line for line in done.stdout.splitlines() if line.startswith("error") and " state" in line]
    assert "Traceback" not in done.stderr
