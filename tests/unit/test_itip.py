"""What calendars, and the markup that stands in for them, are read as."""

import time
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup_mail.core.itip import Attendee, find_zone, parse_calendar, parse_markup, span_of
from followup_mail.core.itip.zones import Observance, OwnZone, own_offset, resolve_zone, spell_offset
from followup_mail.core.who import Address

BERLIN_BY_HAND = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
NEW_YORK_BY_HAND = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(event: str, before: str = "METHOD:REQUEST\n") -> str:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{before}BEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"


PANEL = calendar(
    """UID:panel-1@acme.example
SEQUENCE:2
STATUS:CONFIRMED
DTSTART;TZID=Europe/Berlin:20261201T143000
DTEND;TZID=Europe/Berlin:20261201T151500
SUMMARY:Systems design\\, round 2
DESCRIPTION:Meet <b>Tom</b> and\\nJo.
LOCATION:https://meet.acme.example/1
ORGANIZER;CN="Reed, Tom":MAILTO:tom@Acme.example
ATTENDEE;CUTYPE=ROOM;PARTSTAT=ACCEPTED;CN=Blue Room:mailto:blue@acme.example
ATTENDEE;ROLE=OPT-PARTICIPANT;CN="jo@acme.example":mailto:jo@acme.example
ATTENDEE;CN=Nobody:invalid:nomail
ATTENDEE;CN="Broken:mailto:br@acme.example
ATTENDEE;CN=Exchange;EMAIL=ex@acme.example:/o=acme/cn=ex
BEGIN:VALARM
TRIGGER:-PT10M
DESCRIPTION:Reminder
END:VALARM
CLASS:PUBLIC"""
)


def test_an_invitation_is_read_whole() -> None:
    (invitation,) = parse_calendar(PANEL)
    assert ("REQUEST", "panel-1@acme.example", 2, "CONFIRMED") == (
        invitation.method,
        invitation.ical_uid,
        invitation.sequence,
        invitation.status,
    )
    assert (datetime(2026, 12, 1, 14, 30), datetime(2026, 12, 1, 15, 15)) == (invitation.start, invitation.end)  # noqa: DTZ001  # wall time
    assert "Europe/Berlin" == invitation.zone
    assert "Systems design, round 2" == invitation.summary
    assert "Meet Tom and\nJo." == invitation.description
    assert "https://meet.acme.example/1" == invitation.location
    assert Attendee(Address("tom@acme.example", "Reed, Tom")) == invitation.organizer
    assert (
        Attendee(Address("blue@acme.example", "Blue Room"), cutype="ROOM", partstat="ACCEPTED"),
        Attendee(Address("jo@acme.example"), role="OPT-PARTICIPANT"),
        Attendee(Address("br@acme.example", "Broken")),
        Attendee(Address("ex@acme.example", "Exchange")),
    ) == invitation.attendees
    assert ("attendee-without-address",) == invitation.defects


@pytest.mark.parametrize(
    "octets",
    [
        PANEL.encode("utf-16"),
        PANEL.encode("utf-16-le"),
        PANEL.encode("utf-16-be"),
        b"\xef\xbb\xbf" + PANEL.encode(),
        b"junk before\r\n" + PANEL.replace("\n", "\r\n").encode(),
        PANEL.replace("SUMMARY:Systems ", "SUMMARY:Sys\n tems ").encode(),
        PANEL.replace("BEGIN:VEVENT", "nonsense\nBEGIN:VEVENT").encode(),
    ],
)
def test_an_invitation_in_disguise_is_the_same(octets: bytes) -> None:
    assert parse_calendar(PANEL) == parse_calendar(octets)


def test_latin_octets_are_read_as_such() -> None:
    (invitation,) = parse_calendar(calendar("SUMMARY:Gespräch für Jürgen").encode("cp1252"))
    assert "Gespräch für Jürgen" == invitation.summary


def test_a_missing_end_is_a_defect_and_loses_nothing() -> None:
    text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20261201T143000Z\nBEGIN:VEVENT\nUID:2\n"
    assert [("1", ("end-missing",)), ("2", ("end-missing",))] == [
        (invitation.ical_uid, invitation.defects) for invitation in parse_calendar(text)
    ]


def test_events_without_a_calendar_round_them_are_read() -> None:
    assert ["1"] == [found.ical_uid for found in parse_calendar("x\nBEGIN:VEVENT\nUID:1\nEND:VEVENT")]


def test_two_calendars_in_one_text_keep_their_methods() -> None:
    both = parse_calendar(calendar("UID:1") + calendar("UID:2", "METHOD:CANCEL\n"))
    assert [("1", "REQUEST"), ("2", "CANCEL")] == [(found.ical_uid, found.method) for found in both]


