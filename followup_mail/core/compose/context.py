"""Everything a letter may know of an action and its case; what is unknown is None."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date

from followup_mail.core.case import Case, Interview
from followup_mail.core.case.announced import NOWHERE
from followup_mail.core.compose.choice import family_of
from followup_mail.core.compose.draft import plain
from followup_mail.core.compose.letter import Identity
from followup_mail.core.compose.names import clean_company, clean_position, clean_session, full_name, given_name, greet
from followup_mail.core.compose.voices import Voice, voice_of
from followup_mail.core.plan import PlaceDraft
from followup_mail.core.who import Person, Role

KNOWN = frozenset(
    {
        "owner",
        "owner_first",
        "name",
        "first",
        "dear",
        "hi",
        "family",
        "title",
        "company",
        "position",
        "of_position",
        "agency",
        "day",
        "weekday",
        "on_day",
        "of_day",
        "length",
        "session",
        "others",
        "other_count",
        "in_thread",
        "seat",
        "note_count",
        "met_before",
        "ordinal",
        "conversations",
        "interviewed",
        "arranged",
        "relay",
        "relay_phrase",
        "relay_names",
        "relay_no_address",
        "promised_by",
        "promised_by_day",
        "promised_you",
        "promised_on",
        "promised_of",
        "told_you",
        "phone",
        "interviewers",
    }
)
"""The names a template may use."""

_WEEK = timedelta(days=7)
_OTHERS_MOST = 3
_ARRANGERS = frozenset({Role.RECRUITER, Role.COORDINATOR, Role.AGENCY})


def letter_context(
    action: PlaceDraft,
    case: Case,
    *,
    identity: Identity,
    policy_zone: str,
    now: datetime,
    siblings: Sequence[Person] = (),
) -> dict[str, object]:
    """What a template may say in this letter, by the names of KNOWN; each value is str, int, bool, list or None.

    Days are those of the interview's own zone, else of `policy_zone`; a weekday within the week after it, the date
    after that. `siblings` are the visit's other recipients. Raises MessageError for a language without letters.
    """
    voice = voice_of(action.language)
    recipient = action.recipient
    visit = _visit(action, case, now)
    own = [i for i in visit if any(_same(p, recipient) for p in i.people)]
    told = own or visit
    others = _others(recipient, own, identity)
    position, company = clean_position(case.position), clean_company(case.company)
    session = _one_session(own, case, identity)
    return {
        "owner": plain(identity.name, 80),
        "owner_first": given_name(identity.name) or plain(identity.name, 80),
        "name": full_name(recipient),
        "first": given_name(recipient.signs_as or recipient.display_name) or full_name(recipient),
        **greet(recipient, voice),
        "family": family_of(recipient, case.position),
        "title": plain(recipient.title or "", 80) or None,
        "company": company,
        "position": position,
        "of_position": _elided(position, voice) if position else None,
        "agency": case.agency,
        **_days(told, voice, policy_zone, now),
        "length": _length(own, voice),
        "session": voice.quote.format(words=session) if session else None,
        "others": _joined([_called(p, voice) for p in others], voice) if len(others) <= _OTHERS_MOST else None,
        "other_count": len(others),
        "in_thread": action.reply_to is not None,
        "seat": action.seat,
        "note_count": len(siblings) + 1,
        "met_before": action.met_before,
        "ordinal": action.key.ordinal,
        "conversations": _number(len(visit), voice),
        "interviewed": bool(own),
        "arranged": recipient.role in _ARRANGERS,
        **_relay(action, case, visit, voice, identity),
        **_promise(case, recipient, voice, policy_zone),
        "told_you": _told_by(case, recipient),
        "phone": bool(told) and all(_by_phone(i) for i in told),
        "interviewers": _interviewers(case, recipient, voice, now),
    }


def _visit(action: PlaceDraft, case: Case, now: datetime) -> list[Interview]:
    """The interviews the letter is about: those named, else the last one held; oldest first."""
    named = [i for i in case.interviews if i.id in action.interviews and not i.cancelled]
    held = [i for i in case.interviews if not i.cancelled and i.end <= now]
    return sorted(named or sorted(held, key=lambda i: i.end)[-1:], key=lambda i: i.start)


def _same(a: Person, b: Person) -> bool:
    if a.addr_spec and b.addr_spec:
        return a.addr_spec.casefold() == b.addr_spec.casefold()
    return bool(a.display_name) and a.display_name.casefold() == b.display_name.casefold()


def _distinct(people: Sequence[Person]) -> list[Person]:
    found: list[Person] = []
    for person in people:
        if full_name(person) and not any(_same(person, known) for known in found):
            found.append(person)
    return found


def _others(recipient: Person, own: Sequence[Interview], identity: Identity) -> list[Person]:
    """Who else spoke with the owner in the recipient's own interviews."""
    owner = plain(identity.name, 80).casefold()
    people = [p for i in own for p in i.people if not _same(p, recipient) and p.display_name.casefold() != owner]
    return _distinct(people)


