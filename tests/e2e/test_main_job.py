"""The main job, played through the real command on a real Dovecot."""

from datetime import UTC, datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from tests.e2e.home import Home
from tests.e2e.post import MAYA, PANEL, invitation, note

LISBON = ZoneInfo("Europe/Lisbon")
ASKED = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
HELD = datetime(2026, 12, 3, 14, 0, tzinfo=LISBON)  # a Thursday
PEOPLE = sorted(addr for _, addr in PANEL)


def drafts_of(home: Home, purpose: str) -> list[dict]:
    return [draft for case in home.status() for draft in case["drafts"] if draft["purpose"] == purpose]


def test_each_interviewer_of_a_panel_gets_one_draft_an_hour_after_the_end(home: Home) -> None:
    home.deliver(invitation(HELD, at=ASKED))
    home.rehearse("2026-11-27T12:00Z", "2026-12-03T15:50Z")
    assert home.drafts_to() == []
    home.rehearse("2026-12-03T16:00Z", "2026-12-04T15:00Z")
    assert home.drafts_to() == PEOPLE
    (case,) = home.status()
    assert case["company"] == "Larkspur Health"
    assert case["position"] == "Backend Engineer"
    assert case["state"] == "interviewed"
    assert case["interviews"][0]["start"] == "2026-12-03T14:00:00+00:00"
    placed = [draft for draft in case["drafts"] if draft["purpose"] == "thank_you"]
    assert {draft["state"] for draft in placed} == {"placed"}
    assert {datetime.fromisoformat(draft["placed_at"]) for draft in placed} == {datetime(2026, 12, 3, 16, tzinfo=UTC)}


def test_the_letters_of_a_panel_are_whole_and_unlike(home: Home) -> None:
    home.deliver(invitation(HELD, at=ASKED))
    home.rehearse("2026-11-27T12:00Z", "2026-12-03T16:00Z", "12h")
    home.rehearse("2026-12-03T16:00Z", "2026-12-03T16:00Z")
    letters = list(home.messages().values())
    texts = [letter.get_content() for letter in letters]
    assert len(set(texts)) == 3
    for letter, text in zip(letters, texts, strict=True):
        assert letter["From"].addresses[0].addr_spec == "ana@home.example"
        assert letter["In-Reply-To"] is None
        assert not letter["Subject"].startswith("Re:")
        assert not [name for name in letter if name.lower().startswith(("x-", "bcc"))]
        assert not set("[]{}<>!") & set(text)
        assert "Thursday" in text or "3 December" in text
        assert "\\Draft" in home.flags("Drafts", 1)
        assert "\\Seen" in home.flags("Drafts", 1)


def test_nothing_else_in_the_mailbox_changes(home: Home) -> None:
    uid = home.deliver(invitation(HELD, at=ASKED))
    home.rehearse("2026-11-27T12:00Z", "2026-12-05T12:00Z", "6h")
    assert list(home.messages("INBOX")) == [uid]
    assert "\\Seen" not in home.flags("INBOX", uid)
    assert home.messages("Sent") == {}


def test_silence_brings_one_status_check_to_the_recruiter(home: Home) -> None:
    home.deliver(invitation(HELD, at=ASKED))
    home.rehearse("2026-11-27T12:00Z", "2026-12-09T20:00Z", "2h")
    assert home.drafts_to() == PEOPLE
    home.rehearse("2026-12-09T22:00Z", "2026-12-20T12:00Z", "2h")
    assert home.drafts_to() == sorted([*PEOPLE, "maya.okafor@larkspur.example"])
    (check,) = drafts_of(home, "status_check")
    assert check["state"] == "placed"
    letter = next(m for m in home.messages().values() if "maya" in m["To"])
    assert letter["In-Reply-To"] == "<panel-1@larkspur.example>"
    assert letter["References"] == "<panel-1@larkspur.example>"
    assert letter["Subject"].startswith("Re: ")


