"""The demo as its owner starts it: the real worker, a real IMAP server, an invented mailbox."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> str:
    home = tmp_path_factory.mktemp("home")
    environment = {**os.environ, "HOME": str(home), "XDG_STATE_HOME": str(home), "COLUMNS": "140"}
    done = subprocess.run(
        [sys.executable, "-m", "followup_mail", "demo"],
        cwd=Path(__file__).resolve().parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (0, "") == (done.returncode, done.stderr)
    assert [] == list(home.rglob("*"))  # what the demo needs lies in a temporary directory
    return done.stdout


def lines_with(shown: str, sign: str) -> list[str]:
    return [line.split(sign)[1].split("<")[0].strip() for line in shown.splitlines() if f"  {sign} " in line]


def test_it_drafts_to_each_interviewer_and_to_nobody_else(shown: str) -> None:
    drafted = lines_with(shown, "✎")
    assert sorted(
        [
            "a draft to Maya Okafor",  # thank-you
            "a draft to Ingrid Solberg",
            "a draft to Priya Raman",
            "a draft to Tomás Rivera",
            "a draft to Marcus Bell",
            "a draft to Maya Okafor",  # status check, taken back at the rejection
            "a draft to Maya Okafor",  # reply to the rejection
            "a draft to Nora Ek",  # status check
            "a draft to Marcus Bell",  # status check after the promised date
        ]
    ) == sorted(drafted)


def test_it_takes_back_what_a_rejection_makes_pointless(shown: str) -> None:
    assert ["takes back its draft to Maya Okafor"] == lines_with(shown, "✗")


def test_a_panels_letters_appear_an_hour_after_its_end(shown: str) -> None:
    moments = [line.split("  ✎")[0] for line in shown.splitlines() if "✎" in line and "larkspur" in line]
    assert ["Wed 11 Nov 16:00"] * 3 + ["Wed 18 Nov 09:00"] == moments


def test_a_moved_interview_is_thanked_for_after_its_new_time_and_a_cancelled_one_never(shown: str) -> None:
    thanked = [line.split("  ✎")[0] for line in shown.splitlines() if "✎" in line and "fenwick" in line]
    assert ["Fri 13 Nov 14:00", "Mon 23 Nov 09:00"] == thanked
    assert "called off" in shown
    assert [] == [line for line in shown.splitlines() if "✎" in line and "aldertrust" in line]


def test_it_shows_one_letter_whole_without_a_blank_in_it(shown: str) -> None:
    letter = shown.partition("One of them")[2]
    assert "From: Ana Lima <ana@home.example>" in letter
    assert "Ana Lima" in letter.partition("Subject:")[2]
    assert set() == {"[", "]", "{", "}", "___", "None"} & {word for word in letter.split() if word}
