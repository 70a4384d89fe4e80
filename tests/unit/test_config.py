import os
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from followup_mail.config import (
    Config,
    Problem,
    default_config_path,
    example_text,
    load_config,
    parse_config,
    policy_of,
    shipped,
    state_directory,
)
from followup_mail.config.lines import find_lines, line_of
from followup_mail.config.loading import _model_in
from followup_mail.config.values import parse_duration
from followup_mail.core.case import Purpose
from followup_mail.errors import ConfigError, ExitCode

HERE = Path("/home/ana/.config/followup-mail")

SMALLEST = """\
[owner]
name = "Ana Lima"
addresses = ["ana@home.example"]
timezone = "Europe/Lisbon"

[[accounts]]
name = "home"
[accounts.imap]
host = "mail.home.example"
username = "ana"
password_command = ["pass", "mail/home"]
"""


def config_of(text: str) -> Config:
    found = parse_config(text, directory=HERE)
    assert isinstance(found, Config), found
    return found


def problems_of(text: str) -> list[str]:
    found = parse_config(text, directory=HERE)
    assert not isinstance(found, Config)
    return [str(problem) for problem in found]


def one_problem_of(text: str) -> str:
    (problem,) = problems_of(text)
    return problem


def changed(old: str, new: str) -> str:
    assert old in SMALLEST
    return SMALLEST.replace(old, new)


def uncommented(text: str) -> str:
    return re.sub(r"(?m)^#(?=\S)", "", text)


def test_the_smallest_configuration_has_the_defaults_of_the_design() -> None:
    config = config_of(SMALLEST)
    assert timedelta(hours=1) == config.policy.thank_you_after
    assert timedelta(days=7) == config.policy.status_check_after
    assert 30 == config.policy.lookback_days
    assert "sure" == config.policy.autonomy
    assert (993, "implicit", ("INBOX",)) == (
        config.accounts[0].imap.port,
        config.accounts[0].imap.tls,
        config.accounts[0].imap.watch,
    )
    assert ("none", (21, 8)) == (config.notify.digest, config.notify.quiet)
    assert config.accounts[0].smtp is None


def test_the_example_loads_once_the_owners_own_lines_are_uncommented() -> None:
    assert "Ana Lima" == config_of(uncommented(example_text())).owner.name


def test_the_example_as_shipped_names_exactly_what_is_missing() -> None:
    missing = [problem.split(": ", 1)[1] for problem in problems_of(example_text())]
    assert [
        "owner.name is missing",
        "owner.addresses is missing",
        "owner.timezone is missing",
        "accounts[0].imap.host is missing",
        "accounts[0].imap.username is missing",
    ] == missing


def test_every_option_stands_in_the_example_at_its_default() -> None:
    example = uncommented(example_text())
    minimal = SMALLEST.replace('["ana@home.example"]', '["ana@home.example", "ana.lima@mail.example"]')
    smtp = 'host = "mail.home.example"\nusername = "ana"\npassword_command = ["pass", "mail/home"]\n'
    assert config_of(minimal + "[accounts.smtp]\n" + smtp) == config_of(example)
    assert [] == list(absent(Config, tomllib.loads(example), ""))


