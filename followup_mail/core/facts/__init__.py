"""Message, with its thread, to Facts: what it says about a job interview, with evidence and doubts.

Cheap signs first: a message without a hint of `cues`, without an invitation and outside of known threads costs one
look at its words. The calendar beats prose; where they disagree, a doubt says so.
"""

from followup_mail.core.facts.establish import establish_facts
from followup_mail.core.facts.known import find_correspondents, is_expected
from followup_mail.core.facts.values import Doubt, Facts, Kind, Meeting

__all__ = ["Doubt", "Facts", "Kind", "Meeting", "establish_facts", "find_correspondents", "is_expected"]
