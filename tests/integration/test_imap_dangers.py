"""What hostile, broken or poor servers and hostile mail can do: nothing."""

import time
from collections.abc import Callable, Iterator

import pytest

from followup_mail.adapters.imap import ImapMailbox, connection, waiting
from followup_mail.core.compose.likeness import fingerprint
from followup_mail.core.message import Cursor, MessageKey
from followup_mail.errors import AccountError, InsecureConnectionError, MailboxError, SignInError
from tests.servers.dovecot import Dovecot
from tests.servers.recorder import recording
from tests.servers.scripted import Scripted, scripted

EXAMINED = b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 10] ok\r\n%T OK [READ-ONLY] done\r\n"
LISTED = b"".join(b'* LIST () "/" %s\r\n' % name for name in (b"INBOX", b"Drafts", b"Sent", b"Trash")) + b"%T OK\r\n"
DRAFT = (
    b"From: ana@home.example\r\nTo: maya@x.example\r\nMessage-ID: <d1@home.example>\r\nSubject: Hi\r\n\r\nThanks\r\n"
)
EVIL = 'x"\r\nF99 CREATE Evil\r\n'
STATUS = b'* STATUS "INBOX" (MESSAGES 3 UIDNEXT 10 UIDVALIDITY 7)\r\n%T OK\r\n'


def heard(server: Scripted, verb: bytes) -> list[bytes]:
    return [line.partition(b" ")[2] for line in server.heard if line.partition(b" ")[2].startswith(verb)]


OPENED: list[ImapMailbox] = []


@pytest.fixture(autouse=True)
def _closed_in_the_end() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


def reach(server: Scripted | Dovecot, *account: str, **changes: object) -> ImapMailbox:
    OPENED.append(ImapMailbox(server.settings(*account, **changes)))
    return OPENED[-1]


ASKED: dict[str, Callable[[ImapMailbox], object]] = {
    "statuses": lambda mailbox: mailbox.statuses(["INBOX", EVIL]),
    "read_header_fields": lambda mailbox: list(mailbox.read_header_fields(EVIL, None)),
    "read": lambda mailbox: list(mailbox.read([MessageKey(EVIL, 1, 1)], 1000)),
    "find in": lambda mailbox: mailbox.find(EVIL, "<a@b.example>"),
    "wait": lambda mailbox: mailbox.wait([EVIL], 0.1),
    "NUL in a draft": lambda mailbox: mailbox.append_draft(DRAFT + b"\0"),
}


@pytest.mark.parametrize("name", ASKED)
def test_a_line_break_from_outside_never_reaches_the_server(dovecot: Dovecot, name: str) -> None:
    account = dovecot.account()
    with recording(dovecot.port) as wire:
        mailbox = reach(dovecot, account, host="127.0.0.1", port=wire.port, tls="none")
        mailbox.mailboxes()
        with pytest.raises(MailboxError):
            ASKED[name](mailbox)
        assert "Evil" not in mailbox.mailboxes().names
        mailbox.close()
    assert b"Evil" not in wire.octets


def test_a_message_id_with_a_line_break_never_reaches_the_server(dovecot: Dovecot) -> None:
    account = dovecot.account()
    dovecot.deliver(account, DRAFT)
    with recording(dovecot.port) as wire:
        mailbox = reach(dovecot, account, host="127.0.0.1", port=wire.port, tls="none")
        assert mailbox.find("INBOX", f"<{EVIL}@x>") is None
        assert () == mailbox.find_thread([f"<{EVIL}@x>", EVIL], x_gm_thrid=EVIL)
        mailbox.close()
    assert b"Evil" not in wire.octets


@pytest.mark.parametrize("changes", [{"username": EVIL}, {"password": lambda: EVIL}, {"password": lambda: "a\0b"}])
def test_a_line_break_in_the_credentials_is_refused_before_anything_is_sent(changes: dict[str, object]) -> None:
    with scripted() as server:
        mailbox = reach(server, **changes)
        with pytest.raises(SignInError):
            mailbox.mailboxes()
        mailbox.close()
        assert [] == server.heard


def test_a_user_name_with_spaces_and_quotes_is_one_word() -> None:
    with scripted({"LIST": LISTED}) as server:
        mailbox = reach(server, username='ana "the" lima\\')
        mailbox.mailboxes()
        mailbox.close()
        assert [b'LOGIN "ana \\"the\\" lima\\\\" "pw"'] == heard(server, b"LOGIN")


