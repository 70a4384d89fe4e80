"""Message, with its thread, to Facts: what it says about a job interview, with evidence and doubts.

Cheap marks first: single words and header fields decide whether a message is read in full. Then everything that marks
it, its signs, words, moments and the rules' own verdict, is weighed by open tables of learnt weights; so are the people
it names. The calendar beats prose; where they disagree, a doubt says so.
"""

from followup_mail.core.facts.establish import establish_facts
from followup_mail.core.facts.known import find_correspondents, is_expected
from followup_mail.core.facts.values import Doubt, Facts, Kind, Meeting

__all__ = ["Doubt", "Facts", "Kind", "Meeting", "establish_facts", "find_correspondents", "is_expected"]