def test_the_content_types_method_serves_where_the_calendar_has_none() -> None:
    assert ["REPLY"] == [found.method for found in parse_calendar(calendar("UID:1", ""), method="reply")]


def wall(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001  # wall time


@pytest.mark.parametrize(
    ("lines", "start", "end", "zone", "defects"),
    [
        ("DTSTART:20261201T143000Z\nDURATION:PT45M", wall(2026, 12, 1, 14, 30), wall(2026, 12, 1, 15, 15), "UTC", ()),
        ("DTSTART:20261201T143000", wall(2026, 12, 1, 14, 30), None, None, ()),
        ("DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261202", date(2026, 12, 1), date(2026, 12, 2), None, ()),
        ("DTSTART;TZID=W. Europe Standard Time:20261201T143000", wall(2026, 12, 1, 14, 30), None, "Europe/Berlin", ()),
        ('DTSTART;TZID="(UTC-05:00) Eastern Time (US & Canada)":20260701T143000', wall(2026, 7, 1, 14, 30), None,
         "America/New_York", ()),
        ("DTSTART;TZID=(UTC+01:00) Nowhere:20260701T143000", wall(2026, 7, 1, 14, 30), None, "+01:00",
         ("zone-offset-only",)),
        ("DTSTART;TZID=(UTC+77:00) Nowhere:20260701T143000", wall(2026, 7, 1, 14, 30), None, None, ("zone-unknown",)),
        ("DTSTART;TZID=/vendor.example/Tzfile/Europe/Berlin:20260701T143000", wall(2026, 7, 1, 14, 30), None,
         "Europe/Berlin", ()),
        ("DTSTART;TZID=../../etc/passwd:20260701T143000", wall(2026, 7, 1, 14, 30), None, None, ("zone-unknown",)),
        ("DTSTART;VALUE=DATE-TIME;TZID=EST;X=1:20260701T143000", wall(2026, 7, 1, 14, 30), None, "America/New_York",
         ()),
        ("DTSTART;TZID=UTC:20260701T143000", wall(2026, 7, 1, 14, 30), None, "UTC", ()),
        ("DTSTART;TZID=EST:20260701T143000Z", wall(2026, 7, 1, 14, 30), None, "UTC", ()),
        ("DTSTART;TZID=Europe/Berlin:20261201T143000\nDTEND:20261201T141500Z", wall(2026, 12, 1, 14, 30),
         wall(2026, 12, 1, 15, 15), "Europe/Berlin", ()),
        ("DTSTART:20261201T143000Z\nDTEND:20261201T133000Z", wall(2026, 12, 1, 14, 30), None, "UTC", ("end-unusable",)),
        ("DTSTART:20261201T143000Z\nDTEND;VALUE=DATE:20261202", wall(2026, 12, 1, 14, 30), None, "UTC",
         ("end-unusable",)),
        ("DTSTART:20261201T143000Z\nDURATION:soon", wall(2026, 12, 1, 14, 30), None, "UTC", ("duration-unreadable",)),
        ("DTSTART:99991231T235959Z\nDURATION:P1D", wall(9999, 12, 31, 23, 59, 59), None, "UTC",
         ("duration-unreadable",)),
        ("DTSTART:garbage", None, None, None, ("dtstart-unreadable",)),
        ("DTSTART:P1D", None, None, None, ("dtstart-unreadable",)),
        ("DTSTART:20261201T000000\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE", date(2026, 12, 1), None, None, ()),
        ("UID:1", None, None, None, ()),
        (";;;", None, None, None, ()),
    ],
)  # fmt: skip
def test_moments_are_wall_times_in_a_zone(
    lines: str, start: datetime | None, end: datetime | None, zone: str | None, defects: tuple[str, ...]
) -> None:
    (found,) = parse_calendar(calendar(lines))
    assert (start, end, zone, defects) == (found.start, found.end, found.zone, found.defects)


def test_a_year_beyond_reckoning_is_read_and_has_no_span() -> None:
    (found,) = parse_calendar(calendar("DTSTART:99991231T235959Z\nDTEND;TZID=Asia/Tokyo:99991231T235959"))
    assert (None, None) == span_of(found, "UTC")


def test_two_custom_zones_of_one_name_do_not_get_mixed_up() -> None:
    event = "DTSTART;TZID=Customized Time Zone:20261201T143000"
    zones = [parse_calendar(calendar(event, by))[0].zone for by in (NEW_YORK_BY_HAND, BERLIN_BY_HAND)]
    assert ["-05:00", "+01:00"] == zones


@pytest.mark.parametrize(("day", "zone"), [("20260701", "+02:00"), ("20260328", "+01:00"), ("20261026", "+01:00")])
def test_a_custom_zone_knows_its_summer_time(day: str, zone: str) -> None:
    (found,) = parse_calendar(calendar(f"DTSTART;TZID=Customized Time Zone:{day}T143000", BERLIN_BY_HAND))
    assert zone == found.zone


def test_a_windows_name_yields_to_the_calendars_own_offsets() -> None:
    own = BERLIN_BY_HAND.replace("Customized Time Zone", "Eastern Standard Time")
    (found,) = parse_calendar(calendar("DTSTART;TZID=Eastern Standard Time:20261201T143000", own))
    assert ("+01:00", ("zone-disagrees",)) == (found.zone, found.defects)


def test_an_iana_name_stands_against_the_calendars_own_offsets() -> None:
    own = BERLIN_BY_HAND.replace("Customized Time Zone", "America/New_York")
    (found,) = parse_calendar(calendar("DTSTART;TZID=America/New_York:20261201T143000", own))
    assert ("America/New_York", ("zone-disagrees",)) == (found.zone, found.defects)


def test_a_zones_location_names_it() -> None:
    own = BERLIN_BY_HAND.replace("BEGIN:STANDARD", "X-LIC-LOCATION:Europe/Berlin\nBEGIN:STANDARD")
    (found,) = parse_calendar(calendar("DTSTART;TZID=Customized Time Zone:20261201T143000", own))
    assert "Europe/Berlin" == found.zone


def test_a_floating_time_takes_the_calendars_zone_with_a_defect() -> None:
    (found,) = parse_calendar(calendar("DTSTART:20261201T143000", "X-WR-TIMEZONE:Europe/Berlin\n"))
    assert ("Europe/Berlin", ("zone-from-calendar",)) == (found.zone, found.defects)


WALL = wall(2026, 7, 1, 12)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"TZOFFSETTO": "+0530", "DTSTART": "20200101T000000"}, timedelta(hours=5, minutes=30)),
        ({"TZOFFSETTO": "+0530", "DTSTART": "nonsense"}, timedelta(hours=5, minutes=30)),
        ({"TZOFFSETTO": "+0530", "DTSTART": "20201301T000000"}, timedelta(hours=5, minutes=30)),
        ({"TZOFFSETTO": "+9930", "DTSTART": "20200101T000000"}, None),
        ({"TZOFFSETTO": "x"}, None),
        ({"TZOFFSETTO": "+0100", "DTSTART": "20000101T000000", "RRULE": "FREQ=YEARLY;UNTIL=20100101T000000Z"},
         timedelta(hours=1)),
        ({"TZOFFSETTO": "+0100", "DTSTART": "20000230T000000", "RRULE": "FREQ=YEARLY"}, timedelta(hours=1)),
        ({"TZOFFSETTO": "+0100", "DTSTART": "20000215T000000", "RRULE": "FREQ=YEARLY"}, timedelta(hours=1)),
        ({"TZOFFSETTO": "+0100", "DTSTART": "20000215T000000", "RRULE": "FREQ=YEARLY;BYMONTH=13"}, timedelta(hours=1)),
    ],
)  # fmt: skip
def test_an_observance_gives_an_offset_or_none(fields: dict[str, str], expected: timedelta | None) -> None:
    assert expected == own_offset(OwnZone("x", "", [Observance(fields)]), WALL)


