"""Octets changed at random, in the ways that break readers of mail: the same changes for the same random source."""

import random
from collections.abc import Callable, Sequence

# What has a meaning to some reader of ours: marks, field names, markup, figures of a calendar.
_SPELT = r"""
\n \r\n \n\n \r \x00 \x20 \t >\x20 > --\x20\n ( ) < " \\ ; , : = =\n =3D &amp; &#0; \xff\xfe \xef\xbb\xbf \xe2\x80\xae
\xed\xa0\x80 \xf0\x9f\x98\x80 \xc2\xa0 \xe2\x80\x93 \xcc\x81 0 -1 99999999999 From:\x20 Date:\x20
Subject:\x20=?utf-8?B? =?utf-8?Q?=E2?= ?= Message-ID:\x20<a@b>\n References:\x20
Content-Type:\x20multipart/mixed;\x20boundary=b\n\n --b\n --b--\n
Content-Type:\x20text/calendar;\x20method=REQUEST\n\n Content-Type:\x20message/rfc822\n\n
Content-Type:\x20text/html;\x20charset=utf-7\n\n boundary*0*=''%62 Content-Transfer-Encoding:\x20base64\n\n
Content-Transfer-Encoding:\x20quoted-printable\n\n charset=utf-16 BEGIN:VCALENDAR\n BEGIN:VEVENT\n END:VEVENT\n
BEGIN:VTIMEZONE\n BEGIN:STANDARD\n TZOFFSETTO:+9959\n DTSTART:00010101T000000Z\n DTSTART;VALUE=DATE:99991231\n
DTEND:99991231T235959Z\n DURATION:-P9999999W\n RRULE:FREQ=SECONDLY\n RECURRENCE-ID:20260101\n ;TZID= ;VALUE=PERIOD:
Customized\x20Time\x20Zone ATTENDEE;CN= <table> <tr> <td> </td> <div> <b> </p> <blockquote\x20type=cite> <pre> <br>
<!-- --> <li> <style> <![CDATA[ <svg> <a\x20href=' <div\x20itemscope\x20itemtype="http://schema.org/Event">
<meta\x20itemprop="startDate"\x20content="9999-12-31T23:59:59-12:00"> <script\x20type="application/ld+json">[
schema.org interview Tuesday\x20 tomorrow\x20 May\x20 12/5 9999-12-31 0001-01-01 29\x20February 10:30 \x20am \x20PM
24:00 \x20to\x20 noon EST UTC+14 Asia/Kolkata 45\x20minutes next\x20week in\x2099999\x20days Uhr\x20
On\x201\x20Dec\x202026,\x20Ana\x20wrote:\n -----Original\x20Message-----\n
From:\x20a\nSent:\x20b\nTo:\x20c\nSubject:\x20d\n Best\x20regards,\n
with\x20Ana\x20Lima,\x20Staff\x20Engineer\x20at\x20Acme\x20 from\x20Tuesday\x20to\x20Thursday\x20 instead\x20of\x20
by\x20Friday\x20 January\x2032,\x202026
"""
TOKENS = (b"A" * 400, b"9" * 40, *(word.encode().decode("unicode_escape").encode("latin-1") for word in _SPELT.split()))

Change = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def _slice(chance: random.Random, octets: bytes) -> tuple[int, int]:
    """A piece somewhere: short ones are as likely as long ones."""
    start = chance.randrange(len(octets) + 1)
    return start, start + int(2 ** chance.uniform(0, 11))


def _flip(chance: random.Random, octets: bytes, _: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(octets) + 1)
    return octets[:at] + bytes([chance.randrange(256)]) + octets[at + 1 :]


def _drop(chance: random.Random, octets: bytes, _: Sequence[bytes]) -> bytes:
    start, end = _slice(chance, octets)
    return octets[:start] + octets[end:]


def _insert(chance: random.Random, octets: bytes, _: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(octets) + 1)
    return octets[:at] + chance.choice(TOKENS) + octets[at:]


def _copy(chance: random.Random, octets: bytes, _: Sequence[bytes]) -> bytes:
    start, end = _slice(chance, octets)
    at = chance.randrange(len(octets) + 1)
    return octets[:at] + octets[start:end] + octets[at:]


def _repeat(chance: random.Random, octets: bytes, _: Sequence[bytes]) -> bytes:
    """A piece, or a few tokens, many times over: what is slower than linear shows."""
    start, end = _slice(chance, octets)
    piece = octets[start:end]
    if chance.random() < 0.6:
        piece = b"".join(chance.choice(TOKENS) for _ in range(chance.randint(1, 4)))
    return octets[:start] + piece * int(2 ** chance.uniform(1, 16)) + octets[end:]


def _splice(chance: random.Random, octets: bytes, seeds: Sequence[bytes]) -> bytes:
    other = chance.choice(seeds)
    start, end = _slice(chance, other)
    at = chance.randrange(len(octets) + 1)
    return octets[:at] + other[start : end if chance.random() < 0.7 else None] + octets[at:]


def _figures(chance: random.Random, octets: bytes, _: Sequence[bytes]) -> bytes:
    """One digit changed: dates and clocks that do not exist."""
    places = [at for at, octet in enumerate(octets[:4_000]) if 48 <= octet <= 57]
    if not places:
        return octets
    at = chance.choice(places)
    return octets[:at] + chance.choice((b"0", b"9", b"3", b"13", b"")) + octets[at + 1 :]


_CHANGES: tuple[Change, ...] = (_flip, _drop, _insert, _insert, _copy, _repeat, _splice, _figures)


def mutate(chance: random.Random, octets: bytes, seeds: Sequence[bytes], most: int) -> bytes:
    """The octets changed in one to six ways, at most `most` of them."""
    most = min(most, chance.choice((1_000, 4_000, 16_000, most)))
    for _ in range(chance.randint(1, 6)):
        octets = chance.choice(_CHANGES)(chance, octets, seeds)[:most]
    return octets
