"""Learns the weights of core/cues/learned from labelled mail: kinds, what is worth reading, who holds an interview.

Run: python benchmarks/learn.py SET... [--ordinary SET] [--only kinds|outer|interviewers] [--score]

Each SET is a folder or .tar.xz with labels.jsonl (see corpora.py); of the sets behind --ordinary, ordinary mail without
any word of ours is left out; rare kinds count more. Logistic regression; words count less than signs, so that few
messages cannot teach odd words. What is shipped is a table of rounded weights. --score prints what five-fold
cross-validation gives, employer by employer.
"""

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from corpora import Labelled, load_labelled
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from followup_mail.core.cues import fold, hints
from followup_mail.core.facts import employer, establish, findings, people, persons
from followup_mail.core.facts import kind as kinds
from followup_mail.core.facts.context import Context, make_context
from followup_mail.core.facts.known import find_domains, is_expected
from followup_mail.core.facts.marks import find_outer_marks
from followup_mail.core.facts.name_words import given_names
from followup_mail.core.facts.names import same_name
from followup_mail.core.facts.roles import find_candidates
from followup_mail.core.facts.values import Kind
from followup_mail.core.message import Message

LEARNED = Path(findings.__file__).parent.parent / "cues" / "learned"
KINDS = [str(kind) for kind in Kind if kind is not Kind.BOUNCE]
POSITIVE = {str(kind) for kind in findings.POSITIVE}
FOLDS = 5
RARE = 2.0  # how much a message of a kind counts of which there are few
LABELLED_NAMES: set[str] = set()  # the folded words of full names in labels, filled while they are read
ROUNDS = 150
LEAST = 3  # messages a mark must stand in
OWN = {"line alone", "line starts", "timed line"}  # "Line" is a given name too
SMALL = 0.04  # weights below it are left out


@dataclass
class Example:
    """One thing to learn from: its marks, the right answer, how much it counts, and what it is grouped with."""

    marks: frozenset[str]
    answer: str
    weight: float
    group: str
    source: str


@dataclass(frozen=True)
class Lesson:
    """How one table is learnt."""

    answers: list[str]
    strength: float  # inverse of the regularisation
    scale: Callable[[str], float]  # how freely a mark's weight may grow


def scale_of_kinds(mark: str) -> float:
    if mark.startswith("#"):
        return 1.0
    return 0.2 if mark.startswith("~") else 0.5


def scale_of_people(mark: str) -> float:
    plain = mark.removeprefix("q ")
    if plain.startswith("sender says"):
        return 0.2
    if plain.startswith("unit "):
        return 0.3
    return 0.5 if plain.startswith(("l ", "r ", "own ", "above ", "title ", "sender is")) else 1.0


LESSONS = {
    "kinds": Lesson(KINDS, 2.0, scale_of_kinds),
    "outer": Lesson(["ordinary", "hiring"], 0.2, lambda _: 1.0),
    "interviewers": Lesson(["no", "yes"], 2.0, scale_of_people),
}


def examples_of(one: Labelled, known: set[str], *, ordinary: bool) -> Iterator[tuple[str, Example]]:
    """What one message teaches, by the table's name."""
    kind, message = one.row["kind"], one.message
    group = f"{one.source} {one.row.get('company') or one.row['file']}"
    weight = 1.0 if kind in {"other", "interview_confirmation"} else RARE
    if kind in {"bounce", "auto_reply"}:
        return
    outer = find_outer_marks(message, answers=bool(one.thread))
    yield "outer", Example(outer, "ordinary" if kind == "other" else "hiring", weight, group, one.source)
    if ordinary and kind == "other" and not (is_near(message) or establish.is_candidate(message, one.thread)):
        return
    context = make_context(message, one.thread, one.owners, one.zone)
    if (message.sender and one.owners and context.is_owner(message.sender)) or kinds.judge_automatic(context):
        return
    score, evidence = establish.score_of(context)
    expected = bool(one.owners) and is_expected(message, known)
    signs = findings.find_signs_of(context, score, evidence, expected=expected)
    yield "kinds", Example(signs.marks, kind, weight, group, one.source)
    if kind in POSITIVE and one.row.get("recipient_role", "candidate") == "candidate":
        yield from (("interviewers", example) for example in people_of(one, context, signs, group))


