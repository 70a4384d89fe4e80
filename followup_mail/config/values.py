"""Single values of the configuration: durations, zones, addresses, places; each refusal says what to write instead."""

import ipaddress
import re
import zoneinfo
from collections.abc import Iterable
from datetime import time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

_DURATION = re.compile(r"([0-9]{1,6})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_QUIET = re.compile(r"([01][0-9]|2[0-4])-([01][0-9]|2[0-4])")
_DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_PIN = re.compile(r"[0-9a-f]{64}")


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint at the known word most like this one ("; did you mean X?"), or nothing."""
    by_lower = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return f"; did you mean {by_lower[found[0]]!r}?" if found else ""


def parse_duration(value: object) -> timedelta:
    """The duration of "90s", "45m", "1h", "7d" or "2w"; ValueError for anything else."""
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError('is no duration; write one such as "90s", "45m", "1h" or "7d"')
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def lasting(least: str, most: str) -> AfterValidator:
    """The constraint of a duration between two others, both as the configuration writes them."""

    def check(value: timedelta) -> timedelta:
        if not parse_duration(least) <= value <= parse_duration(most):
            raise ValueError(f"must be between {least} and {most}")
        return value

    return AfterValidator(check)


def parse_clock(value: object) -> time:
    """The local time of "09:00" or of a TOML time."""
    if isinstance(value, time):
        return value
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('is no time of day; write one such as "09:00"')
    return time(int(match[1]), int(match[2]))


def parse_quiet(value: object) -> tuple[int, int]:
    """The hours of "21-08", (0, 0) for ""."""
    if value == "":
        return 0, 0
    match = _QUIET.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('are no hours; write the first and the last such as "21-08", or "" for none')
    return int(match[1]) % 24, int(match[2]) % 24


def _zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        known = zoneinfo.available_timezones()
        cities = {zone.rpartition("/")[2].lower(): zone for zone in sorted(known, reverse=True)}
        city = cities.get(name.strip().rpartition("/")[2].replace(" ", "_").lower())
        hint = f"; did you mean {city!r}?" if city else nearest(name, known)
        raise ValueError(f'is no IANA time zone such as "Europe/Lisbon"{hint}') from None
    return name


def _addr_spec(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise ValueError(f"is no address: {str(error).rstrip('.')}") from None


def _never_write(text: str) -> str:
    plain = text.strip().removeprefix("@").lower()
    if "@" in plain:
        return _addr_spec(plain).casefold()
    if not _DOMAIN.fullmatch(plain):
        raise ValueError('is neither an address nor a domain; write "sam@firm.example" or "firm.example"')
    return plain


def _country(code: str) -> str:
    if not code:
        return code
    if not _COUNTRY.fullmatch(code):
        raise ValueError('is no country; write its two capital letters, with a region if you like: "PT", "DE-BY"')
    import holidays  # noqa: PLC0415 - a tenth of a second, only for those who name a country

    regions = holidays.list_supported_countries(include_aliases=True)
    country, _, region = code.partition("-")
    if country not in regions:
        raise ValueError(f"is no country whose holidays are known{nearest(country, regions)}")
    if region and region not in regions[country]:
        raise ValueError(f"has no such region; known are {', '.join(regions[country]) or 'none'}")
    return code


def _plain(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return _without_controls(text)


def _without_controls(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("must not hold line breaks or control characters")
    return text


def _place(text: str, info: ValidationInfo) -> str:
    """An absolute path: "~" is the home directory, a relative path begins where the configuration file lies."""
    if not text:
        return text
    base = (info.context or {}).get("directory", Path())
    return str(Path(base, Path(_without_controls(text)).expanduser()).absolute())


def _pin(text: str) -> str:
    plain = text.replace(":", "").replace(" ", "").lower()
    if plain and not _PIN.fullmatch(plain):
        raise ValueError("is no SHA-256 of a certificate; write its 64 hexadecimal digits, colons allowed")
    return plain


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Clock = Annotated[time, BeforeValidator(parse_clock)]
Quiet = Annotated[tuple[int, int], BeforeValidator(parse_quiet)]
Zone = Annotated[str, AfterValidator(_zone)]
AddrSpec = Annotated[str, AfterValidator(_addr_spec)]
NeverWrite = Annotated[str, AfterValidator(_never_write)]
Country = Annotated[str, AfterValidator(_country)]
Plain = Annotated[str, AfterValidator(_plain)]  # one line, not empty
Line = Annotated[str, AfterValidator(_without_controls)]  # one line
Place = Annotated[str, AfterValidator(_place)]
Pin = Annotated[str, AfterValidator(_pin)]
Port = Annotated[int, Field(strict=True, ge=1, le=65535)]


def count(least: int, most: int) -> object:
    """The constraint of a whole number between two bounds."""
    return Field(strict=True, ge=least, le=most)
