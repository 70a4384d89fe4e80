"""What every Mailbox keeps: the one in memory, pymap and Dovecot, by one suite."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from followup_mail.adapters.imap import ImapMailbox, ImapSettings
from followup_mail.core.compose.likeness import fingerprint
from followup_mail.core.message import Cursor, MessageKey
from followup_mail.demo.server import EmbeddedServer
from followup_mail.errors import MailboxError
from followup_mail.ports import Found, Mailbox, Placed
from tests.fakes.memory_mailbox import MemoryMailbox
from tests.servers.dovecot import Dovecot
from tests.servers.owner import Owner

TEXT = "Thank you for the half hour on Tuesday and for talking through the Grid Data Analyst position with me."


class MemoryOwner:
    """The owner's deeds on the mailbox in memory, in the words of Owner."""

    def __init__(self, mailbox: MemoryMailbox) -> None:
        self._mailbox = mailbox
        self.expunge, self.edit, self.send = mailbox.expunge, mailbox.edit, mailbox.send
        self.discard, self.flag = mailbox.discard, mailbox.flag

    def deliver(
        self, octets: bytes, mailbox: str = "INBOX", *, at: datetime | None = None, flags: str = ""
    ) -> MessageKey:
        return self._mailbox.deliver(octets, mailbox, at=at, flags=flags.split())

    def letters(self, mailbox: str) -> dict[int, tuple[frozenset[str], bytes]]:
        return {uid: (one.flags, one.octets) for uid, one in self._mailbox.letters[mailbox].items()}


@dataclass
class World:
    """A mailbox of a kind, its owner, and a way to another connection."""

    connect: Callable[[], Mailbox]
    owner: Owner | MemoryOwner
    opened: list[Mailbox] = field(default_factory=list)

    def mailbox(self) -> Mailbox:
        self.opened.append(self.connect())
        return self.opened[-1]


