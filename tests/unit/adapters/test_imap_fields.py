"""Header fields split, nothing decoded."""

from hypothesis import given
from hypothesis import strategies as st

from followup_mail.adapters.imap.fields import header_of, parse_addr_specs, parse_header_fields, parse_message_ids


def test_fields_keep_their_order_and_their_encoding() -> None:
    octets = b"Received: one\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\tagain\r\nRECEIVED: two\r\nbroken line\r\n"
    expected = {"received": ("one", "two"), "subject": ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=\tagain",)}
    assert expected == parse_header_fields(octets)


def test_octets_of_no_charset_are_read_all_the_same() -> None:
    assert {"subject": ("Grüße",)} == parse_header_fields("Subject: Grüße".encode("latin-1"))
    assert {"subject": ("Grüße",)} == parse_header_fields("Subject: Grüße".encode())


@given(st.binary(max_size=500))
def test_any_octets_have_fields_without_line_breaks(octets: bytes) -> None:
    for values in parse_header_fields(octets).values():
        assert not any(sign in value for value in values for sign in "\r\n")


def test_the_header_ends_at_the_empty_line() -> None:
    assert b"A: b\r\n" == header_of(b"A: b\r\n\r\nSubject: no\r\n\r\n")
    assert b"A: b\n" == header_of(b"A: b\n\nbody")
    assert b"A: b" == header_of(b"A: b")


def test_ids_and_addresses_are_found_in_what_surrounds_them() -> None:
    assert ("<a@x.example>", "<b@x.example>") == parse_message_ids(["(was <a@x.example>)<b@x.example> < c@x>"])
    expected = frozenset({"maya@x.example", "paul@y.example"})
    assert expected == parse_addr_specs(['"Okafor, Maya" <Maya@X.example>, paul@y.example (Paul); ' + "(" * 5000])
