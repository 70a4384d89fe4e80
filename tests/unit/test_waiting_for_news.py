"""Who is asked how things stand, why nobody is, and what the owner asks for again."""

from dataclasses import replace

from followup_mail.core.case import DraftState, OwnerVerb, OwnerWord, Purpose
from followup_mail.core.facts import Kind
from followup_mail.core.plan import SettleDraft, plan
from tests.unit.hiring import MAYA, POLICY, PRIYA, at, check, for_purpose, hear, invite, letter, meeting, row

HELD = meeting(at(3, 14), PRIYA)
INVITED = invite(at(1), HELD)


def test_a_word_from_an_interviewer_leaves_the_status_check_with_the_recruiter() -> None:
    case = hear(None, INVITED, letter(at(4), sender=PRIYA, recruiter=PRIYA))
    planned = check(case, at(5))
    assert planned is not None
    assert MAYA.addr_spec == planned.recipient.addr_spec


def test_a_status_check_that_is_put_aside_says_why() -> None:
    case = hear(None, INVITED)
    planned = check(case, at(4))
    assert planned is not None
    waiting = row(planned, DraftState.PLANNED, at(4))
    asked = hear(case, letter(at(4, 12), asks_owner=True))
    actions = plan(asked, journal=[waiting], policy=POLICY, now=at(5))
    settled = [one for one in actions if isinstance(one, SettleDraft)]
    assert [(planned.key, "the employer waits for your answer")] == [(one.key, one.reason) for one in settled]


def test_a_conversation_in_a_language_without_letters_is_held_whatever_the_owner_confirms() -> None:
    policy = replace(POLICY, languages={"thank_you": frozenset({"en"})})
    case = hear(None, replace(INVITED, language="mis"), OwnerWord(OwnerVerb.CONFIRM, at(2)))
    (planned,) = for_purpose(Purpose.THANK_YOU, case, at(3, 16), policy=policy)
    assert ["there is no letter in the language of this conversation"] == [one.words for one in planned.held]


def test_a_reply_to_a_rejection_thrown_away_comes_again_only_when_asked_for() -> None:
    case = hear(None, INVITED, letter(at(8), Kind.REJECTION))
    (planned,) = for_purpose(Purpose.REJECTION_REPLY, case, at(9))
    gone = row(planned, DraftState.DISCARDED, at(9))
    assert [] == for_purpose(Purpose.REJECTION_REPLY, case, at(10), gone)
    asked = hear(case, OwnerWord(OwnerVerb.ASK, at(20), "rejection_reply"))
    (again,) = for_purpose(Purpose.REJECTION_REPLY, asked, at(20), gone)
    assert 2 == again.key.ordinal