def test_an_append_without_an_answer_is_never_tried_again() -> None:
    with scripted({"LIST": LISTED, "APPEND": b"%CLOSE"}, capabilities="UIDPLUS") as server:
        mailbox = reach(server)
        with pytest.raises(AccountError):
            mailbox.append_draft(DRAFT)
        with pytest.raises(AccountError, match="was closed"):
            mailbox.append_draft(DRAFT)
        mailbox.close()
        assert 1 == len(heard(server, b"APPEND"))


def test_missing_drafts_are_created_once() -> None:
    refused = b"%T NO [TRYCREATE] no such mailbox\r\n"
    script = {
        "LIST": b'* LIST () "." INBOX\r\n%T OK\r\n',
        "NAMESPACE": b'* NAMESPACE (("INBOX." ".")) NIL NIL\r\n%T OK\r\n',
    }
    with scripted(script | {"APPEND": refused}, capabilities="UIDPLUS NAMESPACE LITERAL+") as server:
        mailbox = reach(server)
        with pytest.raises(MailboxError):
            mailbox.append_draft(DRAFT)
        mailbox.close()
        assert [b'CREATE "INBOX.Drafts"'] == heard(server, b"CREATE")
        assert 1 == len(heard(server, b"APPEND"))


def test_configured_drafts_that_are_missing_are_created_and_the_draft_placed(dovecot: Dovecot) -> None:
    account = dovecot.account()
    mailbox = reach(dovecot, account, drafts="Entwürfe & mehr")
    key = mailbox.append_draft(DRAFT)
    assert key == mailbox.find("Entwürfe & mehr", "<d1@home.example>")
    assert "Entwürfe & mehr" in mailbox.mailboxes().names
    mailbox.close()


def test_a_full_mailbox_is_the_mailboxs_error_and_the_connection_lives() -> None:
    script = {"LIST": LISTED, "APPEND": b"%T NO [OVERQUOTA] full\r\n"}
    with scripted(script, capabilities="UIDPLUS LITERAL+") as server:
        mailbox = reach(server)
        with pytest.raises(MailboxError, match="full"):
            mailbox.append_draft(DRAFT)
        assert "Drafts" == mailbox.mailboxes().drafts
        mailbox.close()


def test_without_uidplus_the_draft_is_found_past_the_uidnext_before() -> None:
    fetched = (
        b"* 2 FETCH (UID 5 BODY[HEADER.FIELDS (MESSAGE-ID)] {31}\r\nMessage-ID: <d1@home.example>\r\n)\r\n"
        b"* 3 FETCH (UID 10 BODY[HEADER.FIELDS (MESSAGE-ID)] {31}\r\nMessage-ID: <d1@home.example>\r\n)\r\n%T OK\r\n"
    )
    status = b"* STATUS Drafts (MESSAGES 2 UIDNEXT 10 UIDVALIDITY 7)\r\n%T OK\r\n"
    script = {"LIST": LISTED, "STATUS": status, "EXAMINE": EXAMINED, "UID FETCH": fetched}
    with scripted(script, capabilities="LITERAL+") as server:
        mailbox = reach(server)
        assert MessageKey("Drafts", 7, 10) == mailbox.append_draft(DRAFT)
        assert [b"UID FETCH 10:* (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"] == heard(server, b"UID FETCH")
        mailbox.close()


def test_a_draft_that_was_taken_is_no_failure_because_it_cannot_be_looked_up() -> None:
    script = {"LIST": LISTED, "STATUS": STATUS, "EXAMINE": b"%T NO not now\r\n"}
    with scripted(script, capabilities="LITERAL+") as server:
        assert reach(server).append_draft(DRAFT) is None


