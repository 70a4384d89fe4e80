"""What the commands that look, ask and answer print."""

import json
import mailbox as mailboxes
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.e2e.home import Home
from tests.e2e.post import invitation, note
from tests.e2e.test_main_job import ASKED, HELD

CORPUS = Path(__file__).parents[1] / "corpus"


def read(*words: str, given: bytes = b"", expect: int = 0) -> str:
    command = [sys.executable, "-m", "followup_mail", "read", *words]
    done = subprocess.run(command, input=given, capture_output=True, timeout=60, check=False)
    assert done.returncode == expect, done.stderr
    return done.stdout.decode()


def panel() -> bytes:
    return invitation(HELD, at=ASKED).as_bytes()


def test_read_prints_one_json_object_for_every_message_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "panel.eml").write_bytes(panel())
    (tmp_path / "junk.bin").write_bytes(bytes(range(256)))
    (tmp_path / "bare.ics").write_bytes(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    answers = [json.loads(line) for line in read("--json", "--owner", "ana@home.example", str(tmp_path)).splitlines()]
    kinds = {Path(answer["path"]).name: answer["kind"] for answer in answers}
    assert kinds == {"panel.eml": "interview_confirmation", "junk.bin": "other", "bare.ics": "other"}
    found = next(answer for answer in answers if answer["kind"] == "interview_confirmation")
    assert found["interviews"][0]["start"] == "2026-12-03T14:00:00+00:00"
    assert found["company"] == "Larkspur Health"


def test_read_takes_mbox_maildir_and_standard_input(tmp_path: Path) -> None:
    with_two = mailboxes.mbox(tmp_path / "two.mbox")
    with_two.add(panel())
    with_two.add(note("Lunch", "See you at noon.", at=ASKED, message_id="<l@x.example>").as_bytes())
    with_two.close()
    folder = mailboxes.Maildir(tmp_path / "maildir")
    folder.add(panel())
    folder.close()
    kinds = [json.loads(line)["kind"] for line in read("--json", str(tmp_path / "two.mbox")).splitlines()]
    assert kinds == ["interview_confirmation", "other"]
    assert json.loads(read("--json", str(tmp_path / "maildir")))["kind"] == "interview_confirmation"
    assert json.loads(read("--json", "-", given=panel()))["kind"] == "interview_confirmation"


def test_read_quotes_its_evidence_to_a_person(tmp_path: Path) -> None:
    (tmp_path / "panel.eml").write_bytes(panel())
    said = read("--owner", "ana@home.example", "--zone", "Europe/Lisbon", str(tmp_path / "panel.eml"))
    assert "interview confirmation" in said
    assert "with Priya Raman <priya.raman@larkspur.example>" in said
    assert "because (" in said


def test_status_and_show_tell_a_person_what_stands_and_why(home: Home) -> None:
    home.deliver(invitation(HELD, at=ASKED))
    home.rehearse("2026-12-03T16:00Z", "2026-12-03T16:00Z")
    table = home.run("status")
    assert "larkspur-health" in table
    assert "in Drafts" in table
    shown = home.run("show", "larkspur")
    assert "Priya Raman <priya.raman@larkspur.example>, Engineering Manager" in shown
    assert 'text/calendar: "' in shown
    assert "thank you to Priya Raman: in Drafts" in shown


def test_check_says_what_is_right_and_what_is_missing(home: Home) -> None:
    said = home.run("check")
    assert "drafts go to 'Drafts'" in said
    assert "sent mail is in 'Sent'" in said
    home.config.write_text(home.config.read_text() + 'watch = ["INBOX", "Jobs"]\n')
    assert "'Jobs'" in home.run("check", expect=2)
    home.environment["ANA_PASSWORD"] = "wrong"
    home.run("check", expect=3)


def test_the_owners_word_ends_or_asks(home: Home) -> None:
    home.deliver(invitation(HELD, at=ASKED))
    home.rehearse("2026-12-03T16:00Z", "2026-12-03T16:00Z")
    assert "no case" in home.run("outcome", "nobody", "offer", expect=2)
    home.run("draft", "larkspur", "no_such_purpose", expect=2)
    home.run("draft", "larkspur", "status_check")
    home.run("confirm", "larkspur")
    home.rehearse("2026-12-04T16:00Z", "2026-12-04T16:00Z")
    assert "maya.okafor@larkspur.example" in home.drafts_to()
    home.run("outcome", "larkspur", "accepted")
    home.rehearse("2026-12-05T16:00Z", "2026-12-05T16:00Z")
    assert home.status()[0]["state"] == "accepted"
    assert home.drafts_to() == []
    home.run("dismiss", "larkspur")
    assert home.status()[0]["state"] == "dismissed"


def test_a_moment_that_is_none_is_refused_with_an_example(home: Home) -> None:
    assert "ISO 8601" in home.run("rehearse", "--from", "yesterday", "--to", "2026-12-01", expect=2)
    assert "10m" in home.run("rehearse", "--from", "2026-12-01", "--to", "2026-12-02", "--every", "soon", expect=2)
    assert "before" in home.run("rehearse", "--from", "2026-12-02", "--to", "2026-12-01", expect=2)
    assert "--once" in home.run("run", "--now", datetime.now(UTC).isoformat(), expect=2)