def absent(model: type[BaseModel], table: dict[str, Any], path: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if name not in table:
            yield f"{path}.{name}"
            continue
        inner = _model_in(field.annotation)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            value = table[name]
            yield from absent(inner, value[0] if isinstance(value, list) else value, f"{path}.{name}")


def test_all_problems_are_told_at_once_with_path_line_and_mend() -> None:
    text = """\
[owner]
name = "Ana Lima"
addresses = ["ana@home.example", "ana@@home.example"]
timezone = "Lisbon"
[polcy]
[policy]
thank_you_after = 60
never_write = [
  "two words",
]
[[accounts]]
name = "home"
[accounts.imap]
host = "mail.home.example"
prot = 993
username = "ana"
"""
    assert [
        "line 3: owner.addresses[1] is no address: The part after the @-sign contains invalid characters: '@'",
        "line 4: owner.timezone is no IANA time zone such as \"Europe/Lisbon\"; did you mean 'Europe/Lisbon'?",
        "line 5: polcy is not known here; did you mean 'policy'?",
        'line 7: policy.thank_you_after is no duration; write one such as "90s", "45m", "1h" or "7d"',
        'line 8: policy.never_write[0] is neither an address nor a domain; write "sam@firm.example" or "firm.example"',
        "line 15: accounts[0].imap.prot is not known here; did you mean 'port'?",
    ] == problems_of(text)


def test_load_config_raises_one_error_with_every_problem_and_the_exit_code_of_configuration(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(changed('"ana"', "7") + "[log]\nlevel = 'loud'\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert (
        f"The configuration {path} has 2 problems:\n"
        "  line 10: accounts[0].imap.username must be text in quotes\n"
        "  line 13: log.level must be one of 'debug', 'info', 'warning' or 'error'"
    ) == str(caught.value)
    assert ExitCode.CONFIG == caught.value.exit_code


def test_a_file_that_is_missing_is_told_how_to_be_made(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="followup-mail config example > "):
        load_config(tmp_path / "none.toml")


def test_a_file_that_is_no_utf8_or_a_directory_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'name = "\xff"')
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_config(path)
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_config(tmp_path)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALLEST.replace("\n", "\r\n").encode())
    assert "home" == load_config(path).accounts[0].name


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[owner]\nname = \n", "line 2: this is not TOML: invalid value"),
        ("[owner]\nname = 'a'\nname = 'b'\n", "line 3: this is not TOML: cannot overwrite a value"),
        ("[owner", "line 1: this is not TOML: expected ']' at the end of a table declaration"),
    ],
)
def test_a_syntax_error_is_told_with_its_line(text: str, problem: str) -> None:
    assert problem == one_problem_of(text)


@pytest.mark.parametrize("key", ["password", "passwd", "Password"])
def test_a_literal_password_is_refused_with_what_to_write_instead_and_never_repeated(key: str) -> None:
    problem = one_problem_of(changed("password_command", key).replace('["pass", "mail/home"]', '"hunter2"'))
    assert problem.startswith(f"line 11: accounts[0].imap.{key} must not stand in this file; say where")
    assert 'password_command = ["pass", "mail/home"]' in problem
    assert "hunter2" not in problem


def test_a_password_command_does_not_show_in_a_repr() -> None:
    assert "mail/home" not in repr(config_of(SMALLEST))


def test_two_ways_to_one_password_are_one_too_many() -> None:
    assert "line 8: accounts[0].imap needs exactly one of" in one_problem_of(SMALLEST + 'password_env = "SECRET"\n')


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "127.8.8.8"])
def test_tls_may_be_none_on_loopback(host: str) -> None:
    config = config_of(changed('host = "mail.home.example"', f'host = "{host}"\ntls = "none"'))
    assert ("none", 143) == (config.accounts[0].imap.tls, config.accounts[0].imap.port)


@pytest.mark.parametrize("host", ["mail.home.example", "10.0.0.1", "localhost.home.example", "::2"])
def test_tls_may_not_be_none_elsewhere(host: str) -> None:
    text = changed('host = "mail.home.example"', f'host = "{host}"\ntls = "none"')
    assert 'line 10: accounts[0].imap.tls "none" is for a server on this machine only' in one_problem_of(text)


def test_starttls_moves_the_default_ports_and_a_named_port_stays() -> None:
    text = changed("username", 'tls = "starttls"\nusername') + '[accounts.smtp]\nhost = "x.example"\ntls = "starttls"\n'
    account = config_of(text).accounts[0]
    assert (143, 587) == (account.imap.port, account.smtp.port if account.smtp else None)
    assert 587 != config_of(text + "port = 2525\n").accounts[0].smtp.port


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('username = "ana"', "names a username and so needs exactly one of"),
        ('password_env = "X"', "names a way to a password and so needs a username"),
    ],
)
def test_smtp_needs_username_and_password_together(lines: str, words: str) -> None:
    assert words in one_problem_of(SMALLEST + f'[accounts.smtp]\nhost = "x.example"\n{lines}\n')


def test_a_digest_by_smtp_needs_a_server() -> None:
    assert "no account has an [accounts.smtp]" in one_problem_of(SMALLEST + '[notify]\ndigest = "smtp"\n')
    with_server = SMALLEST + '[accounts.smtp]\nhost = "x.example"\n[notify]\ndigest = "smtp"\n'
    assert "smtp" == config_of(with_server).notify.digest


def test_accounts_have_names_that_differ_and_there_is_at_least_one() -> None:
    again = SMALLEST[SMALLEST.index("[[accounts]]") :].replace('"home"', '"Home"')
    assert "have the same name 'home'" in one_problem_of(SMALLEST + again)
    assert "line 1: accounts is missing" == one_problem_of(SMALLEST[: SMALLEST.index("[[accounts]]")])
    assert "accounts must not be empty" in one_problem_of("accounts = []\n" + SMALLEST[: SMALLEST.index("[[acc")])


