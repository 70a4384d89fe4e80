"""The date by which an answer is promised."""
from datetime import date, datetime


def parse_promise(text: str, *, reference: datetime, zone: str, language: str | None = None) -> tuple[date, str] | None:
    return None