def _called(person: Person, voice: Voice) -> str:
    """How a third person is named: by given name where the language is informal, else in full."""
    return (given_name(person.display_name) if not voice.formal else None) or full_name(person) or ""


def _joined(names: Sequence[str], voice: Voice) -> str | None:
    if not names:
        return None
    if len(names) == 1:
        return names[0]
    pattern, special = voice.conjunction_special
    conjunction = special if pattern and re.match(pattern, names[-1], re.IGNORECASE) else voice.conjunction
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


def _number(count: int, voice: Voice) -> str | None:
    """The words for three conversations or more."""
    return voice.numbers[count - 2] if 3 <= count <= len(voice.numbers) + 1 else None


def zone_of(name: str | None, fallback: str) -> tzinfo:
    """The tzinfo of an IANA name or a fixed offset ("+02:00"), else of the fallback, else UTC."""
    for candidate in (name, fallback):
        if candidate and (offset := re.fullmatch(r"([+-])(\d\d):?(\d\d)", candidate)):
            minutes = int(offset[2]) * 60 + int(offset[3])
            if minutes < 24 * 60:
                return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
        elif candidate:
            try:
                return ZoneInfo(candidate)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return timezone(timedelta())


def _days(interviews: Sequence[Interview], voice: Voice, policy_zone: str, now: datetime) -> dict[str, object]:
    if not interviews:
        return {"day": None, "weekday": None, "on_day": None, "of_day": None}
    last = interviews[-1]
    zone = zone_of(None if last.zone in NOWHERE else last.zone, policy_zone)
    day = last.start.astimezone(zone).date()
    if timedelta() <= now.astimezone(zone).date() - day < _WEEK:
        words = format_date(day, "EEEE", locale=voice.language)
        return {
            "day": words,
            "weekday": words,
            "on_day": voice.weekday_on[day.weekday()].format(day=words),
            "of_day": voice.weekday_of[day.weekday()].format(day=words),
        }
    return {"weekday": None, **_date_words(day, voice)}


def _date_words(day: date, voice: Voice) -> dict[str, object]:
    words = format_date(day, voice.date_pattern, locale=voice.language)
    if day.day == 1 and voice.first_of_month:
        words = words.replace("1", voice.first_of_month, 1)
    on, of = voice.day_on_special.get(day.day, voice.day_on), voice.day_of_special.get(day.day, voice.day_of)
    return {"day": words, "on_day": on.format(day=words), "of_day": of.format(day=words)}


def _length(own: Sequence[Interview], voice: Voice) -> str | None:
    """The stretch the invitation stated, where the recipient had one conversation of a length people have words for."""
    if len(own) != 1 or not own[0].end_stated:
        return None
    return voice.lengths.get(round((own[0].end - own[0].start).total_seconds() / 60))


