"""Every name that may be the employer's, with what marks it: where it stands, what it looks like, who spells it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from followup_mail.core.cues import Cues, employers, fold, is_from, senders, vacancies
from followup_mail.core.facts.context import Context, clean_display_name, is_shared
from followup_mail.core.facts.domains import (
    domain_label,
    employer_domains,
    is_kin,
    is_own_service,
    is_relay,
    is_service_name,
    mentioned_labels,
    relay_labels,
    spells,
    tenant_labels,
)
from followup_mail.core.facts.name_words import is_given
from followup_mail.core.facts.shown import (
    find_writer,
    is_office,
    looks_like_company,
    shown_company,
    signature_lines,
)
from followup_mail.core.rules import Reading
from followup_mail.core.who import Address

_UPPER = r"[^\W\d_a-zà-öø-ÿ]"
_WORD = rf"(?:(?:[ldLD]['’])?{_UPPER}[\w'’&+-]*(?:\.(?=\w)[\w'’&+-]+)*\.?|\d{{1,4}}[A-Z][\w&+-]*|&|\+)"
_SMALL = (
    r"(?:of|and|de|du|des|der|und|et|y|e|do|da|dos|das|del|della|delle|dei|degli|di|the|for|fur|für|la|las|los|le|les|von|van"
    r"|voor|am|im|zu|den|het|en|a|il)"
)
_RUN = re.compile(rf"(?<![\w@/.+-]){_WORD}(?: (?:(?:{_SMALL}) ){{0,2}}{_WORD}){{0,6}}(?: \d{{2}}(?![\d:.]))?")
_ABBREVIATED = frozenset(
    {"inc.", "ltd.", "st.", "s.a.s.", "s.a.", "co.", "dr.", "s.l.", "s.r.l.", "e.v.", "e.k.", "hnos.", "lda."}
)
_SPLIT = re.compile(r" ?[|·•/<>()\[\]«»\"„“”×:;] ?|, | [-–—~x] | @ | (?:at|bei|bij|chez|presso) |\t| ?[–—] ")
_MET = re.compile(r"\b(?:with|to|mit|avec|con|com(?: [ao])?|met)$")
_LAST = (r"(?<![\w])", r" ?['\"(]?$")  # at the very end of what stands before a name
_NAME_WORDS = 4  # of a person's name
_TEXT_CAP = 6_000
_RUNS_CAP = 160
_LEFT = 80
_LINES = 14
_POSTAL = re.compile(r"\d{4,5}(?: [A-Z]{2})?,? ?$|(?:^|[ ,])(?:c/|n\.?º|calle|rue|via|piazza|rua) $")
_HOUSE = re.compile(r",? \d{1,4}\w?(?=[\s,.]|$)(?! ?(?:h|uhr|am|pm)\b)")
_TOWN = re.compile(r"(?:\b(?:in|nach|aus|a|near)) $")


@dataclass
class Candidate:
    """A name that may be the employer's, and its marks."""

    name: str
    marks: set[str] = field(default_factory=set)
    count: int = 0


