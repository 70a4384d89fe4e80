"""The wheel carries everything, and works where there is no checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked, which is what installing a pure one does."""
    place = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    return place


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python outside of the checkout with the unpacked wheel before everything else."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(installed),
        "HOME": str(installed),
        "XDG_CONFIG_HOME": str(installed),
    }
    return subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", *arguments],
        cwd=installed,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_it_carries_every_letter_the_example_configuration_and_all_that_is_not_python(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        carried = set(archive.namelist())
    letters = [path.relative_to(ROOT) for path in (ROOT / "templates").rglob("*.j2")]
    package = [path.relative_to(ROOT) for path in (ROOT / "followup_mail").rglob("*") if path.is_file()]
    expected = {
        "followup_mail/_shipped/config.example.toml",
        *(f"followup_mail/_shipped/{path.as_posix()}" for path in letters),
        *(path.as_posix() for path in package if "__pycache__" not in path.parts),
    }
    assert len(letters) > 10
    assert set() == expected - carried


def test_it_carries_nothing_that_is_for_builders_only(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert {"followup_mail", next(name for name in tops if name.endswith(".dist-info"))} == tops


def test_away_from_the_checkout_it_prints_the_example_configuration(installed: Path) -> None:
    done = run(installed, "-m", "followup_mail", "config", "example")
    assert (0, "", (ROOT / "config.example.toml").read_text(encoding="utf-8")) == (
        done.returncode,
        done.stderr,
        done.stdout,
    )


def test_away_from_the_checkout_it_finds_its_letters_in_the_wheel(installed: Path) -> None:
    asked = (
        "from contextlib import closing\n"
        "from followup_mail.config import shipped\n"
        "from followup_mail.adapters.letters import FileLetters\n"
        "with closing(FileLetters(shipped('templates'))) as letters: print(shipped('templates'), len(letters.forms()))"
    )
    done = run(installed, "-c", asked)
    assert "" == done.stderr
    place, count = done.stdout.split()
    assert Path(place).is_relative_to(installed)
    assert len(list((ROOT / "templates").rglob("*.j2"))) == int(count)
