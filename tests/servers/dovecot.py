"""A Dovecot of our own: any account name signs in, TLS by a private authority, mail in a temporary directory."""

import grp
import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

import trustme

from followup_mail.adapters.imap import ImapSettings
from tests.servers.owner import Owner

PASSWORD = "correct-horse"
INSTALL = "dovecot is not installed: apt-get install dovecot-imapd dovecot-lmtpd"

_CONFIG = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/dovecot.log
info_log_path = {base}/dovecot.log
instance_name = followup-mail-tests
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_home = {base}/mail/%u
mail_location = maildir:~/Maildir
ssl = yes
ssl_cert = <{base}/server.pem
ssl_key = <{base}/server.key
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
auth_cache_size = 0
mail_fsync = never
mail_max_userip_connections = 50
lda_mailbox_autocreate = yes
postmaster_address = postmaster@server.example
hostname = server.example
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={base}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    auto = subscribe
    special_use = \\Drafts
  }}
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
  mailbox Trash {{
    auto = subscribe
    special_use = \\Trash
  }}
  mailbox Junk {{
    auto = subscribe
    special_use = \\Junk
  }}
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
  unix_listener lmtp {{
    mode = 0
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service director {{
  chroot =
}}
service ipc {{
  chroot =
}}
service old-stats {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    """A running Dovecot; `account()` invents an account nobody else uses."""

    base: Path
    port: int  # clear text and STARTTLS
    tls_port: int
    lmtp_port: int
    ca_file: Path
    daemon: subprocess.Popen[bytes]
    host: str = "localhost"
    _names: count = field(default_factory=lambda: count(1))

    def account(self, name: str = "ana") -> str:
        """A fresh account's name; its password is PASSWORD."""
        return f"{name}{next(self._names)}"

    def owner(self, username: str) -> Owner:
        """The account's owner with a mail client of their own."""
        context = ssl.create_default_context(cafile=str(self.ca_file))
        return Owner(self.host, self.tls_port, username, PASSWORD, context)

    def client(self, username: str) -> imaplib.IMAP4:
        """A bare connection, signed in; the caller logs out."""
        return self.owner(username).connect()

    def settings(self, username: str, **changes: object) -> ImapSettings:
        """How the worker reaches the account, over TLS unless changed."""
        known = {
            "host": self.host,
            "port": self.tls_port,
            "username": username,
            "password": lambda: PASSWORD,
            "ca_file": str(self.ca_file),
        }
        return ImapSettings(**(known | changes))

    def deliver(
        self, username: str, octets: bytes, mailbox: str = "INBOX", *, at: datetime | None = None, flags: str = ""
    ) -> int:
        """The uid of a message that was put into the mailbox as if it had come in at `at`."""
        return self.owner(username).deliver(octets, mailbox, at=at, flags=flags).uid

    def stop(self) -> None:
        """End the server and remove what it kept."""
        self.daemon.terminate()
        self.daemon.wait(timeout=10)
        shutil.rmtree(self.base, ignore_errors=True)


def start_dovecot() -> Dovecot:
    """A Dovecot that answers; raises AssertionError with the way to install it where there is none."""
    binary = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if binary is None:
        raise AssertionError(INSTALL)
    base = Path(tempfile.mkdtemp(prefix="followup-dovecot-"))
    user, group = _unprivileged()
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    authority.cert_pem.write_to_path(str(base / "ca.pem"))
    certificate.private_key_pem.write_to_path(str(base / "server.key"))
    (base / "server.pem").write_bytes(b"".join(pem.bytes() for pem in certificate.cert_chain_pems))
    for name in ("run", "state", "mail"):
        (base / name).mkdir()
    if os.getuid() == 0:
        base.chmod(0o755)
        for path in (base / "mail", base / "state"):
            shutil.chown(path, user, group)
    ports = _free_ports(3)
    config = base / "dovecot.conf"
    config.write_text(
        _CONFIG.format(
            base=base,
            user=user,
            group=group,
            password=PASSWORD,
            port=ports[0],
            tls_port=ports[1],
            lmtp_port=ports[2],
        )
    )
    daemon = subprocess.Popen([binary, "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = Dovecot(base, ports[0], ports[1], ports[2], base / "ca.pem", daemon)
    try:
        _await_answer(server)
    except AssertionError:
        server.stop()
        raise
    return server


def _unprivileged() -> tuple[str, str]:
    """Who the mail belongs to: ourselves, or nobody where we are root."""
    account = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    return account.pw_name, grp.getgrgid(account.pw_gid).gr_name


def _free_ports(wanted: int) -> list[int]:
    sockets = [socket.socket() for _ in range(wanted)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _await_answer(server: Dovecot) -> None:
    until = time.monotonic() + 15
    while time.monotonic() < until and server.daemon.poll() is None:
        try:
            with server.owner("probe").client():
                return
        except (OSError, imaplib.IMAP4.error):
            time.sleep(0.05)
    log = server.base / "dovecot.log"
    said = log.read_text(errors="replace")[-2000:] if log.exists() else "nothing"
    raise AssertionError(f"Dovecot did not answer; its log says: {said}")