class Candidates:
    """The candidates of one message by their folded names."""

    def __init__(self, context: Context, persons: frozenset[str]) -> None:
        self.context = context
        self.cues: Cues = context.reading.cues
        offices = employers()["offices"] - senders()["linkers"]
        named = [set(name.split()) for name in persons | find_writer(context) if not looks_like_company(name)]
        self.persons = [words for words in named if not words & offices]
        sender = context.sender
        if sender and not _shows_person(sender) and (is_shared(sender.addr_spec) or is_office(sender.addr_spec)):
            shown = set(fold(clean_display_name(sender.display_name)).split())
            self.persons = [person for person in self.persons if person != shown]
        self.relayed = sender is not None and is_relay(sender)
        self.labels = [*map(domain_label, employer_domains(context)), *tenant_labels(context)]
        self.relay = (
            {part for part in sender.domain.split(".") if part in relay_labels() or part == "gupy"} if sender else set()
        )
        self.found: dict[str, Candidate] = {}

    def add(self, name: str, *marks: str) -> None:
        """Takes a name in, unless it cannot be a company's."""
        name = _trim(name)
        if not name or not self._may_be(name):
            return
        one = self.found.setdefault(fold(name), Candidate(name))
        one.marks.update(marks)
        one.count += 1

    def _may_be(self, name: str) -> bool:
        words = [re.sub(r"^[ld]'", "", word.strip(".,'’")) for word in fold(name).split()]
        plain = {word for word in words if word}
        if not plain or len(name) < 3 or len(name) > 70 or sum(c.isalpha() for c in name) < 3:
            return False
        barred = _barred()
        if plain <= barred | _announcing() | self.cues.words("titles") or is_service_name(name):
            return False
        if words[0] in barred and not self._may_open(name, words):
            return False
        if words[0] in self.cues.words("honorifics") or plain & self.relay:
            return False
        return not any(plain - senders()["linkers"] <= person for person in self.persons)

    def _may_open(self, name: str, words: list[str]) -> bool:
        """Whether a word that seldom begins a name does here: before a company's words, or as a domain spells it."""
        if looks_like_company(name) and (words[0] in employers()["opening"] or words[0] in employers()["qualities"]):
            return True
        return (
            words[0] in employers()["articles"] and len(words) > 1 and any(spells(label, name) for label in self.labels)
        )


def _shows_person(sender: Address) -> bool:
    """Whether a relay shows a person's name though its mailbox is nobody's."""
    shown = sender.display_name
    return is_relay(sender) and (
        is_given(shown.split(" ")[0]) or " via " in shown.lower() or is_from(sender.domain, "scheduling")
    )


@cache
def _barred() -> frozenset[str]:
    return employers()["never"] | senders()["not_companies"] | senders()["linkers"] | senders()["weekdays"]


@cache
def _announcing() -> frozenset[str]:
    """Words of which no employer's name consists, for they announce what a message is about."""
    return vacancies()["announcing"] | vacancies()["nouns"] | vacancies()["trailing"]


def _trim(name: str) -> str:
    """The name without what no name begins or ends with, cut before a weekday or a month."""
    kept: list[str] = []
    for word in " ".join(name.split()).split(" "):
        plain = fold(word).strip(".,:")
        if kept and plain in senders()["weekdays"]:
            break
        kept.append(word)
        if len(kept) > 1 and plain in {"gmbh", "ggmbh", "ltd", "inc", "llc"} | (
            {"ag", "se"} if word.isupper() else set()
        ):
            break
        if word.endswith(".") and len(plain) > 3 and fold(word) not in _ABBREVIATED:
            break
    while kept and fold(kept[-1]).strip(".,") in senders()["linkers"]:
        kept.pop()
    while kept and fold(kept[0]) in {"&", "+", "and", "und", "the"}:
        kept.pop(0)
    trimmed = " ".join(kept).strip(" ,'’\"-–:;!?")
    if not kept or fold(kept[-1]) not in _ABBREVIATED:
        trimmed = trimmed.rstrip(".")
    return re.sub(r"['’]s$", "", trimmed)


def gather(context: Context, persons: frozenset[str]) -> Candidates:
    """All names that may be the employer's, marked."""
    found = Candidates(context, persons)
    _from_shown(found)
    _from_lines(found)
    _from_headings(found)
    _from_text(found, context.reading, "")
    if context.message.body.quoted or context.thread:
        _from_text(found, context.quoted, "quoted-")
    _mark_domains(found)
    return found


def _from_shown(found: Candidates) -> None:
    sender = found.context.sender
    if sender is None or found.context.is_owner(sender):
        return
    shown = re.sub(r"(?i)\s+(?:via|über|through) .*$", "", sender.display_name)
    impersonal = is_own_service(sender) or is_shared(sender.addr_spec) or is_office(sender.addr_spec)
    pieces = [
        piece
        for piece in re.split(r"\s[-–—|·@]\s|\s*[|(),@]\s*|\s(?:at|from|von|bei|chez|di|de|da|van)\s(?=[A-Z])", shown)
        if piece
    ]
    noted = re.search(r"(?<=\w) *\(([^()]*)\)?$", shown)  # "Ana Lima (Personio)", "Ana Lima (Acme)"
    whole = shown_company(shown) if noted is None else shown[: noted.start()] if is_service_name(noted[1]) else ""
    if impersonal and whole:
        found.add(whole, "shown", *(["office-off"] if whole != shown else []), *(["relayed"] if found.relayed else []))
    for index, piece in enumerate(pieces):
        bare = shown_company(piece)
        if bare and len(pieces) > 1:
            found.add(bare, "shown-piece" if index else "shown-first")
        elif bare and bare != piece:
            found.add(bare, "shown", "office-off")