def test_a_promised_date_moves_the_status_check_past_it(home: Home) -> None:
    home.deliver(invitation(HELD, at=ASKED))
    thanks = (
        "Hi Ana,\n\nthank you for your time. We will let you know our decision by 18 December.\n\nBest regards,\nMaya\n"
    )
    at = datetime(2026, 12, 4, 9, 0, tzinfo=UTC)
    answers = "<panel-1@larkspur.example>"
    home.deliver(note("Re: Panel interview", thanks, at=at, message_id="<p2@larkspur.example>", answers=answers))
    home.rehearse("2026-11-27T12:00Z", "2026-12-24T20:00Z", "4h")
    assert drafts_of(home, "status_check")[0]["state"] == "planned"
    home.rehearse("2026-12-26T08:00Z", "2026-12-31T12:00Z", "2h")
    assert drafts_of(home, "status_check")[0]["state"] == "placed"


def test_an_answer_stops_the_status_check(home: Home) -> None:
    home.deliver(invitation(HELD, at=ASKED))
    home.rehearse("2026-11-27T12:00Z", "2026-12-05T12:00Z", "4h")
    offer = (
        "Dear Ana,\n\nwe are delighted to offer you the position of Backend Engineer.\n\nBest regards,\nMaya Okafor\n"
    )
    at = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
    home.deliver(
        note("Your offer", offer, at=at, message_id="<o1@larkspur.example>", answers="<panel-1@larkspur.example>")
    )
    home.rehearse("2026-12-07T10:00Z", "2027-01-10T12:00Z", "12h")
    assert drafts_of(home, "status_check") == [] or {d["state"] for d in drafts_of(home, "status_check")} == {
        "withdrawn"
    }
    assert home.status()[0]["state"] == "offer"


def test_a_rejection_is_answered_the_next_morning_and_untouched_drafts_are_taken_back(home: Home) -> None:
    home.deliver(invitation(HELD, at=ASKED))
    home.rehearse("2026-11-27T12:00Z", "2026-12-04T12:00Z", "2h")
    text = (
        "Dear Ana,\n\nthank you for your interest in the Backend Engineer position. Unfortunately, we have decided to "
        "move forward with another candidate.\n\nWe wish you all the best.\n\nKind regards,\nMaya Okafor\n"
    )
    at = datetime(2026, 12, 8, 15, 0, tzinfo=UTC)
    home.deliver(
        note("Your application", text, at=at, message_id="<r1@larkspur.example>", answers="<panel-1@larkspur.example>")
    )
    home.rehearse("2026-12-08T16:00Z", "2026-12-09T08:50Z", "1h")
    assert home.drafts_to() == []
    home.rehearse("2026-12-09T09:00Z", "2026-12-20T08:50Z", "6h")
    assert home.drafts_to() == ["maya.okafor@larkspur.example"]
    (reply,) = home.messages().values()
    assert reply["In-Reply-To"] == "<r1@larkspur.example>"
    assert home.status()[0]["state"] == "rejected"


def test_a_moved_interview_moves_its_thanks(home: Home) -> None:
    home.deliver(invitation(HELD, at=ASKED))
    later = datetime(2026, 12, 8, 11, 0, tzinfo=LISBON)
    moved = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    home.deliver(invitation(later, at=moved, message_id="<panel-2@larkspur.example>", sequence=1))
    home.rehearse("2026-11-27T12:00Z", "2026-12-08T12:00Z", "2h")
    assert home.drafts_to() == []
    home.rehearse("2026-12-08T13:00Z", "2026-12-08T14:00Z", "1h")
    assert home.drafts_to() == PEOPLE
    (case,) = home.status()
    assert [interview["start"] for interview in case["interviews"]] == ["2026-12-08T11:00:00+00:00"]