def test_the_second_accounts_problems_stand_at_its_own_lines() -> None:
    again = SMALLEST[SMALLEST.index("[[accounts]]") :].replace('"home"', '"work"').replace('"ana"', '""')
    assert "line 16: accounts[1].imap.username must not be empty" == one_problem_of(SMALLEST + again)


@pytest.mark.parametrize("name", ["../up", "a b", "", "-a", "a/b", "a" * 60])
def test_an_accounts_name_is_fit_for_a_file(name: str) -> None:
    assert "accounts[0].name " in one_problem_of(changed('name = "home"', f'name = "{name}"'))


@pytest.mark.parametrize("key", ["host", "username"])
def test_nothing_for_a_server_holds_line_breaks(key: str) -> None:
    text = re.sub(rf'{key} = "[^"]*"', rf'{key} = "a\\r\\nb"', SMALLEST)
    assert f"accounts[0].imap.{key} must not hold line breaks" in one_problem_of(text)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('thank_you_after = "25h"', "must be between 0s and 24h"),
        ('status_check_after = "90m"', "must be between 1d and 366d"),
        ("drafts_a_day = -1", "must be at least 0"),
        ("status_check_most = 4", "must be at most 3"),
        ("drafts_a_day = true", "must be a whole number"),
        ('morning = "9"', 'is no time of day; write one such as "09:00"'),
        ('off = ["thankyou"]', "did you mean 'thank_you'?"),
        ('off = "thank_you"', 'must be a list such as ["…"]'),
        ('autonomy = "shure"', "did you mean 'sure'?"),
    ],
)
def test_bad_rules_say_what_is_meant(lines: str, words: str) -> None:
    problem = one_problem_of(SMALLEST + f"[policy]\n{lines}\n")
    assert problem.startswith("line 13: policy.")
    assert words in problem


@pytest.mark.parametrize(("zone", "hint"), [("Europe/Lisboa", "Europe/Lisbon"), ("new york", "America/New_York")])
def test_a_bad_zone_is_answered_with_the_nearest(zone: str, hint: str) -> None:
    assert f"did you mean '{hint}'?" in one_problem_of(changed("Europe/Lisbon", zone))


@pytest.mark.parametrize("zone", ["../../etc/passwd", "/etc/localtime", "", "\\u0000"])
def test_a_zone_is_no_way_to_a_file(zone: str) -> None:
    assert "is no IANA time zone" in one_problem_of(changed("Europe/Lisbon", zone))


@pytest.mark.parametrize(
    ("country", "words"),
    [
        ("Portugal", "is no country; write its two capital letters"),
        ("XX", "is no country whose holidays are known"),
        ("DE-XX", "has no such region; known are BB, BE,"),
        ("PT-ZZ", "has no such region"),
    ],
)
def test_a_bad_country_is_told(country: str, words: str) -> None:
    assert words in one_problem_of(changed("[[accounts]]", f'country = "{country}"\n[[accounts]]'))


@pytest.mark.parametrize(("quiet", "hours"), [("21-08", (21, 8)), ("", (0, 0)), ("00-24", (0, 0)), ("22-24", (22, 0))])
def test_quiet_hours_are_two_hours_or_none(quiet: str, hours: tuple[int, int]) -> None:
    assert hours == config_of(SMALLEST + f'[notify]\nquiet = "{quiet}"\n').notify.quiet


def test_quiet_hours_that_are_none_are_told() -> None:
    assert 'write the first and the last such as "21-08"' in one_problem_of(SMALLEST + "[notify]\nquiet = 9\n")


def test_a_pin_is_taken_with_colons_and_refused_when_short() -> None:
    pin = ":".join(["AB"] * 32)
    assert "ab" * 32 == config_of(SMALLEST + f'pin_sha256 = "{pin}"\n').accounts[0].imap.pin_sha256
    assert "64 hexadecimal digits" in one_problem_of(SMALLEST + 'pin_sha256 = "ab"\n')


def test_paths_begin_at_home_or_at_the_files_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/bea")
    account = config_of(SMALLEST + 'ca_file = "ca.pem"\n' + '[state]\ndirectory = "~/state"\n')
    assert str(HERE / "ca.pem") == account.accounts[0].imap.ca_file
    assert "/home/bea/state" == account.state.directory