def test_a_december_rule_reaches_the_months_end() -> None:
    fields = {"TZOFFSETTO": "+0100", "DTSTART": "20000101T000000", "RRULE": "FREQ=YEARLY;BYMONTH=12;BYDAY=-1SU"}
    assert timedelta(hours=1) == own_offset(OwnZone("x", "", [Observance(fields)]), wall(2026, 12, 28, 12))


@pytest.mark.parametrize(
    ("name", "offset"),
    [
        ("+02:00", 2),
        ("-05:00", -5),
        ("UTC", 0),
        ("Europe/Berlin", 2),
        ("America", None),
        ("No/Where", None),
        ("+99:00", None),
        ("a b", None),
    ],
)
def test_a_zone_is_found_by_name_or_offset(name: str, offset: int | None) -> None:
    zone = find_zone(name)
    moment = None if zone is None else WALL.replace(tzinfo=zone).utcoffset()
    assert offset == (None if moment is None else moment // timedelta(hours=1))


def test_an_unknown_zone_is_none_with_a_defect() -> None:
    assert (None, ("zone-unknown",)) == resolve_zone("My own time", WALL, {})


@pytest.mark.parametrize(("minutes", "spelt"), [(0, "UTC"), (330, "+05:30"), (-300, "-05:00")])
def test_an_offset_is_spelt_with_its_sign(minutes: int, spelt: str) -> None:
    assert spelt == spell_offset(timedelta(minutes=minutes))


def test_a_recurrence_is_never_expanded() -> None:
    began = time.process_time()
    (found,) = parse_calendar(calendar("DTSTART:20261201T143000Z\nRRULE:FREQ=SECONDLY"))
    assert (True, wall(2026, 12, 1, 14, 30)) == (found.recurring, found.start)
    assert 1.0 > time.process_time() - began


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("RECURRENCE-ID;TZID=Europe/Berlin:20261201T143000", "20261201T133000Z"),
        ("RECURRENCE-ID:20261201T133000Z", "20261201T133000Z"),
        ("RECURRENCE-ID:20261201T133000", "20261201T133000"),
        ("RECURRENCE-ID;VALUE=DATE:20261201", "20261201"),
        ("RECURRENCE-ID:never", None),
    ],
)
def test_one_occurrence_has_one_name_in_every_zone(line: str, expected: str | None) -> None:
    assert expected == parse_calendar(calendar(line))[0].recurrence_id


