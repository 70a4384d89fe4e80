"""Which interviews a message calls off: the employer's cancellation or the owner's decline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from followup_mail.core.case.meetings import WHICH, Reading, named_by, starts_in
from followup_mail.core.case.names import same_address
from followup_mail.core.case.values import Interview
from followup_mail.core.facts import Facts


@dataclass(frozen=True, slots=True)
class CalledOff:
    """The interviews afterwards, and whether everything ahead was meant."""

    interviews: tuple[Interview, ...]
    everything: bool = False


def call_off(interviews: tuple[Interview, ...], facts: Facts, reading: Reading, *, case_id: str) -> CalledOff:
    """After the employer's cancellation: by ical_uid, else by the old start it names, else all that lie ahead."""
    if any(meeting.ical_uid for meeting in facts.meetings):
        return CalledOff(_by_uid(interviews, facts, reading, case_id))
    starts = _starts(facts, reading)
    ahead = _ahead(interviews, reading)
    if not starts:
        return CalledOff(_changed(interviews, ahead, _off(reading, facts)), everything=True)
    named = named_by(interviews, starts, ahead)
    if named:
        return CalledOff(_changed(interviews, named, _off(reading, facts)))
    if len(ahead) == 1:
        return CalledOff(_changed(interviews, ahead, _off(reading, facts)))
    return CalledOff(_changed(interviews, ahead, _unsure))


def postpone(interviews: tuple[Interview, ...], facts: Facts, reading: Reading) -> tuple[Interview, ...]:
    """After a reschedule that names no new time: the named interview, or the only one ahead, does not take place."""
    ahead = _ahead(interviews, reading)
    named = named_by(interviews, facts.moved_from, ahead) or (ahead if len(ahead) == 1 else [])
    if named:
        return _changed(interviews, named, _off(reading, facts))
    return _changed(interviews, ahead, _unsure)


def decline(interviews: tuple[Interview, ...], facts: Facts, reading: Reading) -> tuple[Interview, ...]:
    """After the owner's no: the interview of that ical_uid or start, else of that thread or person, else the one."""
    ahead = _ahead(interviews, reading)
    uids = {meeting.ical_uid for meeting in facts.meetings if meeting.ical_uid}
    by_uid = [i for i in ahead if interviews[i].ical_uid in uids]
    choices = (
        by_uid,
        named_by(interviews, _starts(facts, reading), ahead),
        [i for i in ahead if interviews[i].message_id and interviews[i].message_id in facts.references[-1:]],
        [i for i in ahead if _meets(interviews[i], facts)],
        ahead,
    )
    meant = next((choice for choice in choices if choice), [])
    if len(meant) > 1 and meant is not by_uid:
        return _changed(interviews, meant, _unsure)
    return _changed(interviews, meant, _off(reading, facts, declined=True))


def accept(interviews: tuple[Interview, ...], facts: Facts, reading: Reading) -> tuple[Interview, ...]:
    """After the owner's yes to what they had declined before (a calendar reply): it takes place after all."""
    uids = {meeting.ical_uid for meeting in facts.meetings if meeting.ical_uid}
    again = [
        index
        for index, one in enumerate(interviews)
        if one.declined and one.ical_uid in uids and (one.settled or reading.at) <= reading.at
    ]
    return _changed(interviews, again, lambda one: replace(one, cancelled=False, declined=False, settled=reading.at))


def _ahead(interviews: Sequence[Interview], reading: Reading) -> list[int]:
    return [
        index
        for index, one in enumerate(interviews)
        if not one.cancelled and one.end > reading.at and (one.settled or reading.at) <= reading.at
    ]


def _starts(facts: Facts, reading: Reading) -> tuple[datetime, ...]:
    return (*facts.moved_from, *(one.start for one in starts_in(facts, reading)))


def _meets(interview: Interview, facts: Facts) -> bool:
    return any(same_address(person.addr_spec, to.addr_spec) for person in interview.people for to in facts.recipients)


def _off(reading: Reading, facts: Facts, *, declined: bool = False) -> Callable[[Interview], Interview]:
    def change(one: Interview) -> Interview:
        return replace(one, cancelled=True, declined=declined, settled=reading.at, message_id=facts.message_id)

    return change


def _unsure(one: Interview) -> Interview:
    return one if WHICH in one.doubts else replace(one, doubts=(*one.doubts, WHICH))


def _changed(
    interviews: Sequence[Interview], which: Sequence[int], change: Callable[[Interview], Interview]
) -> tuple[Interview, ...]:
    return tuple(change(one) if index in which else one for index, one in enumerate(interviews))


def _by_uid(interviews: tuple[Interview, ...], facts: Facts, reading: Reading, case_id: str) -> tuple[Interview, ...]:
    held = list(interviews)
    for gone in starts_in(facts, reading):
        met = [i for i, one in enumerate(held) if _is_meant(one, gone)]
        if not met and not any(gone.ical_uid in one.past_uids for one in held):
            held.append(replace(gone, id=f"{case_id}/{len(held) + 1}", cancelled=True))
        for index in met:
            if _may_go(held[index], gone, reading):
                held[index] = replace(_off(reading, facts)(held[index]), sequence=gone.sequence)
    timeless = {meeting.ical_uid: meeting for meeting in facts.meetings if meeting.ical_uid and meeting.start is None}
    for index, one in enumerate(held):
        meeting = timeless.get(one.ical_uid or "")
        same = meeting is not None and meeting.recurrence_id in {None, one.recurrence_id}
        if same and not one.cancelled and one.end > reading.at and (one.settled or reading.at) <= reading.at:
            held[index] = _off(reading, facts)(one)
    return tuple(held)


def _is_meant(one: Interview, gone: Interview) -> bool:
    """By ical_uid, whole or one instance (RFC 5546 section 3.2.5); by start where it never had an ical_uid."""
    if one.ical_uid is None:
        return one.start == gone.start
    if one.ical_uid != gone.ical_uid:
        return False
    return gone.recurrence_id is None or gone.recurrence_id == one.recurrence_id or gone.start == one.start


def _may_go(one: Interview, gone: Interview, reading: Reading) -> bool:
    """A cancellation of an older state, or of an interview that is over (a calendar tidied up), changes nothing."""
    newer = (one.settled or reading.at) <= reading.at and gone.sequence >= one.sequence
    return one.end > reading.at and (newer or gone.sequence > one.sequence)
