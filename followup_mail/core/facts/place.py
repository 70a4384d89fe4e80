"""By whose clock an employer goes that names no zone: the place of the meeting or the signature, or its country."""

from followup_mail.core.cues import is_from
from followup_mail.core.facts.context import Context, once
from followup_mail.core.facts.shown import signature_lines
from followup_mail.core.when import find_country_zone, find_place_zones

_OF_OTHERS = ("freemail", "applicant_tracking", "scheduling", "machines", "mailers")  # whose domains say nothing of it


@once
def find_company_zone(context: Context, location: str | None) -> str | None:
    """The IANA zone of the employer's place, where message and address point at one alone."""
    for text in (location or "", "\n".join(signature_lines(context.message))):
        zones = find_place_zones(text)
        if zones:
            return next(iter(zones)) if len(zones) == 1 else None
    sender = context.sender
    if sender is None or any(is_from(sender.domain, kind) for kind in _OF_OTHERS):
        return None
    return find_country_zone(sender.domain)
