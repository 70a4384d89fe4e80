"""An owner's home in a temporary folder: a configuration for a real Dovecot account, and the real command."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from tests.servers.dovecot import PASSWORD, Dovecot

OWNER = "ana@home.example"
CONFIG = """
[owner]
name = "Ana Lima"
addresses = ["ana@home.example"]
timezone = "Europe/Lisbon"
country = "PT"

[state]
directory = "{state}"

{extra}

[[accounts]]
name = "home"

[accounts.imap]
host = "{host}"
port = {port}
ca_file = "{ca_file}"
username = "{username}"
password_env = "ANA_PASSWORD"
"""


@dataclass
class Home:
    """One owner with a mailbox on a real server."""

    folder: Path
    server: Dovecot
    username: str
    extra: str = ""
    accounts: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.config = self.folder / "config.toml"
        self.write_config()
        self.environment = os.environ | {"ANA_PASSWORD": PASSWORD, "COLUMNS": "160"}

    def write_config(self) -> None:
        text = CONFIG.format(
            state=self.folder / "state",
            extra=self.extra,
            host=self.server.host,
            port=self.server.tls_port,
            ca_file=self.server.ca_file,
            username=self.username,
        )
        self.config.write_text(text + self.accounts)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "followup_mail", *words, "--config", str(self.config)]

    def run(self, *words: str, expect: int = 0) -> str:
        """What the command printed; fails with what it said where it ends otherwise than expected."""
        done = subprocess.run(
            self.command(*words), capture_output=True, text=True, env=self.environment, timeout=120, check=False
        )
        assert done.returncode == expect, f"{words} ended with {done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout + (done.stderr if expect else "")

    def start(self, *words: str) -> subprocess.Popen[str]:
        """The command as a process of its own, its log on a pipe."""
        return subprocess.Popen(
            self.command(*words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True, env=self.environment
        )

    def rehearse(self, begin: str, end: str, every: str = "1h") -> str:
        return self.run("rehearse", "--from", begin, "--to", end, "--every", every)

    def status(self) -> list[dict]:
        return json.loads(self.run("status", "--json"))

    def deliver(self, message: EmailMessage, mailbox: str = "INBOX", *, at: datetime | None = None) -> int:
        return self.server.deliver(self.username, message.as_bytes(policy=policy.SMTP), mailbox, at=at)

    def messages(self, mailbox: str = "Drafts") -> dict[int, EmailMessage]:
        """Every message of the mailbox by uid, looked at as another client does."""
        client = self.server.client(self.username)
        try:
            client.select(f'"{mailbox}"', readonly=True)
            uids = client.uid("SEARCH", "ALL")[1][0].split()
            fetched = {int(uid): client.uid("FETCH", uid, "(BODY.PEEK[])")[1][0][1] for uid in uids}
        finally:
            client.logout()
        return {uid: message_from_bytes(octets, policy=policy.default) for uid, octets in fetched.items()}

    def drafts_to(self) -> list[str]:
        """Whom the drafts in Drafts are to."""
        return sorted(message["To"].addresses[0].addr_spec for message in self.messages().values())

    def flags(self, mailbox: str, uid: int) -> str:
        client = self.server.client(self.username)
        try:
            client.select(f'"{mailbox}"', readonly=True)
            return client.uid("FETCH", str(uid), "(FLAGS)")[1][0].decode()
        finally:
            client.logout()

    def remove(self, mailbox: str, uid: int) -> None:
        """The owner's client deletes a message for good."""
        client = self.server.client(self.username)
        try:
            client.select(f'"{mailbox}"')
            client.uid("STORE", str(uid), "+FLAGS.SILENT", "(\\Deleted)")
            client.uid("EXPUNGE", str(uid))
        finally:
            client.logout()

    def replace(self, uid: int, message: EmailMessage) -> int:
        """The owner's client saves a draft anew."""
        new = self.server.deliver(self.username, message.as_bytes(policy=policy.SMTP), "Drafts", flags="\\Draft \\Seen")
        self.remove("Drafts", uid)
        return new

    def send(self, uid: int) -> None:
        """The owner sends a draft: it goes to Sent and out of Drafts."""
        message = self.messages()[uid]
        self.deliver(message, "Sent")
        self.remove("Drafts", uid)