def _from_lines(found: Candidates) -> None:
    """Lines that stand alone at the beginning and the end: a letter-head, a signature, a footer."""
    body = found.context.message.body
    fresh = [line.strip() for line in body.fresh.split("\n") if line.strip()]
    head = fresh[:1]
    for line in head:
        if len(line) <= 60 and line[-1:] not in ".!?,:;":
            _from_line(found, line, "heading")
    tail = fresh[1:][-_LINES:] + [line.strip() for line in body.signature.split("\n") if line.strip()][:_LINES]
    signed = set(signature_lines(found.context.message))
    for line in tail:
        if len(line) <= 110 and (line in signed or line[-1:] not in "!?,:;"):
            _from_line(found, line, "signed" if line in signed else "ending")


def _from_line(found: Candidates, line: str, mark: str) -> None:
    pieces = [piece.strip() for piece in _SPLIT.split(line) if piece and piece.strip()]
    for index, piece in enumerate(pieces[:8]):
        match = _RUN.match(piece)
        whole = match is not None and len(match[0]) >= len(piece.rstrip(" .,")) - 1
        legal = fold(piece).split(" ")[-1].strip(".") in employers()["legal"]
        if whole or (legal and len(piece) < 50 and len(piece.split()) <= 5):
            titled = any(word.strip(".,") in found.cues.words("titles") for word in fold(piece).split())
            if not titled or looks_like_company(piece):
                found.add(piece, mark, *(["piece"] if len(pieces) > 1 and index else []))


def _from_headings(found: Candidates) -> None:
    context = found.context
    for mark, text in [("subject", context.subject), *(("summary", i.summary) for i in context.invitations)]:
        for piece in _SPLIT.split(re.sub(r"[(\[][^)\]]*[)\]]", " | ", text[:300])):
            match = _RUN.match((piece or "").strip())
            if match and len(match[0]) >= len(piece.strip()) - 1:
                found.add(match[0], mark)


def _from_text(found: Candidates, reading: Reading, prefix: str) -> None:
    """Runs of capitalised words behind or before what stands beside employers' names."""
    for name, start, end in _runs(reading):
        marks = _marks_before(found.cues, reading, name, start)
        if found.cues.framed("client_before", "", "").match(reading.low, end - name.endswith(".")):
            marks.append("client")
        if looks_like_company(name):
            marks.append("text")
        if not prefix:
            marks += _marks_of_subject(found.context.subject, reading, name.rstrip("."), start)
            marks += ["subject-run"] if start < len(found.context.subject) else []
        if _is_place(reading, start, end):
            marks.append("place")
        if marks:
            found.add(name, *(prefix + mark for mark in marks))


def _marks_before(cues: Cues, reading: Reading, name: str, start: int) -> list[str]:
    """What stands before a name on its line."""
    before = reading.low[max(0, start - _LEFT, reading.low.rfind("\n", 0, start) + 1) : start]
    left = before.rstrip("\"'( ")
    named = (("at", "company_at"), ("label", "company_label"), ("client", "client_after"))
    marks = [mark for mark, cue in named if cues.framed(cue, *_LAST).search(left)]
    if marks == ["at"] and _MET.search(left) and 1 < len(name.split()) < 4 and not looks_like_company(name):
        marks = marks if "&" in name else ["weak"]  # with whom, as well
    if not marks and cues.framed("company_weak", *_LAST).search(left[-12:]):
        marks.append("weak")
    if not before.endswith("(") and _is_held_at(left, cues):
        marks.append("title-at")
    return marks


def _marks_of_subject(subject: str, reading: Reading, name: str, start: int) -> list[str]:
    """Whether the subject has the name too; German nouns, all with capitals, say nothing by that."""
    if name not in subject or start < len(subject) or reading.language == "de":
        return []
    return ["subject-begins" if subject.startswith(name) and " " not in name else "in-subject"]


