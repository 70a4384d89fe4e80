"""Where things lie: the configuration, the state, and the files shipped with the program."""

from pathlib import Path

import platformdirs

from followup_mail.config.models import Config
from followup_mail.errors import LedgerError

_PACKAGE = Path(__file__).resolve().parent.parent
_NAME = "followup-mail"


def default_config_path() -> Path:
    """Where the configuration is looked for without --config: `config.toml` in the platform's place for it."""
    return platformdirs.user_config_path(_NAME, appauthor=False) / "config.toml"


def state_directory(config: Config) -> Path:
    """Where the ledger and the locks lie; made, for the owner alone, if it is missing. Raises LedgerError."""
    directory = config.state.directory
    path = Path(directory) if directory else platformdirs.user_state_path(_NAME, appauthor=False)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(f"The state directory {path} cannot be made: {error.strerror}") from error
    return path


def shipped(name: str) -> Path:
    """A file or directory that comes with the program: from the wheel, else from the checkout."""
    inside = _PACKAGE / "_shipped" / name
    return inside if inside.exists() else _PACKAGE.parent / name


def example_text() -> str:
    """The example configuration: every option, at its default, explained."""
    return shipped("config.example.toml").read_text(encoding="utf-8")
