"""An IMAP server inside this process, for the demo: pymap in memory, on a free port of loopback."""

import asyncio
import re
import secrets
import threading
from argparse import Namespace
from collections.abc import Coroutine
from concurrent.futures import Future
from datetime import datetime
from email.utils import format_datetime
from types import TracebackType
from typing import Self, TypeVar

from proxyprotocol.result import ProxyResultLocal
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.backend.dict.mailbox import MailboxSet
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement
from pymap.parsing.specials.flag import Seen
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

_T = TypeVar("_T")
_DATE = re.compile(rb"\r\nDate:[^\r\n]*")
_START_SECONDS = 20.0
_CALL_SECONDS = 10.0


class _QuickConfig(Config):
    """Pymap's configuration without what a demo should not wait for: name look-ups, slow hashes, threads."""

    @property
    def greeting(self) -> bytes:
        return b"Demo ready"


class EmbeddedServer:
    """A running IMAP server with one login and the mailboxes INBOX, Drafts, Sent and Trash; a context manager.

    `deliver`, `letters_in` and `send_draft` work behind IMAP's back, as a mail server and its owner's other clients do.
    """

    host = "127.0.0.1"
    username = "ana"

    def __init__(self) -> None:
        self.port = 0
        self.password = secrets.token_urlsafe(12)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._thread: threading.Thread | None = None
        self._boxes: MailboxSet

    def __enter__(self) -> Self:
        started: Future[None] = Future()
        self._thread = threading.Thread(target=self._serve, args=(started,), name="demo-imap", daemon=True)
        self._thread.start()
        started.result(timeout=_START_SECONDS)
        for name in ("Drafts", "Sent", "Trash"):
            self._call(self._create(name))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._loop is not None and self._ended is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join(timeout=_START_SECONDS)

    def deliver(self, octets: bytes, *, moment: datetime, mailbox: str = "INBOX", seen: bool = False) -> None:
        """Put a message into a mailbox as of `moment` (aware), which becomes its INTERNALDATE."""
        self._call(self._append(octets, moment, mailbox, seen=seen))

    def letters_in(self, mailbox: str) -> list[tuple[int, bytes]]:
        """Every message of a mailbox as (uid, octets), oldest first."""
        return self._call(self._letters(mailbox))

    def send_draft(self, recipient: str, *, moment: datetime) -> bool:
        """Do what the owner's client does on "Send": the draft to `recipient` leaves Drafts, its letter lies in Sent.

        False where no draft in Drafts is addressed to them.
        """
        for uid, octets in self.letters_in("Drafts"):
            header, parted, body = octets.partition(b"\r\n\r\n")
            if f"<{recipient}>".encode() in header or f"To: {recipient}".encode() in header:
                dated = _DATE.sub(b"\r\nDate: " + format_datetime(moment).encode(), b"\r\n" + header, count=1)[2:]
                self._call(self._remove("Drafts", uid))
                self.deliver(dated + parted + body, moment=moment, mailbox="Sent", seen=True)
                return True
        return False

    def _call(self, work: Coroutine[object, object, _T]) -> _T:
        if self._loop is None:
            work.close()
            raise RuntimeError("the demo's server is not running")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=_CALL_SECONDS)

    def _serve(self, started: Future[None]) -> None:
        try:
            asyncio.run(self._run(started))
        except Exception as error:  # noqa: BLE001 - whatever it was, the waiting thread must hear of it
            if not started.done():
                started.set_exception(error)

    async def _run(self, started: Future[None]) -> None:
        arguments = Namespace(passlib_cfg=None, proxy_protocol=None, debug=False)
        config = _QuickConfig(
            arguments,
            host=self.host,
            port=0,
            demo_data=False,
            demo_user=self.username,
            demo_password=self.password,
            tls_enabled=False,
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
            reject_dnsbl=False,
        )
        config.apply_context()
        login = Login(config)
        await login.demo_user_identity.set(UserMetadata(config, self.username, password=self.password))
        async with login.demo_user_identity.new_session() as session:
            self._boxes = session.mailbox_set
        imap = IMAPServer(login, config)

        async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await imap(reader, writer, SocketInfo.get(writer, ProxyResultLocal(), unique_id=secrets.token_bytes(8)))

        async with await asyncio.start_server(meet, self.host, 0) as server:
            self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
            self.port = server.sockets[0].getsockname()[1]
            started.set_result(None)
            await self._ended.wait()

    async def _create(self, mailbox: str) -> None:
        await self._boxes.add_mailbox(mailbox)

    async def _append(self, octets: bytes, moment: datetime, mailbox: str, *, seen: bool) -> None:
        box = await self._boxes.get_mailbox(mailbox)
        await box.append(AppendMessage(octets, moment, frozenset({Seen} if seen else ())))

    async def _letters(self, mailbox: str) -> list[tuple[int, bytes]]:
        box = await self._boxes.get_mailbox(mailbox)
        found = []
        async for message in box.messages():
            loaded = await message.load_content(FetchRequirement.CONTENT)
            found.append((message.uid, bytes(loaded)))
        return found

    async def _remove(self, mailbox: str, uid: int) -> None:
        box = await self._boxes.get_mailbox(mailbox)
        await box.delete([uid])
