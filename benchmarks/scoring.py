"""Labels as the measuring folders have them, and the measures taken of the answers of `followup-mail read`."""

import json
import math
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

Row = dict[str, object]
Answer = dict[str, object]

POSITIVE = frozenset({"interview_confirmation", "interview_reschedule"})
_PERSON = re.compile(r"(?P<name>[^<]*?)\s*(?:<(?P<email>[^>]+)>)?")
_MEASURES = (  # what stands on the line, what is counted, out of what
    ("interview found (recall)", "found", "positives"),
    ("of those said, right (precision)", "found", "said"),
    ("start exact", "starts right", "starts"),
    ("starts said, right", "starts said right", "starts said"),
    ("end exact", "ends right", "ends"),
    ("interviewers found", "people found", "people"),
    ("interviewers named, right", "people right", "people said"),
    ("recruiter", "recruiters right", "recruiters"),
    ("company", "company right", "company"),
    ("position", "position right", "position"),
    ("promised date", "promises right", "promises"),
    ("scam flagged", "scams flagged", "scams"),
)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % confidence interval of a share (Wilson 1927)."""
    if not of:
        return 0.0, 1.0
    z, share = 1.96, hits / of
    middle, half = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)


def show_share(hits: int, of: int) -> str:
    """A share with its interval: "0.955 (42/44, 95 % 0.85–0.99)"."""
    if not of:
        return "    – (nothing of the kind)"
    low, high = wilson(hits, of)
    return f"{hits / of:5.3f} ({hits}/{of}, 95 % {low:.2f}–{high:.2f})"


# our own corpus, labelled in TOML


def write_labels(corpus: Path, folder: Path) -> None:
    """Lay our own corpus out as a labelled set: its messages, and labels.jsonl."""
    rows = []
    for place in sorted(corpus.glob("*/*.toml")):
        name = f"{place.parent.name}/{place.stem}"
        target = folder / f"{name}.eml"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(place.with_suffix(".eml").read_bytes())
        rows.append(_row(f"{name}.eml", tomllib.loads(place.read_text(encoding="utf-8"))))
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / "labels.jsonl").write_text(text, encoding="utf-8")


def _row(file: str, label: Row) -> Row:
    starts, ends = label.get("starts") or [None], label.get("ends") or []
    rows = label.get("rows") or [label.get("interviewers") or []]
    interviews = [
        {
            "start": start,
            "end": ends[at] if at < len(ends) else None,
            "interviewers": [_person(text) for text in rows[min(at, len(rows) - 1)]],
        }
        for at, start in enumerate(starts)
    ]
    return {
        "file": file,
        "kind": label["kind"],
        "ambiguous": "not_kinds" in label,
        "people_unlabelled": not {"interviewers", "rows"} & label.keys(),
        "lang": label.get("language"),
        "owner": {"addresses": label["owner"]},
        "default_tz": label["zone"],
        "thread": [f"{earlier}.eml" for earlier in label.get("thread", [])],
        "interviews": interviews,
        **interviews[0],
        "organizer_or_recruiter": _person(label["recruiter"]) if label.get("recruiter") else None,
        **{key: label.get(key) for key in ("company", "position", "promised_by", "suspicious")},
    }


def _person(text: str) -> Row:
    found = _PERSON.fullmatch(text)
    return {"name": found["name"], "email": found["email"]} if found else {"name": text, "email": None}


# the measures


def fold(text: object) -> str:
    """Words without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", str(text or ""))
    return re.sub(r"[^\w]+", " ", "".join(c for c in plain if not unicodedata.combining(c)).casefold()).strip()


def read_moment(text: str) -> datetime | date:
    """A date or moment of ISO 8601."""
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def is_same_moment(want: str | None, got: str | None) -> bool:
    """Whether two moments are one: as instants where both have an offset, as wall times where one lacks it."""
    if not want or not got:
        return not want and not got
    wanted, said = read_moment(want), read_moment(got)
    if not isinstance(wanted, datetime):
        return wanted == (said.date() if isinstance(said, datetime) else said)
    if not isinstance(said, datetime):
        return False
    if wanted.tzinfo and said.tzinfo:
        return wanted == said
    return wanted.replace(tzinfo=None) == said.replace(tzinfo=None)


def is_same_person(want: Row, got: Row) -> bool:
    """Whether an answer's person is the label's: by address, or one's names among the other's."""
    if want.get("email") and got.get("addr_spec"):
        return str(want["email"]).casefold() == str(got["addr_spec"]).casefold()
    said = set(fold(got.get("display_name")).split())
    forms = (set(fold(form).split()) for form in (want.get("name"), *(want.get("forms") or ())))
    return any(form and said and (form <= said or said <= form) for form in forms)


def interviews_of(row: Row) -> list[Row]:
    """The interviews of a label, also of one that states but one."""
    single = {key: row.get(key) for key in ("start", "end", "start_alt")}
    return row.get("interviews") or [{**single, "interviewers": row.get("interviewers") or []}]


def _starts(interview: Row) -> list[str | None]:
    return [interview.get("start"), *(interview.get("start_alt") or [])]


