import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, PasswordDeleteError

from followup_mail.adapters import credentials
from followup_mail.adapters.credentials import load_password
from followup_mail.errors import ConfigError, SignInError

SECRET = "correct horse é"


@dataclass(frozen=True)
class Reference:
    username: str = "ana"
    password_command: tuple[str, ...] = ()
    password_env: str = ""
    password_file: str = ""
    keyring: str = ""


def command(code: str) -> Reference:
    return Reference(password_command=(sys.executable, "-c", code))


def written(path: Path, octets: bytes, mode: int = 0o600) -> Reference:
    path.write_bytes(octets)
    path.chmod(mode)
    return Reference(password_file=str(path))


@pytest.mark.parametrize("end", ["", "\\n", "\\r\\n", "\\nlogin: ana\\n"])
def test_a_command_answers_with_the_first_line_it_prints(end: str) -> None:
    code = f"import sys; sys.stdout.buffer.write('{SECRET}{end}'.encode())"
    assert SECRET == load_password(command(code))


def test_a_command_is_run_without_a_shell() -> None:
    reference = Reference(password_command=("echo", "$HOME; id", "a b"))
    assert "$HOME; id a b" == load_password(reference)


def test_a_command_that_fails_is_told_without_what_it_said() -> None:
    with pytest.raises(SignInError, match=r"failed \(exit status 3\)") as caught:
        load_password(command(f"import sys; print('{SECRET}'); print('{SECRET}', file=sys.stderr); sys.exit(3)"))
    assert SECRET not in str(caught.value)


def test_a_command_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "COMMAND_SECONDS", 0.2)
    with pytest.raises(SignInError, match="gave no answer"):
        load_password(command("import time; time.sleep(60)"))


def test_a_command_gets_nothing_to_read() -> None:
    with pytest.raises(SignInError, match="gave no password"):
        load_password(command("print(input() if False else __import__('sys').stdin.read())"))


def test_a_command_that_is_not_there_or_cannot_be_run_is_a_matter_of_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="was not found"):
        load_password(Reference(password_command=(str(tmp_path / "none"),)))
    with pytest.raises(ConfigError, match="cannot be run"):
        load_password(Reference(password_command=(str(tmp_path),)))
    with pytest.raises(ConfigError, match="cannot be run"):
        load_password(Reference(password_command=("echo", "\0")))


def test_a_command_that_prints_no_text_is_refused() -> None:
    with pytest.raises(SignInError, match="not UTF-8"):
        load_password(command("import sys; sys.stdout.buffer.write(bytes([255]))"))


def test_an_environment_variable_gives_the_password_or_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANAS_SECRET", SECRET)
    assert SECRET == load_password(Reference(password_env="ANAS_SECRET"))
    monkeypatch.delenv("ANAS_SECRET")
    with pytest.raises(SignInError, match="The environment variable ANAS_SECRET gave no password"):
        load_password(Reference(password_env="ANAS_SECRET"))


def test_a_file_of_the_owner_alone_gives_its_first_line(tmp_path: Path) -> None:
    assert SECRET == load_password(written(tmp_path / "secret", f"{SECRET}\r\nmore\n".encode()))
    assert SECRET == load_password(written(tmp_path / "readable", SECRET.encode(), 0o400))


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_a_file_that_others_may_use_is_refused_with_the_mend(tmp_path: Path, mode: int) -> None:
    with pytest.raises(ConfigError, match="chmod 600"):
        load_password(written(tmp_path / "secret", SECRET.encode(), mode))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    reference = written(tmp_path / "secret", SECRET.encode())
    os.chown(reference.password_file, 65534, 65534)
    with pytest.raises(ConfigError, match="belongs to somebody else"):
        load_password(reference)


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load_password(Reference(password_file=str(tmp_path / "none")))
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_password(Reference(password_file=str(tmp_path)))
    with pytest.raises(ConfigError, match="no regular file"):
        load_password(Reference(password_file="/dev/null"))
    with pytest.raises(SignInError, match="gave no password"):
        load_password(written(tmp_path / "empty", b""))


class OneEntry(KeyringBackend):
    priority = 1.0  # type: ignore[assignment]  # keyring declares a property

    def get_password(self, service: str, username: str) -> str | None:
        if service == "locked":
            raise KeyringError(SECRET)
        return SECRET if (service, username) == ("mail", "ana") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("nothing is written into a keyring")

    def delete_password(self, service: str, username: str) -> None:
        raise PasswordDeleteError(service)


def test_a_keyring_is_asked_for_service_and_username(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(OneEntry())
    try:
        assert SECRET == load_password(Reference(keyring="mail"))
        with pytest.raises(SignInError, match="entry other for ana gave no password"):
            load_password(Reference(keyring="other"))
        with pytest.raises(SignInError, match="is it unlocked") as caught:
            load_password(Reference(keyring="locked"))
        assert SECRET not in str(caught.value)
    finally:
        keyring.set_keyring(before)


def test_no_way_at_all_is_a_matter_of_configuration() -> None:
    with pytest.raises(ConfigError, match="No way to the password"):
        load_password(Reference())


def test_a_password_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    load_password(command(f"print('{SECRET}')"))
    assert SECRET not in caplog.text


def test_a_pipe_in_place_of_the_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(ConfigError, match="no regular file"):
        load_password(Reference(password_file=str(tmp_path / "pipe")))
