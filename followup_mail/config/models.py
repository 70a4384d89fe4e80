"""The configuration as frozen models: every option, its default and what it may be."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core.core_schema import ValidationInfo

from followup_mail.config.values import (
    AddrSpec,
    Clock,
    Country,
    Duration,
    Line,
    NeverWrite,
    Pin,
    Place,
    Plain,
    Port,
    Quiet,
    Zone,
    count,
    is_loopback,
    lasting,
)
from followup_mail.core.case import Purpose

Tls = Literal["implicit", "starttls", "none"]
PASSWORD_KEYS = ("password_command", "password_env", "password_file", "keyring")
PASSWORD_EXAMPLE = 'password_command = ["pass", "mail/home"]'  # noqa: S105 - the way to one, none itself


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class OwnerConfig(_Section):
    """Whose mailbox it is."""

    name: Plain
    addresses: Annotated[tuple[AddrSpec, ...], Field(min_length=1)]
    timezone: Zone
    country: Country = ""
    signature: str = ""


class StateConfig(_Section):
    """Where the ledger lies; "" is the platform's state directory."""

    directory: Place = ""


class PolicyConfig(_Section):
    """The owner's rules."""

    thank_you_after: Annotated[Duration, lasting("0s", "24h")] = timedelta(hours=1)
    interview_length: Annotated[Duration, lasting("5m", "1d")] = timedelta(minutes=45)
    notes_most: Annotated[int, count(0, 50)] = 8
    status_check_after: Annotated[Duration, lasting("1d", "366d")] = timedelta(days=7)
    status_check_after_promise: Annotated[int, count(0, 60)] = 5
    status_check_interval: Annotated[Duration, lasting("1d", "366d")] = timedelta(days=14)
    status_check_most: Annotated[int, count(0, 3)] = 2
    morning: Clock = time(9)
    drafts_a_day: Annotated[int, count(0, 1000)] = 10
    questions_most: Annotated[int, count(0, 20)] = 2
    autonomy: Literal["ask", "sure", "always"] = "sure"
    off: tuple[Purpose, ...] = ()
    never_write: tuple[NeverWrite, ...] = ()
    lookback_days: Annotated[int, count(0, 3650)] = 30
    first_run_reach: Annotated[Duration, lasting("1h", "366d")] = timedelta(hours=48)
    slept_through: Annotated[Duration, lasting("1h", "366d")] = timedelta(days=7)
    unsent_expires: Annotated[Duration, lasting("1h", "366d")] = timedelta(days=21)


class _Server(_Section):
    """A server and how to sign in; secrets by reference only."""

    host: Plain
    tls: Tls = "implicit"
    port: Port = 993
    ca_file: Place = ""
    username: Line = ""
    password_command: tuple[str, ...] = Field(default=(), repr=False)
    password_env: Line = ""
    password_file: Place = ""
    keyring: Line = ""

    @field_validator("tls")
    @classmethod
    def _in_the_clear_on_loopback_only(cls, tls: str, info: ValidationInfo) -> str:
        if tls == "none" and not is_loopback(info.data.get("host", "localhost")):
            raise ValueError('"none" is for a server on this machine only; write "implicit" or "starttls"')
        return tls

    def password_keys(self) -> tuple[str, ...]:
        """Which of the ways to the password are configured."""
        return tuple(key for key in PASSWORD_KEYS if getattr(self, key))


def _with_port(values: object, ports: Mapping[str, int]) -> object:
    if isinstance(values, dict) and "port" not in values and isinstance(values.get("tls"), str):
        return values | {"port": ports.get(values["tls"], ports["implicit"])}
    return values


class ImapConfig(_Server):
    """The account's mail."""

    username: Plain
    pin_sha256: Pin = ""
    watch: Annotated[tuple[Plain, ...], Field(min_length=1)] = ("INBOX",)
    drafts: Line = ""
    sent: Line = ""
    trash: Line = ""

    @model_validator(mode="before")
    @classmethod
    def _usual_port(cls, values: Any) -> Any:  # noqa: ANN401 - whatever TOML holds
        return _with_port(values, {"implicit": 993, "starttls": 143, "none": 143})

    @model_validator(mode="after")
    def _one_way_to_the_password(self) -> Self:
        if len(self.password_keys()) != 1:
            raise ValueError(f"needs exactly one of {', '.join(PASSWORD_KEYS)}, for instance {PASSWORD_EXAMPLE}")
        return self


class SmtpConfig(_Server):
    """Submission of digests to the owner."""

    port: Port = 465

    @model_validator(mode="before")
    @classmethod
    def _usual_port(cls, values: Any) -> Any:  # noqa: ANN401 - whatever TOML holds
        return _with_port(values, {"implicit": 465, "starttls": 587, "none": 25})

    @model_validator(mode="after")
    def _one_way_to_the_password(self) -> Self:
        ways = len(self.password_keys())
        if self.username and ways != 1:
            raise ValueError(f"names a username and so needs exactly one of {', '.join(PASSWORD_KEYS)}")
        if ways and not self.username:
            raise ValueError("names a way to a password and so needs a username")
        return self


class AccountConfig(_Section):
    """One mailbox."""

    name: Annotated[Plain, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,40}$")]
    imap: ImapConfig
    smtp: SmtpConfig | None = None


class NotifyConfig(_Section):
    """How the owner is told; `quiet` are the local hours (from, to) in which nothing is told."""

    digest: Literal["none", "smtp", "inbox"] = "none"
    quiet: Quiet = (21, 8)


class LettersConfig(_Section):
    """Where the owner's own letters are; "" for none."""

    directory: Place = ""


class LogConfig(_Section):
    """What is logged, on standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Config(_Section):
    """Everything an owner configures; durations are timedeltas, paths absolute or ""."""

    owner: OwnerConfig
    state: StateConfig = StateConfig()
    policy: PolicyConfig = PolicyConfig()
    accounts: Annotated[tuple[AccountConfig, ...], Field(min_length=1)]
    notify: NotifyConfig = NotifyConfig()
    letters: LettersConfig = LettersConfig()
    log: LogConfig = LogConfig()

    @field_validator("accounts")
    @classmethod
    def _names_differ(cls, accounts: tuple[AccountConfig, ...]) -> tuple[AccountConfig, ...]:
        names = [account.name.lower() for account in accounts]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"have the same name {', '.join(map(repr, twice))}; name each account differently")
        return accounts

    @field_validator("notify")
    @classmethod
    def _digest_has_a_server(cls, notify: NotifyConfig, info: ValidationInfo) -> NotifyConfig:
        accounts = info.data.get("accounts")
        if notify.digest == "smtp" and accounts and not any(account.smtp for account in accounts):
            raise ValueError('has digest = "smtp", but no account has an [accounts.smtp] to submit it by')
        return notify