@pytest.fixture(params=["memory", "pymap", "dovecot"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "memory":
        memory = MemoryMailbox(now=lambda: datetime.now(UTC))
        made = World(lambda: memory, MemoryOwner(memory))
    elif request.param == "dovecot":
        server: Dovecot = request.getfixturevalue("dovecot")
        username = server.account()
        made = World(lambda: ImapMailbox(server.settings(username)), server.owner(username))
    else:
        embedded: EmbeddedServer = request.getfixturevalue("pymap")
        settings = ImapSettings(
            host=embedded.host,
            port=embedded.port,
            username=embedded.username,
            password=lambda: embedded.password,
            tls="none",
        )
        owner = Owner(embedded.host, embedded.port, embedded.username, embedded.password)
        made = World(lambda: ImapMailbox(settings), owner)
    yield made
    for mailbox in made.opened:
        mailbox.close()


def letter(number: int, text: str = "Hello", **fields: str) -> bytes:
    header = {
        "From": "Maya Okafor <maya@brightwater.example>",
        "To": "ana@home.example",
        "Subject": "Your interview",
        "Message-ID": f"<m{number}@brightwater.example>",
    } | {name.replace("_", "-"): value for name, value in fields.items()}
    lines = [f"{name}: {value}" for name, value in header.items()]
    return ("\r\n".join([*lines, "", text, ""])).encode()


def draft(message_id: str = "<d1@home.example>", text: str = TEXT, to: str = "maya@brightwater.example") -> bytes:
    fields = {
        "From": "ana@home.example",
        "To": to,
        "Subject": "Re: Your interview",
        "Message-ID": message_id,
        "In-Reply-To": "<m1@brightwater.example>",
        "References": "<m1@brightwater.example>",
    }
    return ("\r\n".join([*(f"{name}: {value}" for name, value in fields.items()), "", text, ""])).encode()


def placed(key: MessageKey | None, octets: bytes | None = None, message_id: str = "<d1@home.example>") -> Placed:
    return Placed(
        draft="thank_you:case:maya@brightwater.example:1",
        message_id=message_id,
        key=key,
        fingerprint=fingerprint(octets or draft()),
        recipients=("maya@brightwater.example",),
        references=("<m1@brightwater.example>",),
        text=TEXT,
    )


def headers(mailbox: Mailbox, cursor: Cursor | None = None, since: date | None = None) -> list[int]:
    return [one.key.uid for batch in mailbox.read_header_fields("INBOX", cursor, since=since) for one in batch]


def test_the_mailboxes_are_known_by_their_use(world: World) -> None:
    there = world.mailbox().mailboxes()
    assert ("Drafts", "Sent", "Trash") == (there.drafts, there.sent, there.trash)
    assert {"INBOX", "Drafts", "Sent", "Trash"} <= set(there.names)


def test_a_status_counts_what_was_delivered_and_leaves_out_what_is_not_there(world: World) -> None:
    mailbox = world.mailbox()
    before = mailbox.statuses(["INBOX", "Nowhere"])
    world.owner.deliver(letter(1))
    after = mailbox.statuses(["INBOX", "Nowhere"])
    assert {"INBOX"} == set(before) == set(after)
    assert (1, before["INBOX"].uidnext + 1) == (after["INBOX"].messages, after["INBOX"].uidnext)


def test_a_status_is_fresh_while_its_mailbox_is_being_read(world: World) -> None:
    mailbox = world.mailbox()
    world.owner.deliver(letter(1))
    headers(mailbox)
    world.owner.deliver(letter(2))
    assert 2 == mailbox.statuses(["INBOX"])["INBOX"].messages


def test_header_fields_come_in_uid_order_unfolded_and_with_their_size(world: World) -> None:
    first = world.owner.deliver(letter(1, Subject="Your\r\n interview", References="<a@x.example>\r\n\t<b@x.example>"))
    second = world.owner.deliver(letter(2))
    batch = next(iter(world.mailbox().read_header_fields("INBOX", None)))
    assert [first, second] == [one.key for one in batch]
    assert ("Your interview",) == batch[0].fields["subject"]
    assert ("<a@x.example>\t<b@x.example>",) == batch[0].fields["references"]
    assert len(letter(2)) == batch[1].size


def test_only_what_lies_past_the_cursor_is_read(world: World) -> None:
    mailbox = world.mailbox()
    world.owner.deliver(letter(1))
    cursor = mailbox.statuses(["INBOX"])["INBOX"].cursor
    assert [] == headers(mailbox, cursor)
    new = world.owner.deliver(letter(2))
    assert [new.uid] == headers(mailbox, cursor)


def test_a_cursor_of_another_uidvalidity_is_void(world: World) -> None:
    mailbox = world.mailbox()
    key = world.owner.deliver(letter(1))
    assert [key.uid] == headers(mailbox, Cursor(key.uidvalidity + 1, key.uid + 1))


def test_mail_older_than_the_day_asked_for_is_left_out(world: World) -> None:
    now = datetime.now(UTC)
    world.owner.deliver(letter(1), at=now - timedelta(days=40))
    recent = world.owner.deliver(letter(2), at=now - timedelta(days=2))
    assert [recent.uid] == headers(world.mailbox(), since=(now - timedelta(days=30)).date())


def test_a_mailbox_that_is_not_there_is_its_own_error(world: World) -> None:
    mailbox = world.mailbox()
    with pytest.raises(MailboxError):
        next(mailbox.read_header_fields("Nowhere", None), None)
    assert mailbox.mailboxes().drafts == "Drafts"


def test_messages_are_read_and_vanished_ones_left_out(world: World) -> None:
    first, second = world.owner.deliver(letter(1, "One")), world.owner.deliver(letter(2, "Two"))
    world.owner.expunge(first)
    read = list(world.mailbox().read([first, second], 10_000))
    assert [(second, letter(2, "Two"))] == [(one.key, one.octets) for one in read]


def test_a_long_text_is_cut_at_the_cap(world: World) -> None:
    key = world.owner.deliver(letter(1, "A line of text\r\n" * 20_000))
    (read,) = world.mailbox().read([key], 4096)
    assert b"A line of text" in read.octets
    assert len(read.octets) < 8192


def test_reading_changes_no_flag(world: World) -> None:
    key = world.owner.deliver(letter(1))
    mailbox = world.mailbox()
    headers(mailbox)
    list(mailbox.read([key], 1000))
    mailbox.find_thread(["<m1@brightwater.example>"])
    assert frozenset() == world.owner.letters("INBOX")[key.uid][0]


def test_a_draft_is_appended_as_a_seen_draft_and_its_key_told(world: World) -> None:
    mailbox = world.mailbox()
    key = mailbox.append_draft(draft())
    assert key is not None
    assert {key.uid: (frozenset({"\\Draft", "\\Seen"}), draft())} == world.owner.letters("Drafts")


def test_the_newest_message_with_an_id_is_found_from_a_uid_on(world: World) -> None:
    mailbox = world.mailbox()
    first = mailbox.append_draft(draft())
    second = mailbox.append_draft(draft())
    assert first is not None
    assert second is not None
    assert second == mailbox.find("Drafts", "<d1@home.example>")
    assert second == mailbox.find("Drafts", "<d1@home.example>", uid_from=second.uid)
    assert mailbox.find("Drafts", "<d1@home.example>", uid_from=second.uid + 1) is None
    assert mailbox.find("Drafts", "<d2@home.example>") is None


def test_a_message_id_that_carries_a_command_finds_nothing_and_does_nothing(world: World) -> None:
    world.owner.deliver(letter(1))
    mailbox = world.mailbox()
    evil = '<x@y.example>"\r\nF99 CREATE Evil\r\n'
    assert mailbox.find("INBOX", evil) is None
    assert () == mailbox.find_thread([evil])
    assert "Evil" not in world.mailbox().mailboxes().names


def test_a_thread_is_found_in_the_watched_mailboxes_and_sent(world: World) -> None:
    received, _ = world.owner.deliver(letter(1)), world.owner.deliver(letter(2))
    sent = world.owner.deliver(letter(3), "Sent")
    wanted = ["<m1@brightwater.example>", "<m3@brightwater.example>", "<m9@brightwater.example>"]
    assert (received, sent) == world.mailbox().find_thread(wanted)


def test_an_untouched_draft_is_seen_where_it_was_put(world: World) -> None:
    mailbox = world.mailbox()
    key = mailbox.append_draft(draft())
    expected = Found(placed(key).draft, "drafts", key=key, message_id="<d1@home.example>")
    assert (expected,) == mailbox.survey([placed(key)]) == mailbox.survey([placed(key)])


def test_a_draft_whose_key_was_never_told_is_seen_by_its_message_id(world: World) -> None:
    mailbox = world.mailbox()
    key = mailbox.append_draft(draft())
    assert [(key, False)] == [(one.key, one.changed) for one in mailbox.survey([placed(None)])]


def test_a_draft_the_owner_edited_is_changed(world: World) -> None:
    mailbox = world.mailbox()
    key = mailbox.append_draft(draft())
    assert key is not None
    edited = world.owner.edit(key, draft(text=f"{TEXT}\r\nSee you soon."))
    assert [("drafts", True, edited)] == [(one.where, one.changed, one.key) for one in mailbox.survey([placed(key)])]


def test_a_draft_saved_under_a_new_id_is_recognised_by_thread_and_recipient(world: World) -> None:
    mailbox = world.mailbox()
    key = mailbox.append_draft(draft())
    assert key is not None
    saved = world.owner.edit(key, draft("<new@phone.example>", text="Dear Maya, quite another text."))
    (found,) = mailbox.survey([placed(key)])
    assert Found(placed(key).draft, "drafts", changed=True, key=saved, message_id="<new@phone.example>") == found


def test_a_draft_to_somebody_else_in_the_thread_is_not_ours(world: World) -> None:
    mailbox = world.mailbox()
    key = mailbox.append_draft(draft())
    assert key is not None
    world.owner.edit(key, draft("<new@phone.example>", to="paul@brightwater.example"))
    assert ["gone"] == [one.where for one in mailbox.survey([placed(key)])]


def test_a_draft_marked_deleted_counts_as_gone(world: World) -> None:
    mailbox = world.mailbox()
    key = mailbox.append_draft(draft())
    assert key is not None
    world.owner.flag(key, "\\Deleted")
    assert ["gone"] == [one.where for one in mailbox.survey([placed(key)])]


def test_a_sent_draft_is_seen_in_sent_by_id_or_by_likeness(world: World) -> None:
    mailbox = world.mailbox()
    key = mailbox.append_draft(draft())
    assert key is not None
    sent = world.owner.send(key)
    assert [("sent", sent)] == [(one.where, one.key) for one in mailbox.survey([placed(key)])]
    world.owner.expunge(sent)
    renamed = world.owner.deliver(draft("<other@mail.example>"), "Sent")
    assert [("sent", renamed)] == [(one.where, one.key) for one in mailbox.survey([placed(key)])]


def test_another_letter_of_the_owner_in_the_thread_is_no_sent_draft(world: World) -> None:
    mailbox = world.mailbox()
    world.owner.deliver(draft("<own@home.example>", text="Confirmed, see you then."), "Sent")
    assert ["gone"] == [one.where for one in mailbox.survey([placed(None)])]


def test_a_draft_thrown_away_is_seen_in_trash(world: World) -> None:
    mailbox = world.mailbox()
    key = mailbox.append_draft(draft())
    assert key is not None
    thrown = world.owner.discard(key)
    assert [("trash", thrown)] == [(one.where, one.key) for one in mailbox.survey([placed(key)])]


def test_our_untouched_draft_is_withdrawn_to_trash(world: World) -> None:
    mailbox = world.mailbox()
    other = mailbox.append_draft(draft("<d2@home.example>"))
    key = mailbox.append_draft(draft())
    assert key is not None
    assert other is not None
    assert mailbox.withdraw_draft(key, fingerprint(draft())) is True
    assert [other.uid] == list(world.owner.letters("Drafts"))
    assert [draft()] == [octets for _, octets in world.owner.letters("Trash").values()]
    assert mailbox.withdraw_draft(key, fingerprint(draft())) is False


def test_a_draft_that_is_not_as_we_wrote_it_stays(world: World) -> None:
    mailbox = world.mailbox()
    key = mailbox.append_draft(draft(text="The owner's own words."))
    assert key is not None
    assert mailbox.withdraw_draft(key, fingerprint(draft())) is False
    assert mailbox.withdraw_draft(MessageKey("Drafts", key.uidvalidity + 1, key.uid), fingerprint(draft())) is False
    assert [key.uid] == list(world.owner.letters("Drafts"))


def test_a_withdrawal_expunges_nothing_the_owner_marked(world: World) -> None:
    mailbox = world.mailbox()
    marked = mailbox.append_draft(draft("<d2@home.example>", text="Mine."))
    key = mailbox.append_draft(draft())
    assert key is not None
    assert marked is not None
    world.owner.flag(marked, "\\Deleted")
    assert mailbox.withdraw_draft(key, fingerprint(draft())) is True
    mailbox.close()
    assert [marked.uid] == list(world.owner.letters("Drafts"))


def test_a_note_to_the_owner_enters_the_inbox(world: World) -> None:
    world.mailbox().note_to_owner(letter(7))
    assert [letter(7)] == [octets for _, octets in world.owner.letters("INBOX").values()]


def test_waiting_ends_when_mail_comes(world: World) -> None:
    mailbox = world.mailbox()
    mailbox.statuses(["INBOX"])
    delivery = threading.Timer(0.2, world.owner.deliver, [letter(1)])
    delivery.start()
    began = time.monotonic()
    mailbox.wait(["INBOX"], 20)
    assert time.monotonic() - began < 10
    delivery.join()


def test_mail_that_came_since_the_last_look_ends_waiting_at_once(world: World) -> None:
    mailbox = world.mailbox()
    mailbox.statuses(["INBOX", "Sent"])
    world.owner.deliver(letter(1), "Sent")
    began = time.monotonic()
    mailbox.wait(["INBOX", "Sent"], 20)
    assert time.monotonic() - began < 5


def test_waiting_ends_after_its_time_and_the_mailbox_still_answers(world: World) -> None:
    mailbox = world.mailbox()
    mailbox.statuses(["INBOX"])
    began = time.monotonic()
    mailbox.wait(["INBOX"], 0.1)
    assert 0.09 <= time.monotonic() - began < 5
    assert mailbox.statuses(["INBOX"])["INBOX"].messages == 0


def test_waiting_is_interrupted_now_and_from_now_on(world: World) -> None:
    mailbox = world.mailbox()
    mailbox.statuses(["INBOX"])
    alarm = threading.Timer(0.2, mailbox.interrupt)
    alarm.start()
    began = time.monotonic()
    mailbox.wait(["INBOX"], 20)
    mailbox.wait(["INBOX"], 20)
    assert time.monotonic() - began < 5
    alarm.join()