def withdrawal(capabilities: str) -> list[bytes]:
    whole = b"* 3 FETCH (UID 9 FLAGS (\\Draft) BODY[] {%d}\r\n%s)\r\n%%T OK\r\n" % (len(DRAFT), DRAFT)
    script = {"LIST": LISTED, "SELECT": EXAMINED, "EXAMINE": EXAMINED, "UID FETCH 9 (UID FLAGS": whole}
    script["UID COPY"] = b"%T OK [COPYUID 3 9 1] copied\r\n"
    with scripted(script, capabilities=capabilities) as server:
        mailbox = reach(server)
        assert mailbox.withdraw_draft(MessageKey("Drafts", 7, 9), fingerprint(DRAFT)) is True
        mailbox.close()
        words = [line.partition(b" ")[2] for line in server.heard]
        return words[words.index(b'SELECT "Drafts"') + 2 : -1]


def test_without_move_a_draft_is_copied_flagged_and_only_it_expunged() -> None:
    expected = [
        b'UID COPY 9 "Trash"',
        b"UID STORE 9 +FLAGS.SILENT (\\Deleted)",
        b"UID EXPUNGE 9",
        b'EXAMINE "Drafts"',
    ]
    assert expected == withdrawal("UIDPLUS")


def test_without_move_and_uidplus_a_draft_is_left_flagged() -> None:
    expected = [b'UID COPY 9 "Trash"', b"UID STORE 9 +FLAGS.SILENT (\\Deleted)", b'EXAMINE "Drafts"']
    assert expected == withdrawal("")


def test_a_server_that_does_not_take_the_copy_keeps_the_draft() -> None:
    whole = b"* 3 FETCH (UID 9 FLAGS () BODY[] {%d}\r\n%s)\r\n%%T OK\r\n" % (len(DRAFT), DRAFT)
    script = {
        "LIST": LISTED,
        "SELECT": EXAMINED,
        "EXAMINE": EXAMINED,
        "UID FETCH": whole,
        "UID COPY": b"%T NO full\r\n",
    }
    with scripted(script, capabilities="UIDPLUS") as server:
        mailbox = reach(server)
        with pytest.raises(MailboxError):
            mailbox.withdraw_draft(MessageKey("Drafts", 7, 9), fingerprint(DRAFT))
        mailbox.close()
        assert [] == heard(server, b"UID STORE") + heard(server, b"UID EXPUNGE")


@pytest.mark.parametrize("capabilities", ["UIDPLUS", "UIDPLUS MOVE"])
def test_a_draft_that_vanished_before_it_was_moved_was_not_withdrawn(capabilities: str) -> None:
    whole = b"* 3 FETCH (UID 9 FLAGS () BODY[] {%d}\r\n%s)\r\n%%T OK\r\n" % (len(DRAFT), DRAFT)
    script = {"LIST": LISTED, "SELECT": EXAMINED, "EXAMINE": EXAMINED, "UID FETCH": whole}
    with scripted(script, capabilities=capabilities) as server:
        mailbox = reach(server)
        assert mailbox.withdraw_draft(MessageKey("Drafts", 7, 9), fingerprint(DRAFT)) is False
        assert [] == heard(server, b"UID STORE") + heard(server, b"UID EXPUNGE")


def test_a_draft_without_a_trash_to_go_to_stays() -> None:
    with scripted({"LIST": b'* LIST () "/" Drafts\r\n%T OK\r\n'}) as server:
        assert reach(server).withdraw_draft(MessageKey("Drafts", 7, 9), fingerprint(DRAFT)) is False
        assert [] == heard(server, b"SELECT")


def test_a_mailbox_rebuilt_between_two_batches_is_not_mixed_up() -> None:
    rebuilt = EXAMINED.replace(b"UIDVALIDITY 7", b"UIDVALIDITY 8")
    uids = b" ".join(b"%d" % uid for uid in range(1, 600))
    examined = EXAMINED.replace(b"UIDNEXT 10", b"UIDNEXT 600")
    script = {"EXAMINE": [examined, examined, rebuilt], "UID SEARCH": b"* SEARCH " + uids + b"\r\n%T OK\r\n"}
    with scripted(script) as server:
        mailbox = reach(server)
        batches = mailbox.read_header_fields("INBOX", None)
        assert [] == next(batches)
        mailbox.find("Sent", "<m1@x.example>")
        with pytest.raises(MailboxError, match="rebuilt"):
            next(batches)


def test_the_last_message_is_not_new_mail() -> None:
    script = {"EXAMINE": EXAMINED.replace(b"* OK [UIDNEXT 10] ok\r\n", b""), "UID SEARCH": b"* SEARCH 9\r\n%T OK\r\n"}
    with scripted(script) as server:
        mailbox = reach(server)
        assert [] == list(mailbox.read_header_fields("INBOX", Cursor(7, 10)))
        mailbox.close()