def test_addresses_and_domains_never_to_be_written_to_are_kept_in_lower_case() -> None:
    config = config_of(SMALLEST + '[policy]\nnever_write = ["Sam@Firm.Example", "@Other.example", "x.example"]\n')
    assert ("sam@firm.example", "other.example", "x.example") == config.policy.never_write


def test_a_table_that_is_a_value_is_told() -> None:
    text = "state = 1\n" + SMALLEST
    assert "line 1: state must be a table of its own" == one_problem_of(text)
    assert "is not known here; known are level" in one_problem_of(SMALLEST + "[log]\nqqqq = 1\n")


def test_policy_has_every_rule_and_the_holidays_of_the_years_around_now() -> None:
    text = changed("[[accounts]]", 'country = "DE-BY"\n[[accounts]]')
    text += '[policy]\nmorning = 08:30:00\noff = ["status_check"]\nnever_write = ["x.example"]\nautonomy = "ask"\n'
    began = datetime(2026, 11, 1, tzinfo=UTC)
    rules = policy_of(
        config_of(text),
        languages={"thank_you": frozenset({"en"})},
        began=began,
        now=datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
    )
    assert ("Europe/Lisbon", "ask", time(8, 30), began) == (rules.zone, rules.autonomy, rules.morning, rules.began)
    assert (frozenset({Purpose.STATUS_CHECK}), frozenset({"x.example"})) == (rules.off, rules.never_write)
    assert {"thank_you": frozenset({"en"})} == rules.languages
    assert {2025, 2026, 2027, 2028} == {day.year for day in rules.holidays}
    assert date(2027, 1, 6) in rules.holidays  # Epiphany, in Bavaria and not in all of Germany


def test_without_a_country_only_weekends_are_no_business_days() -> None:
    rules = policy_of(config_of(SMALLEST), languages={}, began=None, now=datetime(2026, 12, 1, tzinfo=UTC))
    assert frozenset() == rules.holidays


def test_the_state_directory_is_made_for_the_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.umask(0o022)
    try:
        place = tmp_path / "deep" / "state"
        assert place == state_directory(config_of(SMALLEST + f'[state]\ndirectory = "{place}"\n'))
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
        assert tmp_path / "xdg" / "followup-mail" == state_directory(config_of(SMALLEST))
    finally:
        os.umask(before)
    assert 0o700 == place.stat().st_mode & 0o777


def test_the_configuration_is_looked_for_in_the_platforms_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/somewhere")
    assert Path("/somewhere/followup-mail/config.toml") == default_config_path()


def test_what_is_shipped_is_found() -> None:
    assert shipped("templates").is_dir()
    assert shipped("config.example.toml").read_text(encoding="utf-8") == example_text()


def test_lines_are_found_past_multi_line_values_inline_tables_and_odd_keys() -> None:
    text = '''\
top = """
[not.a.table]
x = 1 """ # "
list = [ # [
  "a]", [1,
  2],
]
"odd key" . inner = 'x = ['
[a."b c"]
one = {two = 1}
[[a.rows]]
x = 1
[[a.rows]]
[a.rows.deep]
y = 2
'''
    lines = find_lines(text)
    assert tomllib.loads(text)
    expected = {
        ("top",): 1,
        ("list",): 4,
        ("odd key", "inner"): 8,
        ("a", "b c"): 9,
        ("a", "b c", "one", "two"): 10,
        ("a", "rows", 0, "x"): 12,
        ("a", "rows", 1): 13,
        ("a", "rows", 1, "deep", "y"): 15,
        ("nowhere",): 1,
    }
    assert expected == {path: line_of(lines, path) for path in expected}


@given(st.text(max_size=200))
def test_any_text_is_a_configuration_or_problems_with_lines(text: str) -> None:
    found = parse_config(text, directory=HERE)
    assert isinstance(found, tuple)
    assert all(isinstance(problem, Problem) and 1 <= problem.line <= text.count("\n") + 1 for problem in found)


@given(
    st.text(max_size=12).filter(lambda text: not re.fullmatch(r"\s*[0-9]+[smhdw]\s*", text)) | st.integers() | st.none()
)
def test_what_is_no_duration_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        parse_duration(value)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("45m", 2700), ("1h", 3600), ("7d", 604800), ("2w", 1209600)]
)
def test_durations_are_numbers_with_a_unit(text: str, seconds: int) -> None:
    assert seconds == parse_duration(text).total_seconds()
