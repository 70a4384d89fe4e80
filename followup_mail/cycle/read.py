"""Third step: new messages → Facts, Sent before the others so that the owner's own words are there."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import replace

import structlog

from followup_mail.core.case import Case, opens_case
from followup_mail.core.facts import Facts, establish_facts, find_correspondents, is_expected
from followup_mail.core.message import Message, MessageKey, parse_message
from followup_mail.core.triage import Known, triage
from followup_mail.cycle.file import file_facts, shunt
from followup_mail.cycle.look import Pass, is_new, look_through, pass_over, passed_row
from followup_mail.cycle.worker import Scene
from followup_mail.errors import FollowupMailError, MailboxError

log = structlog.get_logger()

CHUNK = 50  # messages fetched and parsed at a time: bounds memory
THREAD_MOST = 6  # earlier messages of a thread given as context
PARSED_MOST = 200  # messages kept parsed for the threads of later ones


def read(scene: Scene) -> None:
    """Read whatever arrived since the cursors, file it in its case, and only then move the cursors.

    The owner's sent letters get a second triage once the cases of this very pass are known: on a first run the
    invitation and the thanks for it are found together.
    """
    worker, ledger = scene.worker, scene.worker.ledger
    moved = [name for name in _reading_order(scene) if is_new(scene, name)]
    keys = [*ledger.postponed(worker.account, scene.now), *ledger.to_retry(worker.account)]
    if not moved and not keys:
        return
    this = Pass(_known_of(ledger.cases()))
    for name in list(moved):
        try:
            keys += look_through(scene, this, name)
        except MailboxError as error:  # gone between STATUS and EXAMINE: the next cycle looks again
            log.warning("mailbox refused", mailbox=name, why=type(error).__name__)
            moved.remove(name)
    parsed: OrderedDict[str, Message] = OrderedDict()
    found = list(_read_facts(scene, parsed, keys, this.known))
    known = _widened(this.known, [facts for facts, _ in found])
    verdicts = [(header, triage(header, known=known, me=worker.owner.addresses)) for header in this.deferred]
    pass_over(scene, [passed_row(header, verdict.reason) for header, verdict in verdicts if not verdict.read])
    late = [header.key for header, verdict in verdicts if verdict.read]
    found += _read_facts(scene, parsed, sorted(late), known)
    for facts, message in sorted(found, key=lambda pair: (pair[0].sent_at or scene.now, not pair[0].from_owner)):
        file_facts(scene, facts, message)
    for name in moved:
        ledger.remember_passed(worker.account, name, (), scene.statuses[name].cursor)


def _reading_order(scene: Scene) -> list[str]:
    names = dict.fromkeys((scene.boxes.sent, *scene.worker.watch))
    return [name for name in names if name and name in scene.statuses]


def _read_facts(
    scene: Scene, parsed: OrderedDict[str, Message], keys: Iterable[MessageKey], known: Known
) -> Iterator[tuple[Facts, Message | None]]:
    """Facts of the messages, and the owner's own with them; one that breaks a room is shunted and the others go on."""
    worker, wanted = scene.worker, list(keys)
    met: set[str] = set()
    for start in range(0, len(wanted), CHUNK):
        scene.pass_on()
        for message in _parse(scene, parsed, wanted[start : start + CHUNK]):
            scene.report.read += 1
            scene.report.step("read")
            try:
                thread = _thread(scene, parsed, message)
                facts = establish_facts(
                    message,
                    thread=thread,
                    me=worker.owner.addresses,
                    zone=worker.owner.zone,
                    expected=_is_awaited(message, known) or is_expected(message, met),
                )
            except FollowupMailError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever a message breaks, the worker goes on
                shunt(scene, message.key, error)
            else:
                met |= find_correspondents(facts)
                # The others' texts are done with: thousands of them would only fill the memory.
                yield facts, message if facts.from_owner else None


def _is_awaited(message: Message, known: Known) -> bool:
    """Whether it is in a thread of an open case, or comes from or goes to one of its people."""
    sender = (message.sender,) if message.sender else ()
    parties = {address.addr_spec for address in (*sender, *message.to, *message.cc)}
    return not known.message_ids.isdisjoint(message.references) or not known.addr_specs.isdisjoint(parties)


def _parse(scene: Scene, parsed: OrderedDict[str, Message], keys: list[MessageKey]) -> list[Message]:
    """The messages, oldest first, also kept for the threads of later ones."""
    messages = []
    for received in scene.worker.mailbox.read(keys, scene.worker.byte_cap):
        try:
            messages.append(parse_message(received))
        except Exception as error:  # noqa: BLE001 - whatever a message breaks, the worker goes on
            shunt(scene, received.key, error)
    messages.sort(key=lambda message: message.sent_at or scene.now)
    parsed.update({message.message_id: message for message in messages if message.message_id})
    while len(parsed) > PARSED_MOST:
        parsed.popitem(last=False)
    return messages


def _thread(scene: Scene, parsed: OrderedDict[str, Message], message: Message) -> list[Message]:
    """Earlier messages of its thread, oldest first; what settled an event of its ical_uid last is one of them.

    Many clients name only the message they answer: what that one answered is followed as well.
    """
    thread: dict[str, Message] = {}
    ids = [*message.references[-THREAD_MOST:], *_of_same_events(scene, message)]
    while ids and len(thread) < THREAD_MOST:
        found = {i: parsed[i] for i in ids if i in parsed}
        keys = scene.worker.ledger.keys_of(scene.worker.account, [i for i in ids if i not in found])
        if keys:
            found |= {one.message_id: one for one in _parse(scene, parsed, list(keys)) if one.message_id}
        thread |= found
        ids = [i for one in found.values() for i in one.references[-THREAD_MOST:] if i not in thread]
    return sorted(thread.values(), key=lambda earlier: earlier.sent_at or scene.now)


def _of_same_events(scene: Scene, message: Message) -> list[str]:
    """The Message-IDs of what said before when the message's events are: an update needs no References."""
    uids = {invitation.ical_uid for invitation in message.invitations if invitation.ical_uid}
    if not uids:
        return []
    interviews = [one for case in scene.worker.ledger.cases() for one in case.interviews if one.ical_uid in uids]
    said = dict.fromkeys(
        one.message_id for one in interviews if one.message_id and one.message_id != message.message_id
    )
    return list(said)[:THREAD_MOST]


def _known_of(cases: Iterable[Case]) -> Known:
    """What open cases make worth reading."""
    of_open = [case for case in cases if case.ended is None]
    people = {person.addr_spec for case in of_open for person in (*case.people, case.recruiter) if person}
    return Known(
        frozenset(one.message_id for case in of_open for one in case.correspondence if one.message_id),
        frozenset(addr_spec for addr_spec in people if addr_spec),
    )


def _widened(known: Known, found: list[Facts]) -> Known:
    """What is known once these facts are: the owner's letters to their people and threads become worth reading."""
    opening = [facts for facts in found if opens_case(facts)]
    ids = {i for facts in opening for i in (facts.message_id, *facts.references) if i}
    people = {
        person.addr_spec for facts in opening for person in (*facts.people, facts.sender, facts.recruiter) if person
    }
    return replace(
        known,
        message_ids=known.message_ids | ids,
        addr_specs=known.addr_specs | {addr_spec for addr_spec in people if addr_spec},
    )