def test_a_search_that_finds_nothing_is_not_believed() -> None:
    found = (
        b"* 9999 FETCH (UID 8 BODY[HEADER.FIELDS (MESSAGE-ID)] {30}\r\nMessage-ID: <m1@x.example>\r\n\r\n)\r\n%T OK\r\n"
    )
    script = {
        "LIST": LISTED,
        "EXAMINE": EXAMINED.replace(b"* 3 EXISTS", b"* 9999 EXISTS").replace(b"UIDNEXT 10", b"UIDNEXT 99999"),
        "UID SEARCH": b"* SEARCH\r\n%T OK\r\n",
        "FETCH": found,
    }
    with scripted(script, capabilities="LITERAL+") as server:
        mailbox = reach(server)
        assert MessageKey("INBOX", 7, 8) == mailbox.find("INBOX", "<m1@x.example>")
        assert {MessageKey("INBOX", 7, 8), MessageKey("Sent", 7, 8)} == set(mailbox.find_thread(["<m1@x.example>"]))
        mailbox.close()


def test_a_search_answer_of_over_a_million_octets_is_read() -> None:
    uids = b" ".join(b"%d" % uid for uid in range(1, 200_000))
    script = {
        "EXAMINE": EXAMINED.replace(b"UIDNEXT 10", b"UIDNEXT 200000"),
        "UID SEARCH": b"* SEARCH " + uids + b"\r\n%T OK\r\n",
    }
    with scripted(script) as server:
        mailbox = reach(server)
        assert [] == next(mailbox.read_header_fields("INBOX", None))
        assert [b"UID FETCH 1:500"] == [line[:15] for line in heard(server, b"UID FETCH")]
        mailbox.close()


def test_what_the_server_says_unasked_is_no_message() -> None:
    answer = (
        b"* 4 EXISTS\r\n* 1 EXPUNGE\r\n* OK still here {5}\r\n"
        b"* 2 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (UID 99 FLAGS ())\r\n"
        b'* 3 FETCH (BODY[HEADER.FIELDS ("FROM" SUBJECT)] {13}\r\nSubject: Hi\r\n UID 9 FLAGS (\\Seen UID 5) '
        b'INTERNALDATE " 1-Dec-2026 10:00:00 -0500" RFC822.SIZE 77)\r\n%T OK\r\n'
    )
    script = {"EXAMINE": EXAMINED, "UID SEARCH": b"* SEARCH 9\r\n%T OK\r\n", "UID FETCH": answer}
    with scripted(script) as server:
        mailbox = reach(server)
        ((one,),) = mailbox.read_header_fields("INBOX", None)
        mailbox.close()
    assert (9, 77, {"subject": ("Hi",)}) == (one.key.uid, one.size, one.fields)
    assert "2026-12-01T10:00:00-05:00" == one.internal_date.isoformat()


def test_a_structure_nested_a_thousand_deep_leaves_the_header_and_the_other_message() -> None:
    header = b"* 1 FETCH (UID 1 BODY[HEADER]<0> {15}\r\nSubject: Deep\r\n)\r\n%T OK\r\n"
    deep = b"(" * 1000 + b'"TEXT" "PLAIN"' + b")" * 1000
    envelopes = b"* 1 FETCH (UID 1 RFC822.SIZE 900000)\r\n* 2 FETCH (UID 2 RFC822.SIZE 20)\r\n%T OK\r\n"
    script = {
        "EXAMINE": EXAMINED,
        "UID FETCH 1:2 (UID FLAGS": envelopes,
        "UID FETCH 1 (UID BODYSTRUCTURE": b"* 1 FETCH (UID 1 BODYSTRUCTURE " + deep + b")\r\n%T OK\r\n",
        "UID FETCH 1 (UID BODY.PEEK[HEADER]": header,
        "UID FETCH 2 (UID BODY.PEEK[])": b"* 2 FETCH (UID 2 BODY[] {4}\r\nA: b)\r\n%T OK\r\n",
    }
    with scripted(script) as server:
        mailbox = reach(server)
        read = list(mailbox.read([MessageKey("INBOX", 7, 1), MessageKey("INBOX", 7, 2)], 100_000))
        mailbox.close()
    assert [b"Subject: Deep\r\n\r\n", b"A: b"] == [one.octets for one in read]


