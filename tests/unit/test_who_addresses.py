"""What address fields are read as."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup_mail.core.who import Address, decode_octets, decode_words, find_codec, parse_addresses, sanitise


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ana Lima <ana@Home.Example>", [Address("ana@home.example", "Ana Lima")]),
        ('"Lima, Ana" <ana@home.example>', [Address("ana@home.example", "Lima, Ana")]),
        ("Lima, Ana <ana@home.example>", [Address("ana@home.example", "Lima, Ana")]),
        ('"Ana \\"Nan\\" Lima" <ana@home.example>', [Address("ana@home.example", "Ana Nan Lima")]),
        ("ana@home.example (Ana Lima)", [Address("ana@home.example", "Ana Lima")]),
        ("Ana ana@home.example", [Address("ana@home.example", "Ana")]),
        ("Ana Lima (Acme (UK)) <ana@home.example>", [Address("ana@home.example", "Ana Lima")]),
        ("'ana@home.example' <ana@home.example>", [Address("ana@home.example", "")]),
        ("Ana <mailto:ana@home.example>", [Address("ana@home.example", "Ana")]),
        ("Ana <ana@home.example", [Address("ana@home.example", "Ana")]),
        ("<@a.example,@b.example:ana@home.example>", [Address("ana@home.example", "")]),
        ("Panel: a@x.example, Bo <b@x.example>;", [Address("a@x.example"), Address("b@x.example", "Bo")]),
        ("a@x.example; b@x.example", [Address("a@x.example"), Address("b@x.example")]),
        ("a@x.example, A <a@X.example>", [Address("a@x.example")]),
        ("undisclosed-recipients:;", []),
        ("", []),
        ("<>", []),
    ],
)
def test_an_address_field_is_read_as_people_write_it(value: str, expected: list[Address]) -> None:
    assert (tuple(expected), ()) == parse_addresses(value)


@pytest.mark.parametrize("value", ["a..b@x.example", "a@x.example b@x.example", "<a b@@c>", "Ana <no address", "<@@@"])
def test_an_unusable_address_is_left_out_with_a_defect(value: str) -> None:
    assert ((), ("address-unreadable",)) == parse_addresses(value)


def test_an_encoded_word_brings_a_name_and_never_an_address() -> None:
    addresses, _ = parse_addresses("=?utf-8?q?Tom=2C_evil=40x.example_=3Cevil=40x.example=3E?= <tom@acme.example>")
    assert (Address("tom@acme.example", "Tom, evil@x.example <evil@x.example>"),) == addresses


def test_a_line_break_inside_an_encoded_word_does_not_survive() -> None:
    addresses, _ = parse_addresses("=?utf-8?q?Tom=0D=0ABcc:_evil=40x.example?= <tom@acme.example>")
    assert (Address("tom@acme.example", "Tom Bcc: evil@x.example"),) == addresses


def test_of_very_many_addresses_two_hundred_are_read() -> None:
    addresses, _ = parse_addresses(",".join(f"a{number}@x.example" for number in range(1000)))
    assert 200 == len(addresses)


def test_an_endless_field_is_cut_and_says_so() -> None:
    assert ((), ("addresses-capped",)) == parse_addresses("(" * 100_000)


def test_an_address_knows_its_domain() -> None:
    assert "home.example" == Address("ana@home.example").domain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\tc", "a b c"),
        ("a\u202eb\u200bc\ufeff", "abc"),
        ("e\u0301", "é"),
        ("a\u2028b\u00a0c", "a b c"),
        ("  a   b ", "a b"),
        ("x" * 300, "x" * 200),
    ],
)
def test_sanitised_text_is_one_visible_line(text: str, expected: str) -> None:
    assert expected == sanitise(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=?utf-8?Q?J=C3=BCrgen?=", "Jürgen"),
        ("=?utf-8?B?SsO8cmdlbg==?= K", "Jürgen K"),
        ("=?utf-8?B?SsM=?= =?utf-8?B?vHJnZW4=?=", "Jürgen"),
        ("=?iso-8859-1?q?J=FCrgen?= =?utf-8?q?_K?=", "Jürgen K"),
        ("=?utf-8*de?q?Gru=C3=9F?=", "Gruß"),
        ("=?nowhere?q?abc?=", "abc"),
        ("=?utf-8?q?unfinished", "=?utf-8?q?unfinished"),
        ("plain", "plain"),
    ],
)
def test_encoded_words_are_decoded(text: str, expected: str) -> None:
    assert expected == decode_words(text)


def test_twenty_thousand_encoded_words_are_cut_short() -> None:
    assert "a" * 200 == decode_words("=?utf-8?q?a?= " * 20_000)


def test_words_past_the_cap_stand_undecoded() -> None:
    assert decode_words("=?utf-8?q?a?= " * 201, 4000).endswith("=?utf-8?q?a?=")


@pytest.mark.parametrize("charset", ["punycode", "idna", "rot13", "zip", "unicode_escape", "no such", "\0"])
def test_a_codec_that_is_no_charset_is_refused(charset: str) -> None:
    assert None is find_codec(charset)


@pytest.mark.parametrize(
    ("octets", "charset", "expected"),
    [
        ("Grüße".encode(), "utf-8", ("Grüße", True)),
        ("Grüße".encode("cp1252"), "iso-8859-1", ("Grüße", True)),
        ("Grüße".encode(), "us-ascii", ("Grüße", True)),
        ("Grüße".encode("cp1252"), "", ("Grüße", False)),
        ("Grüße".encode(), "no such", ("Grüße", False)),
        ("a cut end: ü".encode()[:-1], "utf-8", ("a cut end: \ufffd", False)),
        ("면접".encode("cp949") + b"\xff!", "ks_c_5601-1987", ("면접\ufffd!", False)),
        ("Grüße an Jürgen, Zoë und ".encode() + b"\xfc", "utf-8", ("Grüße an Jürgen, Zoë und \ufffd", False)),
    ],
)
def test_octets_are_read_in_the_charset_they_are_in(octets: bytes, charset: str, expected: tuple[str, bool]) -> None:
    assert expected == decode_octets(octets, charset)


@settings(deadline=None)  # the machine may be busy
@given(st.text(alphabet=st.sampled_from('ab@.<>(),:;"\\= ?\t\u202eé'), max_size=60))
def test_any_field_gives_addresses_that_can_be_written_back(value: str) -> None:
    addresses, _ = parse_addresses(value)
    for address in addresses:
        assert address.addr_spec.isprintable()
        assert sanitise(address.display_name) == address.display_name
        assert (address.addr_spec,) == tuple(found.addr_spec for found in parse_addresses(address.addr_spec)[0])


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=300))
def test_sanitising_twice_changes_nothing(text: str) -> None:
    once = sanitise(text)
    assert once == sanitise(once)
    assert once.isprintable()
