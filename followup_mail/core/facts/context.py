"""What every step of reading looks at: the message, its thread, its texts as readings, who sent it."""

import re
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from followup_mail.core.cues import fold, is_from, senders
from followup_mail.core.facts.referring import refer
from followup_mail.core.itip import Invitation
from followup_mail.core.message import Message
from followup_mail.core.rules import Reading, detect_language
from followup_mail.core.when import Moment, parse_moments
from followup_mail.core.who import Address

P = ParamSpec("P")
A = TypeVar("A")

_FIGURES = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b")
_YEAR = 370
_FRESH_CAP = 9_000  # characters of fresh text that are read
_QUOTED_CAP = 6_000
_INVITED_CAP = 9_000  # characters of all invitations' descriptions together
_UNKNOWN_CAP = 3_000  # of a text in no language known: it is read in all of them at once, and seldom a letter
_PREVIEW = 300  # characters that a calendar's mail hides before its title
_SERVICE_LINE = re.compile(  # what calendars and video services add to invitations, in English wherever they are from
    r"(?im)^[^\w\n]*(?:invitation from google calendar|you are receiving this|to stop receiving"
    r"|forwarding this invitation|view all guest info|reply for |microsoft teams(?: |$)"
    r"|join (?:the meeting|on your|with google meet|by phone|zoom)|(?:meeting|conference) id|pass(?:code|word):|dial in"
    r"|find a local number|for organi[sz]ers|learn more|need help|one tap mobile|more (?:phone numbers|joining options)"
    r")[^\n]*$"
)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_RE = re.compile(
    r"(?:(?:re|aw|sv|fw|fwd|wg|tr|rv|res|enc|antw|doorst|rif|i|inoltra)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)


@dataclass
class Context:
    """One message with what is needed to read it; readings are made when first asked for, and kept."""

    message: Message
    thread: tuple[Message, ...]
    me: frozenset[str]
    zone: str
    sent_at: datetime
    language: str
    invitations: tuple[Invitation, ...]
    answers: dict[Hashable, Any] = field(default_factory=dict, repr=False)  # of what is asked `once`

    @cached_property
    def reading(self) -> Reading:
        """Subject, fresh text and the invitations' words."""
        body = self.message.body
        fresh = _without_preview(body.fresh, self.invitations)
        parts = [("subject", self.subject), ("fresh", fresh[: self._cap(_FRESH_CAP)])]
        folded, room = fold(body.fresh), self._cap(_INVITED_CAP)
        for invitation in self.invitations:
            parts.append(("text/calendar", invitation.summary))
            if fold(invitation.description[:60]) not in folded:
                parts.append(("text/calendar", invitation.description[:room]))
                room -= len(parts[-1][1])
        return Reading(parts, self.language)

    @cached_property
    def quoted(self) -> Reading:
        """What stands quoted below, and what earlier messages of the thread say, newest first."""
        cap = self._cap(_QUOTED_CAP)
        parts = [("quoted", self.message.body.quoted[:cap])]
        parts.extend(("quoted", earlier.body.fresh[:cap]) for earlier in reversed(self.thread[-4:]))
        return Reading(parts, self.language)

    @property
    def subject(self) -> str:
        """The subject without its prefixes of replies and forwards."""
        return _RE.sub("", self.message.subject).strip()

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """What the reading's text says of time."""
        found = read_moments(self.reading, self.sent_at, self.zone)
        answers = bool(self.message.body.quoted or self.thread)
        return self._referred(found) if answers else found

    def _referred(self, found: tuple[Moment, ...]) -> tuple[Moment, ...]:
        same = self.reading.find_all("same_time")
        at = same[0].start() if same else None
        return refer(found, self.sent_at.date(), self._earlier, self._on, at)

    def _earlier(self) -> tuple[Moment, ...]:
        """The moments of what is quoted; of the thread's newest message where nothing is."""
        return read_moments(self.quoted, self.sent_at, self.zone)

    def _on(self, day: date) -> tuple[Moment, ...]:
        """The moments of the reading where its times have no day but this one."""
        return read_moments(self.reading, self.sent_at, self.zone, day=day)

    @property
    def sender(self) -> Address | None:
        """From."""
        return self.message.sender

    @property
    def from_relay(self) -> bool:
        """Whether an applicant-tracking or scheduling service sent it."""
        domain = self.sender.domain if self.sender else ""
        return is_from(domain, "applicant_tracking") or is_from(domain, "scheduling")

    def _cap(self, characters: int) -> int:
        return min(characters, _UNKNOWN_CAP) if self.language in {"und", "mis"} else characters

    def is_owner(self, address: Address) -> bool:
        """Whether an address is one of the owner's."""
        return address.addr_spec.lower() in self.me


def once(reckon: Callable[Concatenate[Context, P], A]) -> Callable[Concatenate[Context, P], A]:
    """A question about a context that is reckoned when first asked, and remembered with it."""

    @wraps(reckon)
    def answer(context: Context, /, *args: P.args, **kwargs: P.kwargs) -> A:
        key = (reckon, args)
        if key not in context.answers:
            context.answers[key] = reckon(context, *args, **kwargs)
        known: A = context.answers[key]
        return known

    return answer


def read_moments(reading: Reading, sent_at: datetime, zone: str, day: date | None = None) -> tuple[Moment, ...]:
    """The moments of a reading, as if it had been written at `sent_at`.

    Where no time lies ahead, the other order of day and month is tried ("12/5" is ambiguous).
    """
    language = None if reading.language in {"und", "mis"} else reading.language
    found = parse_moments(reading.text, reference=sent_at, zone=zone, language=language, day=day)
    if found and _FIGURES.search(reading.text) and not _ahead(found, sent_at):
        for day_first in (True, False):
            other = parse_moments(reading.text, reference=sent_at, zone=zone, language=language, day_first=day_first)
            if _ahead(other, sent_at):
                return other
    return found


def _ahead(moments: tuple[Moment, ...], sent_at: datetime) -> bool:
    today = sent_at.date()
    return any(
        0 <= ((moment.start.date() if isinstance(moment.start, datetime) else moment.start) - today).days < _YEAR
        for moment in moments
    )


def _without_preview(fresh: str, invitations: tuple[Invitation, ...]) -> str:
    """The text without the cut-off copy of its description that Google Calendar hides before the title."""
    for invitation in invitations:
        at = fresh.find(invitation.summary) if len(invitation.summary) > 3 else -1
        shown, whole = "".join(fresh[:at].split()), "".join(invitation.description.split())
        if 0 < at <= _PREVIEW and whole.startswith(shown):
            return fresh[at:]
    return fresh


def make_context(message: Message, thread: Sequence[Message], me: Collection[str], zone: str) -> Context:
    """The context of a message; an owner nobody named is whoever it was sent to."""
    owners = frozenset(addr_spec.lower() for addr_spec in me) or frozenset(
        address.addr_spec.lower() for address in message.to
    )
    words = " ".join((message.subject, message.body.fresh[:4000] or message.body.quoted[:4000]))
    if not message.body.fresh.strip():
        words += " ".join(f"{invitation.summary} {invitation.description[:2000]}" for invitation in message.invitations)
    return Context(
        message=message,
        thread=tuple(thread),
        me=owners,
        zone=zone,
        sent_at=message.sent_at or _LONG_AGO,
        language=_language_of(message.body.fresh[:4000], words),
        invitations=message.invitations,
    )


def without_service_lines(text: str) -> str:
    """The text without the lines that calendars and video services add to every invitation."""
    return _SERVICE_LINE.sub("", text)


def _language_of(fresh: str, words: str) -> str:
    """The language of the letter itself; with its subject, which may be another's, only where that is too short."""
    own = detect_language(fold(without_service_lines(fresh)))
    return detect_language(fold(without_service_lines(words))) if own == "und" else own


def is_no_reply(addr_spec: str) -> bool:
    """Whether nobody reads what is sent to this address."""
    local = addr_spec.partition("@")[0].lower()
    bare = re.sub(r"[\d]+$", "", local)
    return bare in senders()["no_reply"] or bool(re.search(r"no[-_.]?reply|do[-_.]?not[-_.]?reply|nepasrepondre", bare))


def is_shared(addr_spec: str) -> bool:
    """Whether several people read this mailbox: careers@, hr@, a scheduler."""
    local = addr_spec.partition("@")[0].lower()
    return any(word in senders()["shared"] for word in [local, *re.split(r"[._+\-]", local)[:1]])


def is_service(address: Address) -> bool:
    """Whether an address belongs to a service and not to somebody: a relay, a scheduler, a calendar, a no-reply."""
    domain = address.domain
    return (
        is_no_reply(address.addr_spec)
        or is_from(domain, "scheduling")
        or is_from(domain, "applicant_tracking")
        or is_from(domain, "machines")
        or is_from(domain, "mailers")
        or (address.addr_spec.startswith("calendar-notification@"))
    )


def clean_display_name(name: str) -> str:
    """A display name without what services add: "Maya Okafor via Greenhouse", "Ana (Acme Recruiting)", "Bo | Acme"."""
    name = (
        re.sub(r"\s+(?:via|through|über|par|tramite|from|at|de|von|@)\s+\S.*$", "", name)
        if _keeps_person(name)
        else name
    )
    name = re.sub(r"\s*[(\[][^)\]]*[)\]]?", "", name)
    name = re.split(r"\s+[|•·–—-]\s+|,\s+(?=(?:inc|ltd|llc|gmbh)\b)", name, flags=re.IGNORECASE)[0]
    name = name.strip(" '\",")
    if "@" in name:
        return ""
    if re.fullmatch(r"[^\W\d_][\w'’\-. ]+, [^\W\d_][\w'’\-. ]+", name):
        last, _, rest = name.partition(", ")
        return f"{rest} {last}"
    return name


def _keeps_person(name: str) -> bool:
    return bool(re.search(r"\s+(?:via|through|über|par|tramite|from|at|@)\s+", name))