def test_a_literal_larger_than_promised_is_cut_and_the_next_message_read() -> None:
    huge = (
        b"* 1 FETCH (UID 1 BODY[] {300000}\r\n"
        + b"x" * 300_000
        + b")\r\n* 2 FETCH (UID 2 BODY[] {1}\r\ny)\r\n%T OK\r\n"
    )
    script = {
        "EXAMINE": EXAMINED,
        "UID FETCH 1:2 (UID FLAGS": b"* 1 FETCH (UID 1 RFC822.SIZE 9)\r\n* 2 FETCH (UID 2 RFC822.SIZE 9)\r\n%T OK\r\n",
        "UID FETCH 1:2 (UID BODY": huge,
    }
    with scripted(script) as server:
        mailbox = reach(server)
        read = list(mailbox.read([MessageKey("INBOX", 7, 1), MessageKey("INBOX", 7, 2)], 100_000))
        mailbox.close()
    assert [64 * 1024, 1] == [len(one.octets) for one in read]


@pytest.mark.parametrize(
    "said", [b"nonsense\r\n", b"* 1 FETCH (UID 1 BODY[] {99999}\r\nshort%CLOSE", b"F99 OK who?\r\n"]
)
def test_an_answer_that_is_none_costs_the_connection(said: bytes) -> None:
    with scripted({"LIST": said}) as server:
        mailbox = reach(server)
        with pytest.raises(AccountError):
            mailbox.mailboxes()
        mailbox.close()


def test_an_endless_line_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("followup_mail.adapters.imap.channel.LINE_CAP", 100_000)
    with scripted({"LIST": b"* LIST " + b"x" * 600_000 + b"%CLOSE"}) as server:
        mailbox = reach(server)
        with pytest.raises(AccountError, match="line of over"):
            mailbox.mailboxes()
        mailbox.close()


def test_a_server_that_falls_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "TIMEOUT", connection.SocketTimeout(5, 0.2))
    with scripted({"LIST": b""}) as server:
        mailbox = reach(server)
        with pytest.raises(AccountError, match="in time"):
            mailbox.mailboxes()
        mailbox.close()


def test_a_server_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "COMMAND_DEADLINE", -1.0)
    with scripted({"LIST": LISTED}) as server:
        mailbox = reach(server)
        with pytest.raises(AccountError, match="in time"):
            mailbox.mailboxes()
        mailbox.close()


SIGN_INS = {
    b"NO [AUTHENTICATIONFAILED] Invalid credentials": SignInError,
    b"NO LOGIN failed.": SignInError,
    b"NO [ALERT] Application-specific password required": SignInError,
    b"NO [LIMIT] Too many connections": AccountError,
    b"NO [UNAVAILABLE] Temporary authentication failure": AccountError,
    b"NO [ALERT] Too many simultaneous connections": AccountError,
    b"NO [PRIVACYREQUIRED] use TLS": InsecureConnectionError,
}


@pytest.mark.parametrize("capabilities", ["AUTH=PLAIN", ""])
@pytest.mark.parametrize("said", SIGN_INS)
def test_the_response_code_says_whether_the_password_is_to_blame(said: bytes, capabilities: str) -> None:
    answer = b"%T " + said + b"\r\n"
    with scripted({"LOGIN": answer, "AUTHENTICATE": answer}, capabilities=capabilities) as server:
        mailbox = reach(server)
        with pytest.raises(AccountError) as raised:
            mailbox.mailboxes()
        mailbox.close()
    assert SIGN_INS[said] is raised.type
    assert "pw" not in str(raised.value)


def test_a_server_that_takes_no_password_says_so() -> None:
    with scripted(capabilities="LOGINDISABLED AUTH=XOAUTH2") as server:
        mailbox = reach(server)
        with pytest.raises(SignInError, match="LOGINDISABLED"):
            mailbox.mailboxes()
        mailbox.close()
        assert [] == heard(server, b"LOGIN")


