"""Case, journal, Policy and now to actions, each with due and deadline."""

from followup_mail.core.plan.days import add_business_days, business_day, business_morning, is_business_day
from followup_mail.core.plan.planning import placed_today, plan, within_cap
from followup_mail.core.plan.values import (
    Action,
    AskOwner,
    JournalEntry,
    PlaceDraft,
    Policy,
    Remind,
    ReplaceDraft,
    ReplyTarget,
    SettleDraft,
    WithdrawDraft,
)

__all__ = [
    "Action",
    "AskOwner",
    "JournalEntry",
    "PlaceDraft",
    "Policy",
    "Remind",
    "ReplaceDraft",
    "ReplyTarget",
    "SettleDraft",
    "WithdrawDraft",
    "add_business_days",
    "business_day",
    "business_morning",
    "is_business_day",
    "placed_today",
    "plan",
    "within_cap",
]
