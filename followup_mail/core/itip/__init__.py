"""text/calendar to Invitation (RFC 5545, 5546, 6047), and the markup that stands in for it."""

from followup_mail.core.itip.calendar import parse_calendar
from followup_mail.core.itip.invitation import Attendee, Invitation, span_of
from followup_mail.core.itip.markup import parse_markup
from followup_mail.core.itip.zones import find_zone

__all__ = ["Attendee", "Invitation", "find_zone", "parse_calendar", "parse_markup", "span_of"]