def test_a_floating_time_is_placed_in_the_fallback_zone() -> None:
    (found,) = parse_calendar(calendar("DTSTART:20261201T143000\nDTEND:20261201T150000"))
    expected = (datetime(2026, 12, 1, 13, 30, tzinfo=UTC), datetime(2026, 12, 1, 14, 0, tzinfo=UTC))
    assert expected == span_of(found, "Europe/Berlin")


def test_an_all_day_event_spans_midnight_to_midnight() -> None:
    (found,) = parse_calendar(calendar("DTSTART;VALUE=DATE:20261201"))
    assert (datetime(2026, 12, 1, tzinfo=UTC), None) == span_of(found, "UTC")


def test_an_unknown_fallback_zone_places_nothing() -> None:
    assert (None, None) == span_of(parse_calendar(calendar("DTSTART:20261201T143000"))[0], "No/Where")


@pytest.mark.parametrize(("line", "expected"), [("SEQUENCE:x", 0), ("SEQUENCE:3", 3), ("SEQUENCE:-1", 0), ("UID:1", 0)])
def test_a_sequence_is_a_number_or_nothing(line: str, expected: int) -> None:
    assert expected == parse_calendar(calendar(line))[0].sequence


def test_of_many_events_thirty_are_read() -> None:
    assert 30 == len(parse_calendar("BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nUID:1\n" * 2_000))


def test_of_many_attendees_two_hundred_are_read() -> None:
    event = "\n".join(f"ATTENDEE:mailto:a{number}@x.example" for number in range(500))
    assert 200 == len(parse_calendar(calendar(event))[0].attendees)


def test_an_html_description_is_read_as_text() -> None:
    (found,) = parse_calendar(calendar("X-ALT-DESC;FMTTYPE=text/html:<p>Meet Tom</p><p>at two</p>"))
    assert "Meet Tom\n\nat two" == found.description


def test_a_library_that_gives_up_costs_one_event_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(icalendar.Event, "from_ical", give_up)
    (found,) = parse_calendar(PANEL)
    assert ("REQUEST", None, ("event-unreadable",)) == (found.method, found.start, found.defects)


LINES = st.sampled_from(
    [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "BEGIN:VTIMEZONE",
        "TZID:A",
        "END:VTIMEZONE",
        "BEGIN:STANDARD",
        "END:STANDARD",
        "TZOFFSETTO:+0100",
        "DTSTART:20261201T143000",
        "DTSTART;TZID=A:20261201T143000",
        "DTEND;TZID=B:x",
        "DURATION:-P1D",
        "UID:1",
        'ATTENDEE;CN=":mailto:a@x.example',
        "ORGANIZER:",
        "BEGIN:VALARM",
        "END:VALARM",
        "RECURRENCE-ID;X",
        "RRULE:FREQ=SECONDLY",
        "METHOD:\u202eX",
        "junk",
        " folded",
        "STATUS;=:",
    ]
)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(LINES, max_size=30).map("\n".join))
def test_any_lines_give_invitations_that_can_be_placed(text: str) -> None:
    for found in parse_calendar(text):
        span_of(found, "Europe/Berlin")
        assert found.summary.isprintable()
        assert not isinstance(found.start, datetime) or found.start.tzinfo is None


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=300))
def test_any_octets_are_survived(octets: bytes) -> None:
    assert isinstance(parse_calendar(b"BEGIN:VEVENT\r\nDTSTART" + octets), tuple)


