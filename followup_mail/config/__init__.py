"""The owner's configuration: TOML to frozen models, every problem reported at once."""

from followup_mail.config.loading import Problem, load_config, parse_config
from followup_mail.config.models import (
    AccountConfig,
    Config,
    ImapConfig,
    LettersConfig,
    LogConfig,
    NotifyConfig,
    OwnerConfig,
    PolicyConfig,
    SmtpConfig,
    StateConfig,
)
from followup_mail.config.places import default_config_path, example_text, shipped, state_directory
from followup_mail.config.rules import policy_of

__all__ = [
    "AccountConfig",
    "Config",
    "ImapConfig",
    "LettersConfig",
    "LogConfig",
    "NotifyConfig",
    "OwnerConfig",
    "PolicyConfig",
    "Problem",
    "SmtpConfig",
    "StateConfig",
    "default_config_path",
    "example_text",
    "load_config",
    "parse_config",
    "policy_of",
    "shipped",
    "state_directory",
]
