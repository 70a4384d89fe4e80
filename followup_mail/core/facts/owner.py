"""What the owner's own message says: thanks, an enquiry, a withdrawal, a yes or a no."""

import re
from dataclasses import dataclass

from followup_mail.core.facts.context import Context
from followup_mail.core.rules import Evidence, Reading

_PARTSTAT_NO = "DECLINED"
_PARTSTAT_YES = frozenset({"ACCEPTED", "TENTATIVE"})


@dataclass(frozen=True, slots=True)
class OwnerSays:
    """What the owner's own message says."""

    thanks: bool = False
    enquiry: bool = False
    withdraws: bool = False
    declines: bool = False
    accepts: bool = False
    evidence: tuple[Evidence, ...] = ()


def read_owner(context: Context) -> OwnerSays:
    """The meaning of a message the owner wrote, by its calendar reply or its words."""
    answers = {
        attendee.partstat
        for invitation in context.invitations
        if invitation.method == "REPLY"
        for attendee in invitation.attendees
        if context.is_owner(attendee.address)
    }
    reading = Reading([("subject", context.subject), ("fresh", context.message.body.fresh)], context.language)
    places = {name: reading.find_all(name)[:1] for name in ("thanks", "withdraws", "declines", "accepts")}
    asked = _find_enquiry(reading)
    places["enquiry"] = (asked,) if asked else ()
    said = {name: bool(found) for name, found in places.items()}
    evidence = tuple(reading.evidence(f"owner-{name}", found[0].start()) for name, found in places.items() if found)
    declines = _PARTSTAT_NO in answers or (said["declines"] and not said["withdraws"])
    return OwnerSays(
        thanks=said["thanks"],
        enquiry=said["enquiry"] and not said["withdraws"],
        withdraws=said["withdraws"],
        declines=declines,
        accepts=bool(answers & _PARTSTAT_YES) or (said["accepts"] and not declines and not said["withdraws"]),
        evidence=evidence,
    )


def _find_enquiry(reading: Reading) -> re.Match[str] | None:
    """Where the owner asks how things stand: in the fresh text, "whether there is any update" included."""
    for match in reading.cues.pattern("enquiry").finditer(reading.low):
        unit = reading.unit_at(match.start())
        if unit is not None and unit.part != "subject":
            return match
    return None
