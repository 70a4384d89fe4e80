"""Octets to Message (RFC 5322, MIME, 3464, 3834); the keys by which the mailbox knows messages."""

from followup_mail.core.message.fields import parse_date, parse_header_fields, parse_message_ids
from followup_mail.core.message.parse import parse_header, parse_message
from followup_mail.core.message.values import Cursor, Header, HeaderFields, Message, MessageKey, Received
from followup_mail.core.who import decode_words

__all__ = [
    "Cursor",
    "Header",
    "HeaderFields",
    "Message",
    "MessageKey",
    "Received",
    "decode_words",
    "parse_date",
    "parse_header",
    "parse_header_fields",
    "parse_message",
    "parse_message_ids",
]
