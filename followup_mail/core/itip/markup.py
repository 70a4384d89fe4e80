"""schema.org markup in HTML (microdata, JSON-LD) to Invitation, for mail whose calendar part was stripped."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from selectolax.lexbor import LexborNode

from followup_mail.core.body import build_tree
from followup_mail.core.itip.invitation import Attendee, Invitation
from followup_mail.core.itip.zones import spell_offset
from followup_mail.core.who import Address, check_addr_spec, sanitise

_EVENTS_CAP = 10
_NODES_CAP = 2_000
_PROPERTIES_CAP = 200  # of one event
_SCRIPTS_CAP = 5
_SCRIPT_CAP = 50_000  # characters of one script
_SCRIPT = re.compile(r"<script[^<>]{0,200}application/ld\+json[^<>]{0,200}>", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script", re.IGNORECASE)
_EVENT_TYPE = re.compile(r"(?:^|/)[A-Za-z]{0,30}Event$")
_CANCELLED = re.compile(r"cancell?ed$", re.IGNORECASE)


@dataclass(slots=True)
class _Item:
    """An event as its markup states it: single properties, and the people it names by property."""

    single: dict[str, str] = field(default_factory=dict)
    people: list[tuple[str, dict[str, str]]] = field(default_factory=list)


def _moment(text: str) -> tuple[datetime | date | None, str | None]:
    """Wall time and zone of an ISO 8601 moment, or its date."""
    text = text.strip()[:40]
    try:
        if re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", text):
            return date.fromisoformat(text), None
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None, None
    offset = moment.utcoffset()
    if offset is None:
        return moment, None
    return moment.replace(tzinfo=None), "UTC" if moment.tzinfo is UTC else spell_offset(offset)


def _person(fields: dict[str, str]) -> Attendee | None:
    checked = check_addr_spec(fields.get("email", "").removeprefix("mailto:"))
    return None if checked is None else Attendee(Address(checked, sanitise(fields.get("name", ""))))


def _people(item: _Item, *names: str) -> tuple[Attendee, ...]:
    found = [_person(fields) for name, fields in item.people if name in names]
    return tuple(person for person in found if person is not None)


def _place(item: _Item) -> str:
    places = [
        ", ".join(fields[part] for part in ("name", "address", "url") if fields.get(part))
        for name, fields in item.people
        if name == "location"
    ]
    return item.single.get("location") or (places[0] if places else "")


def _invitation(item: _Item) -> Invitation | None:
    start, zone = _moment(item.single.get("startDate", ""))
    if start is None:
        return None
    end, end_zone = _moment(item.single.get("endDate", ""))
    usable = type(end) is type(start) and end_zone == zone and end is not None and end >= start
    cancelled = any(_CANCELLED.search(item.single.get(name, "")) for name in ("eventStatus", "reservationStatus"))
    organizers = _people(item, "organizer")
    google = item.single.get("eventId/googleCalendar", "")
    return Invitation(
        method="CANCEL" if cancelled else "REQUEST",
        ical_uid=f"{sanitise(google, 200)}@google.com" if google else "",
        sequence=0,
        recurrence_id=None,
        start=start,
        end=end if usable else None,
        zone=zone,
        summary=sanitise(item.single.get("name", ""), 300),
        description=sanitise(item.single.get("description", ""), 2_000),
        location=sanitise(_place(item), 500),
        organizer=organizers[0] if organizers else None,
        attendees=_people(item, "attendee", "attendees", "performer"),
        status="CANCELLED" if cancelled else "CONFIRMED",
        defects=("microdata",),
    )


def _value(node: LexborNode) -> str:
    attributes = node.attributes
    for name in ("content", "datetime", "href"):
        if attributes.get(name):
            return (attributes[name] or "")[:2_000]
    return node.text(deep=True).strip()[:2_000]


def _scope(node: LexborNode) -> LexborNode | None:
    """The nearest ancestor that is an item."""
    parent = node.parent
    for _ in range(100):
        if parent is None or "itemscope" in parent.attributes:
            return parent
        parent = parent.parent
    return None


def _microdata(html: str) -> Iterator[_Item]:
    root = build_tree(html)
    if root is None:
        return
    room = _NODES_CAP  # properties of all events together: one inside another has the inner one's too
    for event in root.css("[itemscope][itemtype]")[:_NODES_CAP]:
        if not _EVENT_TYPE.search((event.attributes.get("itemtype") or "").strip()):
            continue
        item = _Item()
        scopes: dict[int, dict[str, str]] = {}
        properties = event.css("[itemprop]")[: min(_PROPERTIES_CAP, room)]
        room -= len(properties)
        for node in properties:
            _take(item, node, event, scopes)
        yield item


def _take(item: _Item, node: LexborNode, event: LexborNode, scopes: dict[int, dict[str, str]]) -> None:
    """Put one property where it belongs: to the event, or to the person or place that is its scope."""
    name = (node.attributes.get("itemprop") or "").strip()[:60]
    scope = _scope(node)
    if node.mem_id == event.mem_id or scope is None:
        return
    if scope.mem_id != event.mem_id:
        scopes.get(scope.mem_id, {}).setdefault(name, _value(node))
    elif "itemscope" in node.attributes:
        scopes[node.mem_id] = {}
        item.people.append((name, scopes[node.mem_id]))
    else:
        item.single.setdefault(name, _value(node))


def _texts(value: dict[str, object]) -> dict[str, str]:
    """The properties of a JSON object that are texts, and the names of its inner objects."""
    texts = {name: text[:2_000] for name, text in value.items() if isinstance(text, str)}
    for name, inner in value.items():
        if name == "address" and isinstance(inner, dict):
            parts = (inner.get("streetAddress"), inner.get("addressLocality"))
            texts[name] = ", ".join(part for part in parts if isinstance(part, str))[:500]
    return texts


def _item(event: dict[str, object], around: dict[str, str]) -> _Item:
    item = _Item(around | _texts(event))
    for name, value in event.items():
        for inner in (value if isinstance(value, list) else [value])[:50]:
            if isinstance(inner, dict):
                item.people.append((name, _texts(inner)))
    return item


def _event_of(value: dict[str, object]) -> Iterator[_Item]:
    event = value.get("reservationFor")
    if isinstance(event, dict):
        yield _item(event, {"reservationStatus": str(value.get("reservationStatus", ""))[:100]})
    elif _EVENT_TYPE.search(str(value.get("@type", ""))[:100]):
        yield _item(value, {})


def _scripts(html: str) -> Iterator[str]:
    """What the page's first JSON-LD scripts hold; one without an end is the last."""
    at = 0
    for _ in range(_SCRIPTS_CAP):
        begin = _SCRIPT.search(html, at)
        end = _SCRIPT_END.search(html, begin.end()) if begin else None
        if begin is None or end is None:
            return
        if end.start() - begin.end() <= _SCRIPT_CAP:
            yield html[begin.end() : end.start()]
        at = end.end()


def _json_ld(html: str) -> Iterator[_Item]:
    for script in _scripts(html):
        try:
            stack: list[object] = [json.loads(script)]
        except (ValueError, RecursionError):
            continue
        for _ in range(_NODES_CAP):
            if not stack:
                break
            value = stack.pop()
            if isinstance(value, list):
                stack.extend(reversed(value[:100]))
            elif isinstance(value, dict):
                yield from _event_of(value)
                stack.extend(inner for inner in value.values() if isinstance(inner, dict | list))


def parse_markup(html: str) -> tuple[Invitation, ...]:
    """The events that a page's schema.org markup states, each with the defect "microdata"; total, at most 10.

    The method is CANCEL where the event's or the reservation's status says so, else REQUEST.
    """
    if "schema.org" not in html:
        return ()
    found: dict[tuple[object, ...], Invitation] = {}
    for items in (_json_ld(html), _microdata(html)):
        for item in items:
            invitation = _invitation(item)
            if invitation is not None and len(found) < _EVENTS_CAP:
                found.setdefault((invitation.start, invitation.zone, invitation.summary), invitation)
    return tuple(found.values())