def is_near(message: Message) -> bool:
    """Whether ordinary mail holds any word of ours at all: the rest teaches nothing but costs time."""
    folded = fold(f"{message.subject}\n{message.body.fresh[:4000]}")
    return bool(message.invitations) or any(hint in folded for hint in hints())


def note_names(row: dict) -> None:
    """Keep the names of those whom a label names in full: "Ana Lima", not "Long" alone."""
    arranger = row.get("organizer_or_recruiter") or {}
    for name in [*(person["name"] for person in interviewers_of(row)), arranger.get("name") or ""]:
        words = fold(name).replace("-", " ").split()
        if len(words) > 1:
            LABELLED_NAMES.update(word.strip(".,'") for word in words[:1])


def interviewers_of(row: dict) -> list[dict]:
    rounds = row.get("interviews") or [row]
    return [person for one in rounds for person in one.get("interviewers") or []]


def is_one_of(listed: list[dict], name: str, addr_spec: str | None) -> bool:
    for person in listed:
        if person.get("email") and addr_spec:
            if person["email"].casefold() == addr_spec.casefold():
                return True
        elif name and same_name(person["name"], name):
            return True
    return False


def people_of(one: Labelled, context: Context, signs: findings.Signs, group: str) -> Iterator[Example]:
    found = findings.gather(context, Kind(one.row["kind"]), signs)
    named = frozenset(fold(person.display_name) for person in establish.persons_of(context))
    company = employer.find_company(context, named)
    who = people.find_by_rules(context, found.stated, company, thread=found.from_thread)
    said = persons.merge_people(person for some in who.by_meeting for person in some)
    wanted = interviewers_of(one.row)
    spare = [{"name": p} if isinstance(p, str) else p for p in one.row.get("optional_interviewers") or []]
    for candidate in find_candidates(context, company, said, who.recruiter):
        right = is_one_of(wanted, candidate.name, candidate.addr_spec)
        if right or not is_one_of(spare, candidate.name, candidate.addr_spec):
            yield Example(frozenset(candidate.marks), "yes" if right else "no", 1.0, group, one.source)


def acquaint(known: set[str], one: Labelled) -> None:
    """What a rightly understood message makes known for the later ones."""
    message = one.message
    if one.row["kind"] in {"other", "auto_reply", "bounce"} or one.row.get("suspicious"):
        return
    addresses = [*((message.sender,) if message.sender else ()), *message.to, *message.cc, *message.reply_to]
    addresses += [attendee.address for invitation in message.invitations for attendee in invitation.attendees]
    others = {a.addr_spec.lower() for a in addresses} - {owner.lower() for owner in one.owners}
    known |= others | find_domains(others, {owner.rpartition("@")[2] for owner in one.owners})


def gather(places: list[Path], ordinary: list[Path]) -> dict[str, list[Example]]:
    """Every example of every table."""
    found: dict[str, list[Example]] = defaultdict(list)
    for place in [*places, *ordinary]:
        known: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for number, one in enumerate(load_labelled(place)):
            note_names(one.row)
            for name, example in examples_of(one, known[one.owners], ordinary=place in ordinary):
                found[name].append(example)
            if number % 4:  # a quarter is forgotten: not every earlier message will have been understood
                acquaint(known[one.owners], one)
        sys.stderr.write(f"{place.name}: {', '.join(f'{len(rows)} {name}' for name, rows in found.items())} so far\n")
    return found


def choose_marks(rows: list[Example]) -> list[str]:
    """Marks that stand often enough, and not in one set alone, whose writer may have had a habit."""
    count = Counter(mark for row in rows for mark in row.marks)
    sources = defaultdict(set)
    for row in rows:
        for mark in row.marks:
            sources[mark].add(row.source)
    return sorted(
        m
        for m in count
        if count[m] >= LEAST and (m.startswith("#") or len(sources[m]) > 1) and (m in OWN or not names_somebody(m))
    )


def names_somebody(mark: str) -> bool:
    """Whether a mark holds somebody's name: who is meant says nothing about what is meant."""
    words = re.findall(r"[^\W\d_]+", mark)
    return any(len(word) > 3 and (word in given_names() or word in LABELLED_NAMES) for word in words)


def to_matrix(rows: list[Example], marks: list[str], lesson: Lesson) -> sparse.csr_matrix:
    index = {mark: number for number, mark in enumerate(marks)}
    places = [(at, index[mark]) for at, row in enumerate(rows) for mark in row.marks if mark in index]
    ones = np.ones(len(places))
    lines, columns = zip(*places, strict=True)
    matrix = sparse.csr_matrix((ones, (lines, columns)), shape=(len(rows), len(marks)))
    return (matrix @ sparse.diags([lesson.scale(mark) for mark in marks])).tocsr()


