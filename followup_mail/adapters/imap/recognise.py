"""Which message in a mailbox is which draft of ours: by uid, Message-ID, thread and recipient, likeness."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from followup_mail.adapters.imap.fields import parse_addr_specs, parse_message_ids
from followup_mail.core import compose
from followup_mail.core.compose.likeness import ALIKE
from followup_mail.core.message import MessageKey
from followup_mail.ports import Found, Placed


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says: its fingerprint, and its plain text for likeness."""

    fingerprint: str
    text: str

    @classmethod
    def of(cls, octets: bytes) -> "Content":
        """The content of a whole message."""
        return cls(compose.fingerprint(octets), compose.text_of(octets))


@dataclass(frozen=True, slots=True)
class Lying:
    """A message that lies in Drafts or Sent, as far as its header fields tell; `content` fetches the rest."""

    key: MessageKey
    message_id: str | None
    references: frozenset[str]
    recipients: frozenset[str]
    content: Callable[[MessageKey], Content]


def lying(key: MessageKey, fields: dict[str, tuple[str, ...]], content: Callable[[MessageKey], Content]) -> Lying:
    """A Lying of a message's header fields."""
    message_ids = parse_message_ids(fields.get("message-id", ()))
    references = parse_message_ids((*fields.get("references", ()), *fields.get("in-reply-to", ())))
    recipients = parse_addr_specs((*fields.get("to", ()), *fields.get("cc", ())))
    return Lying(key, message_ids[0] if message_ids else None, frozenset(references), recipients, content)


def find_in_drafts(placed: Sequence[Placed], there: Sequence[Lying]) -> Iterator[Found]:
    """The placed drafts that Drafts still has; each message is one draft at most, surer signs choose first."""
    claimed: set[MessageKey] = set()
    open_drafts = list(placed)
    for claim in (_by_key, _by_message_id, _by_thread, _by_likeness):
        for draft in tuple(open_drafts):
            found = claim(draft, [one for one in there if one.key not in claimed])
            if found is None:
                continue
            claimed.add(found.key)
            open_drafts.remove(draft)
            changed = found.content(found.key).fingerprint != draft.fingerprint
            yield Found(draft.draft, "drafts", changed=changed, key=found.key, message_id=found.message_id)


def find_elsewhere(placed: Placed, where: str, there: Sequence[Lying]) -> Found | None:
    """The placed draft as sent or thrown away: by Message-ID, else by likeness with the same recipient.

    A mere thread and recipient is no sign here: Sent holds the owner's own words in that thread as well.
    """
    found = _by_message_id(placed, there) or (_by_likeness(placed, there) if where == "sent" else None)
    return Found(placed.draft, where, key=found.key, message_id=found.message_id) if found else None


def _by_key(draft: Placed, there: Iterable[Lying]) -> Lying | None:
    return next((one for one in there if one.key == draft.key), None)


def _by_message_id(draft: Placed, there: Iterable[Lying]) -> Lying | None:
    return max((one for one in there if one.message_id == draft.message_id), key=lambda one: one.key.uid, default=None)


def _by_thread(draft: Placed, there: Iterable[Lying]) -> Lying | None:
    return _likest(draft, (one for one in _of_recipient(draft, there) if one.references & set(draft.references)), 0.0)


def _by_likeness(draft: Placed, there: Iterable[Lying]) -> Lying | None:
    return _likest(draft, _of_recipient(draft, there), ALIKE)


def _of_recipient(draft: Placed, there: Iterable[Lying]) -> Iterator[Lying]:
    recipients = {recipient.lower() for recipient in draft.recipients}
    return (one for one in there if one.recipients & recipients)


def _likest(draft: Placed, there: Iterable[Lying], least: float) -> Lying | None:
    rated = [(compose.likeness(draft.text, one.content(one.key).text), one.key.uid, one) for one in there]
    likeness, _, likest = max(rated, default=(-1.0, 0, None), key=lambda rating: rating[:2])
    return likest if likeness >= least else None