MICRODATA = """<div itemscope itemtype="http://schema.org/InformAction"><div itemprop="object" itemscope
itemtype="http://schema.org/Event"><meta itemprop="eventId/googleCalendar" content="abc"><span itemprop="name">Interview
</span><time itemprop="startDate" datetime="20261201T193000Z"></time>
<time itemprop="endDate" datetime="20261201T201500Z"></time>
<div itemprop="eventStatus" content="http://schema.org/{status}"></div><span itemprop="organizer" itemscope
itemtype="http://schema.org/Person"><meta itemprop="name" content="Tom"><meta itemprop="email"
content="tom@acme.example"></span><span itemprop="attendee" itemscope><meta itemprop="email" content="nobody"></span>
<span itemprop="location" itemscope><span itemprop="name">Blue Room</span></span></div></div>
<div itemscope itemtype="http://schema.org/Place"></div>"""


@pytest.mark.parametrize(
    ("status", "method"), [("EventScheduled", "REQUEST"), ("EventRescheduled", "REQUEST"), ("EventCancelled", "CANCEL")]
)
def test_microdata_stands_in_for_a_calendar(status: str, method: str) -> None:
    (found,) = parse_markup(MICRODATA.format(status=status))
    assert (method, "abc@google.com", "Interview", "Blue Room") == (
        found.method,
        found.ical_uid,
        found.summary,
        found.location,
    )
    assert (wall(2026, 12, 1, 19, 30), wall(2026, 12, 1, 20, 15), "UTC") == (found.start, found.end, found.zone)
    assert (Attendee(Address("tom@acme.example", "Tom")), (), ("microdata",)) == (
        found.organizer,
        found.attendees,
        found.defects,
    )


JSON_LD = """<script type="application/ld+json">[{"@context": "http://schema.org", "@type": "EventReservation",
"reservationStatus": "http://schema.org/Reservation%s", "reservationFor": {"@type": "Event", "name": "Interview",
"startDate": "2026-12-01T14:30:00-05:00", "endDate": "2026-12-01T15:30:00-05:00", "location": {"name": "HQ", "address":
{"streetAddress": "1 Way", "addressLocality": "Town"}}, "attendees": [{"name": "Jo", "email": "jo@acme.example"}, 3]}}]
</script>"""


@pytest.mark.parametrize(("status", "method"), [("Confirmed", "REQUEST"), ("Cancelled", "CANCEL")])
def test_json_ld_stands_in_for_a_calendar(status: str, method: str) -> None:
    (found,) = parse_markup(JSON_LD % status)
    assert (method, wall(2026, 12, 1, 14, 30), wall(2026, 12, 1, 15, 30), "-05:00", "HQ, 1 Way, Town") == (
        found.method,
        found.start,
        found.end,
        found.zone,
        found.location,
    )
    assert (Attendee(Address("jo@acme.example", "Jo")),) == found.attendees


@pytest.mark.parametrize(
    ("body", "start", "zone"),
    [
        ('{"@type": "Event", "startDate": "2026-12-01"}', date(2026, 12, 1), None),
        ('{"@type": "BusinessEvent", "startDate": "2026-12-01T14:30"}', wall(2026, 12, 1, 14, 30), None),
        ('{"@graph": [{"@type": "Event", "startDate": "2026-12-01T14:30+00:00"}]}', wall(2026, 12, 1, 14, 30), "UTC"),
    ],
)
def test_a_moment_of_markup_has_the_zone_it_states(body: str, start: date, zone: str | None) -> None:
    (found,) = parse_markup(f'schema.org<script type="application/ld+json">{body}</script>')
    assert (start, zone, None) == (found.start, found.zone, found.end)


@pytest.mark.parametrize(
    "html",
    [
        "<p>no markup</p>",
        'schema.org<script type="application/ld+json">' + "[" * 40_000 + "</script>",
        'schema.org<script type="application/ld+json">{"@type": "Event", "startDate": "soon"}</script>',
        'schema.org<script type="application/ld+json">{"@type": "Event"</script>',
        'schema.org<script type="application/ld+json">' + "[" * 500 + "]" * 500 + "</script>",
        "schema.org" + "<div>" * 1_000,
        'schema.org<script type="application/ld+json">[3, "x", null]</script>',
        'schema.org<script type="application/ld+json">' + str([[1] * 100] * 100) + "</script>",
        '<p itemscope itemtype="http://schema.org/Event">' + "<b>" * 110 + '<i itemprop="startDate">2026-12-01</i>',
    ],
)
def test_markup_without_an_event_gives_none(html: str) -> None:
    assert () == parse_markup(html)