def learn(rows: list[Example], lesson: Lesson) -> dict:
    marks = choose_marks(rows)
    matrix = to_matrix(rows, marks, lesson)
    answers = [lesson.answers.index(row.answer) for row in rows]
    model = LogisticRegression(C=lesson.strength, max_iter=ROUNDS)
    model.fit(matrix, answers, sample_weight=[row.weight for row in rows])
    weights, bias = model.coef_, model.intercept_
    if len(lesson.answers) == 2:
        weights, bias = np.vstack([np.zeros_like(weights), weights]), np.array([0.0, bias[0]])
    present = list(model.classes_)
    table = {}
    for number, mark in enumerate(marks):
        values = np.zeros(len(lesson.answers))
        values[present] = weights[:, number] * lesson.scale(mark)
        if np.abs(values).max() >= SMALL:
            table[mark] = [round(float(value), 3) for value in values]
    biases = np.full(len(lesson.answers), -9.0)
    biases[present] = bias
    return {"answers": lesson.answers, "bias": [round(float(b), 3) for b in biases], "marks": table}


def score(name: str, rows: list[Example], lesson: Lesson, ordinary: set[str]) -> None:
    """Five-fold cross-validation, printed."""
    marks = choose_marks(rows)
    matrix, weights = to_matrix(rows, marks, lesson), np.array([row.weight for row in rows])
    answers = np.array([lesson.answers.index(row.answer) for row in rows])
    groups = np.unique([row.group for row in rows], return_inverse=True)[1]
    guessed = np.zeros((len(rows), len(lesson.answers)))
    for taught, asked in GroupKFold(FOLDS).split(matrix, answers, groups):
        model = LogisticRegression(C=lesson.strength, max_iter=ROUNDS)
        model.fit(matrix[taught], answers[taught], sample_weight=weights[taught])
        guessed[np.ix_(asked, list(model.classes_))] = model.predict_proba(matrix[asked])
    right = guessed.argmax(1) == answers
    print(f"{name}: {len(rows)} examples, {len(marks)} marks, {right[weights >= 1].mean():.3f} right")
    for number, answer in enumerate(lesson.answers):
        of_it, said = answers == number, guessed.argmax(1) == number
        if not of_it.any():
            continue
        print(f"  {answer:26s} found {right[of_it].mean():.3f} of {of_it.sum()}, right {right[said].mean():.3f}")
    if name == "kinds":
        positive = np.isin(answers, [KINDS.index(kind) for kind in POSITIVE])
        common = np.array([row.source in ordinary for row in rows])
        share = guessed[:, [KINDS.index(kind) for kind in POSITIVE]].sum(1)
        for least in (0.4, 0.5, 0.6):
            said = share >= least
            wrong = said & ~positive
            hit = said & positive
            print(
                f"  interview at {least}: recall {hit.sum() / positive.sum():.3f},"
                f" precision {hit.sum() / said.sum():.3f}; in ordinary sets {(hit & common).sum()} of"
                f" {(positive & common).sum()}, wrong {(wrong & common).sum()}"
            )
    if name == "interviewers":
        for least in (0.5, 0.6, 0.7):
            said = guessed[:, 1] >= least
            hits = (said & (answers == 1)).sum()
            print(f"  at {least}: found {hits / (answers == 1).sum():.3f}, right {hits / said.sum():.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--ordinary", action="append", default=[], type=Path)
    parser.add_argument("--only", choices=list(LESSONS))
    parser.add_argument("--score", action="store_true")
    options = parser.parse_args()
    found = gather(options.sets, options.ordinary)
    for name, lesson in LESSONS.items():
        if options.only in {None, name}:
            if options.score:
                score(name, found[name], lesson, {place.name for place in options.ordinary})
            table = learn(found[name], lesson)
            text = json.dumps(table["marks"], ensure_ascii=False, sort_keys=True).replace("], ", "],\n")
            head = json.dumps({key: table[key] for key in ("answers", "bias")})[:-1]
            (LEARNED / f"{name}.json").write_text(f'{head},\n"marks": {text}}}\n', encoding="utf-8")
            print(f"{name}: {len(table['marks'])} marks kept")


if __name__ == "__main__":
    main()
