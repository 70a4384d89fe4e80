"""The people of a schedule's rows."""

import re

from followup_mail.core.cues import fold
from followup_mail.core.facts.context import Context, clean_display_name
from followup_mail.core.facts.meetings import Stated
from followup_mail.core.facts.named import is_somebody, line_end, without_lead
from followup_mail.core.facts.names import NAME, Named, is_organisation, is_title, parse_people
from followup_mail.core.facts.persons import Directory, is_employer, make_person, merge_people
from followup_mail.core.who import Person

_ROW_CUT = re.compile(
    r" \| |\t+|(?<!\w)[-–—:•] | [-–—•] |: |, (?=[A-ZÀ-Þ])| with | mit | avec | con | com | met |^[-–—*• ]+"
)


_PROSE = re.compile(r"(?<!\.)(?<!\bD|\bM)(?<!\bDr|\bMr|\bMs)(?<!\bMrs)(?<!\bProf)(?<![ap]\.m)\. [A-Z]")


_PEOPLE_IN_CELL = 6


_HEADING_WIDTH = 24  # characters before the time in a line of a table: "When: ", "Thursday, "


def find_row_people(
    context: Context, one: Stated, stated: list[Stated], company: str | None, directory: Directory
) -> tuple[Person, ...]:
    """The people of a schedule's row: on its line, else on the lines up to the next row."""
    reading = context.reading
    begin, end = one.row
    if end <= begin or end > len(reading.text):
        return ()
    if len(stated) == 1 and one.moment.position - begin > _HEADING_WIDTH:
        return ()  # a sentence, no row of a table
    behind = max(begin, min(end, one.moment.position + len(one.moment.words)))
    if len(stated) == 1:
        begin = behind
    found = _cells(context, behind, end, company) or _cells(context, begin, end, company)
    if found and len(stated) > 1:
        found += _second_lines(context, end + 1, {other.row[0] for other in stated}, company)
    if not found and len(stated) > 1:
        later = [other.row[0] for other in stated if other.row[0] > begin]
        limit = min([*later, end + 300, len(reading.text)])
        at = end + 1
        while at < limit:
            stop = line_end(reading.text, at)
            if _is_sender(reading.text[at:stop], context):
                break
            found += _cells(context, at, min(stop, limit), company)
            at = stop + 1
    return merge_people(make_person(named, directory) for named in found)


def _second_lines(context: Context, at: int, rows: set[int], company: str | None) -> list[Named]:
    """The rest of a cell with a person on each line: names with a title, before the next row."""
    reading = context.reading
    found: list[Named] = []
    while at < len(reading.text) and at not in rows and len(found) < _PEOPLE_IN_CELL:
        stop = line_end(reading.text, at)
        people = parse_people(reading.text, reading.low, at, stop, reading.cues)
        if len(people) != 1 or not people[0].title or " " not in people[0].name or people[0].end < stop - 2:
            break
        if _is_sender(people[0].name, context) or not is_somebody(people[0], context, reading):
            break
        found += [one for one in people if not is_employer(one.name, company)]
        at = stop + 1
    return found


def _is_sender(line: str, context: Context) -> bool:
    """Whether a line is the name the writer signs with."""
    sender = context.sender
    return sender is not None and fold(line).strip(" ,.-") == fold(clean_display_name(sender.display_name))


def _cells(context: Context, begin: int, end: int, company: str | None) -> list[Named]:
    reading = context.reading
    line = reading.text[begin:end]
    if len(line) > 400 or _PROSE.search(line):
        return []
    found: list[Named] = []
    starts = [0, *(match.end() for match in _ROW_CUT.finditer(line))]
    reached = 0
    for start in starts:
        if start < reached:
            continue
        people = parse_people(reading.text, reading.low, begin + start, end, reading.cues)
        good = [
            p
            for p in map(without_lead, people)
            if len(p.name.split()) >= 2
            and not is_employer(p.name, company)
            and is_somebody(p, context, reading)
            and not reading.cues.pattern("interview").search(fold(p.name))
            and not is_title(p.name, reading.cues)
            and not is_organisation(p.name)
            and not _is_session(p.name)
        ]
        if good:
            found += good
            reached = max(p.end for p in people) - begin
    return found or _behind_session(context, begin, end, company)


def _behind_session(context: Context, begin: int, end: int, company: str | None) -> list[Named]:
    """The person behind a session's name in a row without cells: "Portfolio review Helen Marsh, Design Director"."""
    reading = context.reading
    for match in NAME.finditer(reading.text, begin, end):
        people = parse_people(reading.text, reading.low, match.start(), end, reading.cues)
        titled = [p for p in people if p.title and len(p.name.split()) >= 2 and not _is_session(p.name)]
        good = [p for p in titled if not is_employer(p.name, company) and is_somebody(p, context, reading)]
        if good:
            return good
    return []


_SESSION = re.compile(
    r"\b(?:design|coding|review|values?|culture|behaviou?ral|technical|lunch|break|welcome|tour|debrief|wrap|intro\w*|discussion|deep|dive|presentation|modelling|modeling"
    r"|architecture|systems?|product|team|fit|chat|round|session|panel|exercise|case|study|pairing|office|begrussung|mittag\w*|pause|fachgesprach|rundgang|dejeuner|visite"
    r"|almuerzo|almoco|pranzo|lunch|kennismaking|time|eastern|pacific|central|zoom|google|microsoft|room|street|avenue|floor|january|february|march|april|june|july|august"
    r"|september|october|november|december)\b"
)


def _is_session(name: str) -> bool:
    return bool(_SESSION.search(fold(name)))
