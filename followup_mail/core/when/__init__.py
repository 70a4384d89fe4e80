"""Moments, ranges, zones and promises in prose.

`parse_moments` reads every moment a text states; `resolve` makes one aware; `parse_promise` and `parse_return` read the
date of a promised answer and of somebody's return. All `parse_` functions are total:
any text, any length, no exception.
Nothing here reads a clock: what "tomorrow" means comes in as `reference`.
"""

from followup_mail.core.when.absence import parse_return
from followup_mail.core.when.moment import Moment, ZoneSource
from followup_mail.core.when.places import find_country_zone, find_place_zones
from followup_mail.core.when.promise import parse_promise
from followup_mail.core.when.reading import parse_moments
from followup_mail.core.when.zones import resolve

__all__ = [
    "Moment",
    "ZoneSource",
    "find_country_zone",
    "find_place_zones",
    "parse_moments",
    "parse_promise",
    "parse_return",
    "resolve",
]