def _one_session(own: Sequence[Interview], case: Case, identity: Identity) -> str | None:
    titles = {clean_session(i.title, case.position, case.company, identity.name) for i in own}
    return titles.pop() if len(titles) == 1 else None


def _elided(noun: str, voice: Voice) -> str:
    consonant, vowel = voice.elided_of
    return (vowel if re.match("[aeiouyàâéèêëîïôöùûü]", noun, re.IGNORECASE) else consonant).format(name=noun)


def _relay(
    action: PlaceDraft, case: Case, visit: Sequence[Interview], voice: Voice, identity: Identity
) -> dict[str, object]:
    if not action.relay_for:
        return {"relay": [], "relay_phrase": None, "relay_names": None, "relay_no_address": False}
    people = _distinct(action.relay_for)
    missing = all(p.addr_spec is None for p in action.relay_for) and not (case.agency or case.no_direct_contact)
    if not people:
        return {
            "relay": [],
            "relay_phrase": voice.relay_to_all,
            "relay_names": None,
            "relay_no_address": missing,
        }
    named = []
    for person in people:
        own = [i for i in visit if any(_same(p, person) for p in i.people)]
        session = _one_session(own, case, identity)
        named.append((full_name(person) or "", voice.quote.format(words=session) if session else None))
    names = [name for name, _ in named]
    if len({session for _, session in named}) == 1 and (len(named) > 1 or named[0][1] is None):
        phrase = voice.relay_to.format(name=_joined(names, voice))
    else:
        phrase = _joined([_relay_words(name, session, voice) for name, session in named], voice) or ""
    return {
        "relay": names,
        "relay_phrase": phrase,
        "relay_names": _joined(names, voice),
        "relay_no_address": missing,
    }


def _relay_words(name: str, session: str | None, voice: Voice) -> str:
    return voice.relay_to_session.format(name=name, session=session) if session else voice.relay_to.format(name=name)


def _promise(case: Case, recipient: Person, voice: Voice, policy_zone: str) -> dict[str, object]:
    """The date news was promised for; who wrote so and when, only where the case knows that very message."""
    if case.promised_by is None:
        return dict.fromkeys(("promised_by", "promised_by_day", "promised_you", "promised_on", "promised_of"))
    promised = _date_words(case.promised_by, voice)
    written = case.promised_at and _date_words(case.promised_at.astimezone(zone_of(None, policy_zone)).date(), voice)
    senders = {m.sender.casefold() for m in case.correspondence if m.at == case.promised_at and m.sender}
    return {
        "promised_by": promised["day"],
        "promised_by_day": promised["on_day"],
        "promised_you": recipient.addr_spec is not None and senders == {recipient.addr_spec.casefold()},
        "promised_on": written["on_day"] if written else None,
        "promised_of": written["of_day"] if written else None,
    }


def _told_by(case: Case, recipient: Person) -> bool:
    """Whether the recipient wrote the message that says no; another one is not thanked for it."""
    return any(
        m.message_id == case.rejection_message_id and _same(Person(addr_spec=m.sender), recipient)
        for m in case.correspondence
        if m.message_id and m.sender
    )


def _by_phone(interview: Interview) -> bool:
    words = f"{interview.title or ''} {interview.location or ''}".casefold()[:400]
    short = bool(re.search(r"phone|telefon|téléphon|telefón|\bscreen", words)) and "microphone" not in words
    return short or (bool(interview.people) and all(p.role in _ARRANGERS for p in interview.people))


def _interviewers(case: Case, recipient: Person, voice: Voice, now: datetime) -> str | None:
    """Who else gave time over the whole process, where they are one or two."""
    held = [i for i in case.interviews if not i.cancelled and i.end <= now]
    people = [p for p in _distinct([p for i in held for p in i.people]) if not _same(p, recipient)]
    return _joined([full_name(p) or "" for p in people], voice) if len(people) <= 2 else None