def _count_moments(row: Row, said: list[Row]) -> Iterator[str]:
    wanted = [start for interview in (*interviews_of(row), row) for start in _starts(interview)]
    for one in said if row.get("start") else ():
        yield "starts said"
        if any(is_same_moment(want, one.get("start")) for want in wanted):
            yield "starts said right"
    for interview in interviews_of(row):
        yield from _count_interview(interview, said)


def _count_interview(interview: Row, said: list[Row]) -> Iterator[str]:
    starts = _starts(interview)
    match = next((one for one in said if any(is_same_moment(want, one.get("start")) for want in starts)), None)
    if interview.get("start"):
        yield "starts"
        if match:
            yield "starts right"
    if match and interview.get("end"):
        yield "ends"
        if is_same_moment(interview["end"], match.get("end")):
            yield "ends right"


def _people_of(row: Row) -> list[Row]:
    people: list[Row] = []
    for person in (person for interview in interviews_of(row) for person in interview["interviewers"]):
        if person not in people:
            people.append(person)
    return [person | {"forms": row.get("accept_name_forms")} for person in people]


def _count_people(row: Row, said: list[Row]) -> Iterator[str]:
    if row.get("people_unlabelled"):
        return
    spared = [one if isinstance(one, dict) else {"name": one} for one in row.get("optional_interviewers") or []]
    people = [person for person in _people_of(row) if person.get("name") not in {one.get("name") for one in spared}]
    every = (person for one in said for person in one.get("interviewers") or [])
    named = {(one.get("addr_spec"), one.get("display_name")): one for one in every}.values()
    for person in people:
        yield "people"
        if any(is_same_person(person, one) for one in named):
            yield "people found"
    for one in named:
        if any(is_same_person(person, one) for person in spared):
            continue
        yield "people said"
        fit = next((person for person in people if is_same_person(person, one)), None)
        guessed = bool(one.get("addr_spec")) and (fit is None or not fit.get("email"))
        if guessed:
            yield "wrong addressee"
        elif fit is not None:
            yield "people right"


def _count_rest(row: Row, answer: Answer) -> Iterator[str]:
    host, recruiter = row.get("organizer_or_recruiter"), answer.get("recruiter")
    if host and host.get("email") and recruiter:
        yield "recruiters"
        if any(is_same_person(person, recruiter) for person in (host, *_people_of(row))):
            yield "recruiters right"
    for key in ("company", "position"):
        if row.get(key):
            yield key
            want, got = fold(row[key]), fold(answer.get(key))
            if got and (want in got or got in want):
                yield f"{key} right"


def _count_kind(row: Row, answer: Answer) -> Iterator[str]:
    said = answer["kind"] in POSITIVE
    if row["kind"] in POSITIVE:
        yield "positives"
        if said:
            yield from ("found", "said")
    else:
        yield "negatives"
        if said:
            yield from ("false alarms", "said")
    if row["kind"] != "other":
        yield f"kind {row['kind']}"
        if row["kind"] == answer["kind"]:
            yield f"kind {row['kind']} right"


def _count_suspicion(row: Row, answer: Answer) -> Iterator[str]:
    if row.get("suspicious"):
        yield "scams"
        if answer.get("suspicious"):
            yield "scams flagged"
    elif answer.get("suspicious"):
        yield "wrongly suspected"


def count(row: Row, answer: Answer) -> Iterator[str]:
    """What one answer adds to the tally."""
    yield from _count_suspicion(row, answer)
    if row["kind"] in POSITIVE and row.get("recipient_role") not in (None, "candidate"):
        return
    spare = row.get("kind_alt") or []
    if answer["kind"] in ([spare] if isinstance(spare, str) else spare):
        return
    yield from _count_kind(row, answer)
    if row["kind"] in POSITIVE and answer["kind"] in POSITIVE:
        said = list(answer.get("interviews") or [])
        yield from _count_moments(row, said)
        yield from _count_people(row, said)
        yield from _count_rest(row, answer)
    if row.get("promised_by"):
        yield "promises"
        if str(answer.get("promised_by") or "")[:10] == str(row["promised_by"])[:10]:
            yield "promises right"


def score(pairs: Iterable[tuple[Row, Answer]]) -> Counter[str]:
    """The tally of labels and the answers given for them."""
    return Counter(counted for row, answer in pairs for counted in count(row, answer))


def show_tally(tally: Counter[str]) -> Iterator[str]:
    """The lines of a table of a tally."""
    for title, hits, of in _MEASURES:
        yield f"{title:34}{show_share(tally[hits], tally[of])}"
    negatives = tally["negatives"]
    rate = 1e4 * tally["false alarms"] / max(1, negatives)
    yield f"{'false alarms':34}{tally['false alarms']} in {negatives} = {rate:.1f} per 10,000"
    yield f"{'wrong addressee':34}{tally['wrong addressee']}"
    yield f"{'wrongly suspected':34}{tally['wrongly suspected']}"
    for key in sorted(key for key in tally if key.startswith("kind ") and not key.endswith(" right")):
        yield f"{'  ' + key:34}{show_share(tally[f'{key} right'], tally[key])}"