def test_a_cancelled_interview_brings_no_thanks(home: Home) -> None:
    home.deliver(invitation(HELD, at=ASKED))
    off = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)
    home.deliver(invitation(HELD, at=off, message_id="<panel-3@larkspur.example>", sequence=1, method="CANCEL"))
    home.rehearse("2026-11-27T12:00Z", "2026-12-20T12:00Z", "4h")
    assert home.drafts_to() == []
    assert home.status()[0]["state"] == "cancelled"


def test_an_edited_draft_is_never_touched_a_deleted_one_never_back_a_sent_one_seen(home: Home) -> None:
    home.deliver(invitation(HELD, at=ASKED))
    home.rehearse("2026-11-27T12:00Z", "2026-12-03T17:00Z", "1h")
    by_person = {message["To"].addresses[0].addr_spec: uid for uid, message in home.messages().items()}
    priya, tomas, ingrid = (by_person[addr] for _, addr in PANEL)
    edited = _edited(home.messages()[priya])
    home.replace(priya, edited)
    home.remove("Drafts", tomas)
    home.send(ingrid)
    home.rehearse("2026-12-03T18:00Z", "2026-12-06T12:00Z", "2h")
    assert home.drafts_to() == ["priya.raman@larkspur.example"]
    (left,) = home.messages().values()
    assert left.get_content().splitlines() == edited.get_content().splitlines()
    states = {draft["to"][0]: draft["state"] for draft in drafts_of(home, "thank_you")}
    assert [states[addr] for _, addr in PANEL] == ["edited", "discarded", "sent"]


def _edited(draft: EmailMessage) -> EmailMessage:
    text = draft.get_content() + "\nP.S. The diagram on the wall stayed with me.\n"
    draft.set_content(text)
    return draft


def test_whom_the_owner_thanked_already_gets_no_draft(home: Home) -> None:
    home.deliver(invitation(HELD, at=ASKED))
    own = note(
        "Thank you",
        "Dear Priya,\n\nthank you very much for the conversation on Thursday.\n\nAna\n",
        at=datetime(2026, 12, 3, 15, 20, tzinfo=UTC),
        sender="Ana Lima <ana@home.example>",
        to="Priya Raman <priya.raman@larkspur.example>",
        message_id="<own-1@home.example>",
    )
    home.deliver(own, "Sent")
    home.rehearse("2026-11-27T12:00Z", "2026-12-04T12:00Z", "1h")
    assert home.drafts_to() == ["ingrid.solberg@larkspur.example", "tomas.rivera@larkspur.example"]


def test_a_prose_confirmation_in_a_thread_takes_its_moment_from_the_earlier_message(home: Home) -> None:
    asks = "Hi Ana,\n\nwould Thursday 3 December at 3pm suit you for the interview with Daniel Roth?\n\nMaya\n"
    yes = "Hi Maya,\n\nThursday at 3pm suits me well.\n\nAna\n"
    confirms = "Hi Ana,\n\nConfirmed, talk then! Daniel looks forward to the interview.\n\nMaya\n"
    day = datetime(2026, 11, 30, tzinfo=UTC)
    home.deliver(note("Interview", asks, at=day.replace(hour=9), message_id="<a1@larkspur.example>"))
    own = note(
        "Re: Interview",
        yes,
        at=day.replace(hour=10),
        sender="Ana Lima <ana@home.example>",
        to=MAYA,
        message_id="<a2@home.example>",
        answers="<a1@larkspur.example>",
    )
    home.deliver(own, "Sent")
    home.deliver(
        note(
            "Re: Interview",
            confirms,
            at=day.replace(hour=11),
            message_id="<a3@larkspur.example>",
            answers="<a2@home.example>",
        )
    )
    home.rehearse("2026-11-30T12:00Z", "2026-12-04T12:00Z", "1h")
    (case,) = home.status()
    assert [interview["start"] for interview in case["interviews"]] == ["2026-12-03T15:00:00+00:00"]
    assert home.drafts_to() == ["maya.okafor@larkspur.example"]