def _is_held_at(left: str, cues: Cues) -> bool:
    """Whether somebody's job stands just before: "Head of Data, Acme", "recruiter Acme"."""
    words = re.split(r"[\s/]+", re.sub(r"(?:,| at| bei| chez| @| di| de| bij| da)$", "", left)[-40:])
    return bool(words) and words[-1].strip("(") in cues.words("titles")


def _is_place(reading: Reading, start: int, end: int) -> bool:
    return bool(
        _POSTAL.search(reading.low[max(0, start - 12) : start])
        or (_HOUSE.match(reading.low, end))
        or (reading.language not in {"es", "it", "pt"} and _TOWN.search(reading.low[max(0, start - 8) : start]))
    )


def _runs(reading: Reading) -> Iterator[tuple[str, int, int]]:
    for count, match in enumerate(_RUN.finditer(reading.text, 0, _TEXT_CAP)):
        if count >= _RUNS_CAP:
            return
        yield match[0], match.start(), match.end()


def _mark_domains(found: Candidates) -> None:
    """Marks by the domains: the employer's own, a relay's tenant, those of addresses the text mentions."""
    context = found.context
    sender = context.sender
    own = [domain_label(domain) for domain in employer_domains(context)]
    senders_own = domain_label(sender.domain) if sender and not is_own_service(sender) else ""
    for mark, labels in (("owned", own), ("tenant", tenant_labels(context)), ("mentioned", mentioned_labels(context))):
        for label in labels:
            _spell_in_text(found, label)
            _mark_label(found, label, {mark, "sender's"} if label == senders_own else {mark})
    titles = found.cues.words("titles")
    for one in found.found.values():
        if looks_like_company(one.name):
            one.marks.add("company-like")
        if not one.marks & {"owned", "tenant"} and any(word.strip(".,") in titles for word in fold(one.name).split()):
            one.marks.add("titled")
        if _is_somebody(one):
            one.marks.add("person")
        if one.count > 2:
            one.marks.add("often")


def _is_somebody(one: Candidate) -> bool:
    """Whether a candidate is named as people are, and no domain or word of a company says otherwise."""
    words = one.name.split()
    if one.marks & {"owned", "mentioned", "company-like", "office-off"}:
        return False
    if len(joined := re.split(r" (?:[&+]|and|und|et|y|e|en|ed) ", one.name)) > 1:
        return all(is_given(name.split(" ")[0]) for name in joined)
    return (
        len(words) <= _NAME_WORDS and is_given(words[0]) and not (len(words) == 1 and one.marks & {"tenant", "label"})
    )


def _mark_label(found: Candidates, label: str, marks: set[str]) -> None:
    for one in found.found.values():
        if spells(label, one.name):
            one.marks |= marks
        elif is_kin(label, one.name):
            one.marks.add("kin")


def _spell_in_text(found: Candidates, label: str) -> None:
    """Takes in how the text writes a label: "purplecloud" stands there as "Purple Cloud"."""
    plain = re.sub(r"\W", "", fold(label))
    if len(plain) < 3:
        return
    spaced = r"[ .&'-]{0,3}".join(map(re.escape, plain))
    if "and" in plain[1:-1]:  # "oakandtide" stands there as "Oak & Tide"
        head, _, tail = plain.partition("and")
        spaced = rf"(?:{spaced}|{re.escape(head)} ?& ?{re.escape(tail)})"
    pattern = re.compile(rf"(?<![\w@./-]){spaced}(?![\w@]|\.\w|-\w)")
    context = found.context
    texts = [context.reading.text, context.message.body.signature]
    texts += [context.quoted.text] if context.message.body.quoted or context.thread else []
    for text in texts:
        for match in pattern.finditer(fold(text)):
            name = text[match.start() : match.end()]
            if name[0].isupper() or name[0].isdigit():
                longer = _RUN.match(text, match.start())
                whole = longer[0] if longer and looks_like_company(longer[0]) and len(longer[0]) <= 50 else name
                found.add(whole, "spelt")
                return
