"""README, Makefile and changelog say what there is."""

import re
import tomllib
from pathlib import Path

import typer
from typer.main import get_command

from followup_mail import __version__
from followup_mail.cli import app

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def commands() -> dict[str, typer.core.TyperCommand]:
    """Every command by what is typed after `followup-mail`: "run", "config example"."""
    found = {}
    for name, command in get_command(app).commands.items():
        for below, inner in getattr(command, "commands", {"": command}).items():
            found[f"{name} {below}".strip()] = inner
    return found


def test_the_table_has_every_command_and_no_other() -> None:
    rows = re.findall(r"^\| `([a-z][^`]*)` \|", README, re.MULTILINE)
    told = {" ".join(word for word in row.split(" --")[0].split() if word.islower()) for row in rows}
    assert commands().keys() == told


def test_every_option_in_the_readme_exists() -> None:
    known = {option for command in commands().values() for param in command.params for option in param.opts}
    told = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", README))
    assert set() == told - known


def test_every_make_target_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set() == set(re.findall(r"^    make ([a-z]+)\b", README, re.MULTILINE)) - targets


def test_every_command_says_what_it_does_in_a_sentence() -> None:
    assert [] == [name for name, command in commands().items() if not (command.help or "").strip().endswith(".")]


def test_the_configuration_in_the_readme_is_toml_with_nothing_secret() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    assert {"owner", "accounts"} == tomllib.loads(block).keys()
    assert "password =" not in block


def test_the_version_is_told_once() -> None:
    assert PROJECT["version"] == __version__


def test_the_changelog_keeps_unreleased_changes_on_top() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert "Unreleased" == headings[0]


def test_the_licence_is_mit() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert ("MIT", True, True) == (PROJECT["license"], "MIT License" in text, "followup_mail contributors" in text)
