"""What is uncertain about a message's interviews: who, when, in which zone, until when, in which language."""

from collections.abc import Iterator, Sequence

from followup_mail.core.facts.context import Context
from followup_mail.core.facts.meetings import Stated
from followup_mail.core.facts.values import Doubt
from followup_mail.core.when import ZoneSource


def find_doubts(context: Context, stated: Sequence[Stated], *, unsure: bool, machine: bool) -> tuple[Doubt, ...]:
    """The doubts about a message that tells of interviews; `unsure` where nobody is named to hold them."""
    doubts: list[Doubt] = []
    if machine:
        doubts.append(Doubt("machine", "A platform records the answers: there is nobody to thank."))
    elif unsure and stated:
        doubts.append(Doubt("who", "The message does not say who holds the interview.", holds=True))
    if not stated and not machine:
        doubts.append(Doubt("moment", "The message gives no time that lies ahead.", holds=True))
    for one in stated:
        doubts.extend(_about(one))
    if context.language in {"und", "mis"}:
        doubts.append(Doubt("language", "The language is not one of the seven."))
    return tuple(doubts)


def _about(one: Stated) -> Iterator[Doubt]:
    meeting, names = one.meeting, one.moment.doubts
    if meeting.start is None:
        yield Doubt("moment", "Only a day is stated, no time.")
    else:
        if meeting.zone_source in {ZoneSource.OWNER, ZoneSource.COMPANY}:
            yield Doubt("zone", f"No time zone is stated; {meeting.zone} is assumed.")
        if meeting.end is None:
            yield Doubt("end", "No end is stated.")
    if names:
        yield Doubt("moment-" + names[0], f"“{one.moment.words}”: {', '.join(names)}.")
