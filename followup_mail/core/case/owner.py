"""What the owner's own messages, words and drafts change in a case."""

from dataclasses import replace
from datetime import datetime

from followup_mail.core.case.calloff import accept, decline
from followup_mail.core.case.meetings import Reading
from followup_mail.core.case.names import home_of, same_address
from followup_mail.core.case.people import everybody
from followup_mail.core.case.transitions import Happening
from followup_mail.core.case.turns import arranged, later, turn
from followup_mail.core.case.values import (
    Case,
    DraftSeen,
    DraftState,
    OwnerVerb,
    OwnerWord,
    Purpose,
)
from followup_mail.core.facts import Facts

OUTCOMES = {
    "offer": Happening.OFFERED,
    "accepted": Happening.ACCEPTED,
    "rejected": Happening.REJECTED,
    "withdrawn": Happening.WITHDREW,
}


def hear_owner(case: Case, facts: Facts, reading: Reading) -> Case:
    """The case after a message of the owner's own."""
    ours = facts.message_id in case.letters
    case = _thank(case, facts, reading) if facts.thanks else case
    if facts.enquiry and not ours:
        case = replace(case, enquiries=tuple(sorted((*case.enquiries, reading.at))))
    if facts.declines:
        declined = decline(case.interviews, facts, reading)
        case = arranged(replace(case, interviews=declined), Happening.CALLED_OFF, reading.at)
    elif facts.accepts:
        case = arranged(
            replace(case, interviews=accept(case.interviews, facts, reading)), Happening.CALLED_OFF, reading.at
        )
    case = case if ours else _answer(case, facts, reading)
    return turn(case, Happening.WITHDREW, reading.at) if facts.withdraws else case


def _thank(case: Case, facts: Facts, reading: Reading) -> Case:
    thanked = tuple((address.addr_spec.casefold(), reading.at) for address in facts.recipients)
    return replace(case, thanked=tuple(dict.fromkeys((*case.thanked, *thanked))))


def _answer(case: Case, facts: Facts, reading: Reading) -> Case:
    """The case with the employer's question answered; thanks to somebody else than the asker answer nothing."""
    if case.asked_owner is None or reading.at <= case.asked_owner:
        return case
    addressed = [address.addr_spec for address in facts.recipients]
    asker = next((one.sender for one in case.correspondence if one.at == case.asked_owner and not one.from_owner), None)
    to_asker = any(same_address(asker, addr_spec) for addr_spec in addressed)
    to_somebody = any(_belongs(case, addr_spec) for addr_spec in addressed)
    if not (to_asker or (to_somebody and not facts.thanks)):
        return case
    return replace(case, asked_owner=None, asked_times=False, answered=later(case.answered, reading.at))


def _belongs(case: Case, addr_spec: str) -> bool:
    homes = {home_of(person.addr_spec) for person in everybody(case) if person.addr_spec} - {None}
    known = any(same_address(person.addr_spec, addr_spec) for person in everybody(case))
    wrote = any(same_address(one.sender, addr_spec) and not one.from_owner for one in case.correspondence)
    return known or wrote or home_of(addr_spec) in homes


def heed(case: Case, word: OwnerWord) -> Case:
    """The case after the owner's own word, which needs no evidence."""
    if word.verb is OwnerVerb.CONFIRM:
        return replace(case, confirmed=True)
    if word.verb is OwnerVerb.DISMISS:
        return turn(case, Happening.DISMISSED, word.at)
    if word.verb is OwnerVerb.OUTCOME:
        return _come_out(case, word)
    return replace(case, asked_for=(*case.asked_for, Purpose(word.value)), asked_at=(*case.asked_at, word.at))


def _come_out(case: Case, word: OwnerWord) -> Case:
    if word.value == "no-show":
        return _missed(case, word.at)
    if word.value not in OUTCOMES:
        raise ValueError(f"There is no outcome {word.value!r}; it is one of {', '.join((*OUTCOMES, 'no-show'))}")
    return turn(case, OUTCOMES[word.value], word.at)


def _missed(case: Case, at: datetime) -> Case:
    """The case without its latest interview, which did not happen."""
    begun = [one for one in case.interviews if not one.cancelled and one.start <= at]
    if not begun:
        return case
    last = max(begun, key=lambda one: one.end)
    interviews = tuple(
        replace(one, cancelled=True, settled=at) if one.id == last.id else one for one in case.interviews
    )
    happening = Happening.SCHEDULED if any(not one.cancelled for one in interviews) else Happening.CALLED_OFF
    return turn(replace(case, interviews=interviews), happening, at)


def see(case: Case, seen: DraftSeen) -> Case:
    """The case knowing one of our letters as sent: not an enquiry of the owner's own, and part of its threads."""
    if seen.state is not DraftState.SENT or seen.message_id is None or seen.message_id in case.letters:
        return case
    same = {one.at for one in case.correspondence if one.from_owner and one.message_id == seen.message_id}
    enquiries = tuple(at for at in case.enquiries if at not in same)
    return replace(case, letters=(*case.letters, seen.message_id), enquiries=enquiries)