def test_an_expired_session_is_no_failure_of_the_password() -> None:
    with scripted({"LIST": b"* BYE Session expired, please login again\r\n%CLOSE"}) as server:
        mailbox = reach(server)
        with pytest.raises(AccountError) as raised:
            mailbox.mailboxes()
        mailbox.close()
    assert AccountError is raised.type


@pytest.mark.parametrize(
    "said",
    [
        b"%T NO [UNAVAILABLE] Request is throttled. Suggested Backoff Time: 92415 milliseconds\r\n",
        b"* BYE Suggested Backoff Time: 92415 milliseconds\r\n%CLOSE",
    ],
)
def test_the_pause_the_server_asks_for_is_passed_on(said: bytes) -> None:
    with scripted({"LIST": said}) as server:
        mailbox = reach(server)
        with pytest.raises(AccountError) as raised:
            mailbox.mailboxes()
        mailbox.close()
    assert 92.415 == raised.value.retry_after


def test_a_greeting_that_is_a_farewell_is_tried_again_later() -> None:
    with scripted(greeting=b"* BYE Too many connections\r\n") as server:
        mailbox = reach(server)
        with pytest.raises(AccountError) as raised:
            mailbox.mailboxes()
        mailbox.close()
    assert AccountError is raised.type


def test_nobody_at_the_port_is_the_accounts_error() -> None:
    with scripted() as server:
        mailbox = reach(server)
    with pytest.raises(AccountError):
        mailbox.mailboxes()
    mailbox.close()


IDLING = {"EXAMINE": EXAMINED, "STATUS": STATUS}


def waited(server: Scripted, at_most: float) -> float:
    mailbox = reach(server)
    mailbox.statuses(["INBOX"])
    began = time.monotonic()
    try:
        mailbox.wait(["INBOX"], at_most)
        return time.monotonic() - began
    finally:
        mailbox.close()


def test_a_wake_up_in_the_same_breath_as_the_start_of_idle_is_heard() -> None:
    with scripted(IDLING | {"IDLE": b"+ idling\r\n* 4 EXISTS\r\n"}, capabilities="IDLE") as server:
        assert waited(server, 8) < 4


def test_a_wake_up_torn_in_two_is_heard() -> None:
    with scripted(IDLING | {"IDLE": b"+ idling\r\n* 4 EXI%PAUSESTS\r\n"}, capabilities="IDLE") as server:
        assert waited(server, 8) < 4


def test_what_is_no_news_does_not_end_waiting() -> None:
    said = b"+ idling\r\n* OK Still here\r\n* 3 EXISTS\r\n* 2 FETCH (FLAGS (\\Seen))\r\n"
    with scripted(IDLING | {"IDLE": said}, capabilities="IDLE") as server:
        assert waited(server, 0.3) >= 0.3


def test_a_connection_lost_while_idling_is_an_error_and_no_endless_loop() -> None:
    with scripted(IDLING | {"IDLE": b"+ idling\r\n%CLOSE"}, capabilities="IDLE") as server:
        began = time.monotonic()
        with pytest.raises(AccountError):
            waited(server, 8)
        assert time.monotonic() - began < 4


def test_a_server_that_does_not_answer_done_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "TIMEOUT", connection.SocketTimeout(5, 0.2))
    silent = IDLING | {"IDLE": b"+ idling\r\n", "DONE": b""}
    with scripted(silent, capabilities="IDLE") as server, pytest.raises(AccountError, match="in time"):
        waited(server, 0.1)


def test_without_idle_the_mailbox_is_looked_at_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "POLL", 0.05)
    news = STATUS.replace(b"UIDNEXT 10", b"UIDNEXT 11")
    with scripted({"STATUS": [STATUS, STATUS, STATUS, news]}) as server:
        assert 0.05 <= waited(server, 8) < 4
        assert [] == heard(server, b"IDLE")


def test_nothing_but_done_is_sent_inside_idle_and_idle_is_renewed(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "RENEWAL", 0.05)
    with recording(dovecot.port) as wire:
        mailbox = reach(dovecot, dovecot.account(), host="127.0.0.1", port=wire.port, tls="none")
        mailbox.wait(["INBOX"], 0.4)
        mailbox.close()
    after_idle = [wire.lines[at + 1] for at, line in enumerate(wire.lines) if line.endswith(" IDLE")]
    assert len(after_idle) >= 3
    assert {"DONE"} == set(after_idle)
