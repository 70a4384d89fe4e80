"""Which position a message is about: what its patterns say, and job titles that stand where positions stand."""

import re
from collections import Counter
from collections.abc import Iterator

from followup_mail.core.cues import Cues, fold
from followup_mail.core.facts.context import Context, clean_display_name, once
from followup_mail.core.facts.name_words import is_given
from followup_mail.core.facts.shown import signature_lines
from followup_mail.core.facts.vacancies import ends_like_work, gather_votes, has_work, is_generic
from followup_mail.core.rules import Reading

_NO_POSITION = re.compile(
    r"^(?:the|this|that|your|our|a|an|same|following|next|interview|upcoming|first|final|phone|video|new|open"
    r"|job|position|role|it|you"
    r"|us|we|me|team|confirmation|update|details|reminder|ihnen|uns|sie|votre|nous|vous|tu|su|nuestro|nuestra"
    r"|nosso|nossa|sua|seu|je|uw|ons|suo|tuo"
    r"|scheduled|confirmed|rescheduled|time|date|more|any|all|future|other|different|interest|consideration"
    r"|call|chat|conversation|invite|recruiter|recruiting|round|stage|hiring manager|hiring team|panel|google meet"
    r"|technical screen)\b(?: |$)"
)
_GENERIC = re.compile(
    r"\b(?:interview|gesprach|gespraech|entretien|entrevista|colloquio|call|meeting|monday|tuesday|wednesday"
    r"|thursday|friday|uhr|zoom|thank|please"
    r"|you|your|we|interviewer|availability|opportunity|time|date|schedule|confirm\w*|hear\w*|would|screen"
    r"|round|received|rescheduled"
    r"|next steps?|sollicitatie\w*|candidatura|candidature)\b"
)
_REFERENCE = re.compile(
    r"^(?:(?:job )?(?:ref\.?|req\.?|requisition|id|nr\.?|no\.?)[ :#]*)?(?:[A-Z]{0,4}[-_/#]?\d[\w/-]*)[ :–-]+(?=\D)"
    r"|\s*[(\[](?:ref|req|job|id|nr|no|m/[wf]|f/m|w/m|[A-Z]{1,4}[-/]?\d)[^)\]]{0,40}[)\]]?$"
)
_UPPER = r"[^\W\d_a-zà-öø-ÿ]"
_WORD = rf"(?:{_UPPER}[\w+#/&'’]*(?:[.-]\w+)*|&)"
_RUN = re.compile(rf"(?<![\w@./+-]){_WORD}(?:(?: (?:of|for|and|in|de|des|du|di))? {_WORD}){{0,8}}")
_SUFFIX = re.compile(
    r"\w{2,}(?:er|or|ist|ian|yst|eur|euse|legal)$|(?:agent|clerk|chef|intern|nurse|cook|guard|pilot)$"
    r"|\w{3,}(?:ant|tect)$"
)
_OF = frozenset({"of", "for", "de", "des", "du", "di"})
_LEVEL = re.compile(r" (?:I{1,3}|IV|V|[1-5]|L\d)(?!\w)")
_TEAM = re.compile(r", [A-Z][\w&]+(?: [A-Z][\w&]+)?(?= (?:position|role|job|vacancy|opening|interview|team)\b)")
_BEFORE = re.compile(
    r"(?:\b(?:for|as|re|about|regarding|your|our|position|role|job|vacancy|post|title|hiring|opening"
    r"|requisition|become|becoming|interviews?"
    r"|stelle|fur|als|pour|comme|para|como|per|come|voor|interviewing for)\b[:?]?)"
    r"(?: (?:the|a|an|our|our new|die|der|den|le|la|un|une|el|o|il|de|het))?(?: (?:post|position|role|vacancy|job) of)?"
    r"(?: [a-z]{0,4}-?\d[\w/-]*)?[ \"'(:-]*$"
)
_AFTER = re.compile(
    r"[\"')]* ?\(?(?:role|position|job|vacancy|opening|post|opportunity|interview|hire|search|stelle|vacature)\b"
)
_HELD = re.compile(rf"{_UPPER}[\w'’.-]+ (?:\w{{1,3}} )?{_UPPER}[\w'’.-]+(?: \([a-z/ ]+\))?(?:,| \(| -| –| —| \||:)? ?$")
_HOLDS = re.compile(r"(?:,|:)? (?:mr|mrs|ms|dr|prof)\.? |(?: is| will| was) |, (?:and|who|to)\b")
_PIECES = re.compile(r" [-–—|@/<>~]+ |[|:()<>\[\]]| (?:@|with|at|w/) ")
_SPOKEN = re.compile(
    r"(?<=[a-z,] )(?:for|about|offering you|offer you|on|the title is|regarding|given|the|this|that|sobre|para"
    r"|pour|sur|de|du|per|su|di|voor|over|waarom|als|fur|uber|zur"
    r"|die) $"
)
_PAID = re.compile(r"(?: \(\w{1,4}\))?[,.:]? (?:at |on |with )?(?:[£$€₹₦]|(?:[A-Z]{3}|RAL) ?\d)")
_LEFT = 24  # characters before a title that tell how it is spoken of
_ENOUGH = 4
_TITLES_CAP = 6_000  # characters in which job titles are looked for


def find_position(context: Context, company: str | None, persons: frozenset[str]) -> str | None:
    """The position the message is about, as it writes it; `persons` are folded names that are people's."""
    votes: Counter[str] = Counter()
    _from_patterns(context.reading, votes, company, persons)
    _from_titles(context, context.reading, votes, company)
    _from_pieces(context, votes, company)
    _from_phrases(context, context.reading, votes, company, persons)
    if not any(count >= _ENOUGH for count in votes.values()) and (context.message.body.quoted or context.thread):
        _from_titles(context, context.quoted, votes, company)
        _from_phrases(context, context.quoted, votes, company, persons)
    likely = {name: count for name, count in votes.items() if count >= _ENOUGH and fold(name) not in persons}
    best = max(likely, key=lambda name: (likely[name], -len(name))) if likely else _only_title(context, votes)
    return best and _with_genders(best, context.reading.text)


def _only_title(context: Context, votes: Counter[str]) -> str | None:
    """The one job title that the text speaks of within a sentence: "the Live Ops Analyst gig", "about KYC Analyst"."""
    reading = context.reading
    spoken = {
        name
        for name, start, end in _titles(context, reading)
        if votes.get(name, 0) > 0
        and len(re.split(r"[ -]", name)) > 1
        and (_SPOKEN.search(reading.low[max(0, start - _LEFT) : start]) or _PAID.match(reading.text, end))
        and not _HOLDS.match(reading.low, end)
    }
    return spoken.pop() if len(spoken) == 1 else None


def _from_phrases(
    context: Context, reading: Reading, votes: Counter[str], company: str | None, persons: frozenset[str]
) -> None:
    """Votes for phrases in the places of positions, whatever the language."""
    found = gather_votes(context, reading)
    if company:  # "your appointment with Acme (Data Engineer)"
        behind = re.escape(company) + r"[\w .]{0,12} \(([^()\n]{4,60})\)"
        found.update(
            {match[1]: 6 for match in re.finditer(behind, reading.text) if has_work(match[1], reading.language)}
        )
    for phrase, count in found.items():
        name = _clean_position(phrase, company)
        folded = fold(name)
        if name.islower() and folded in reading.cues.words("bare_titles"):
            continue
        if count <= 0 or len(name) < 2 or not any(c.isalpha() for c in name) or is_generic(name) or _is_barred(name):
            continue
        if name.islower() and " " not in name and not _may_be_work(name, reading.language):
            continue
        somebody = _is_persons(name, reading) or any(set(folded.split()) <= set(person.split()) for person in persons)
        if not somebody and folded not in fold(company or "") and fold(company or "?") not in folded:
            votes[name] += count


def _with_genders(position: str, text: str) -> str:
    """The position with the genders that its advertisement names: "Projektleiterin (m/w/d)"."""
    found = re.search(re.escape(position) + r" \((?:[mwfdhx]/){1,3}[mwfdhx]\)", text)
    return found[0] if found else position


def _from_patterns(reading: Reading, votes: Counter[str], company: str | None, persons: frozenset[str]) -> None:
    """Votes for what stands where the language's patterns expect a position."""
    for index, pattern in enumerate(reading.cues.each("position")):
        at = 0
        for _ in range(12):
            match = pattern.search(reading.low, at)
            if not match:
                break
            at = match.start() + 1
            start, end = match.span("position")
            name = _clean_position(reading.text[start:end], company)
            somebody = bool(name) and (fold(name) in persons or _is_persons(name, reading))
            if name and not somebody and _is_position(name, reading.cues.words("titles")):
                at = match.end()
                unit = reading.unit_at(start)
                votes[name] += 6 - min(index, 4) + 2 * bool(unit and unit.part == "subject")
                votes[name] -= 5 * (reading.language == "en" and not ends_in_trade(name, reading.cues))
                votes[name] += 3 if _head_of(name.split(), reading.cues) else 0


def _from_titles(context: Context, reading: Reading, votes: Counter[str], company: str | None) -> None:
    """Votes for job titles by where they stand; what somebody named there holds is not the position."""
    signed = set(signature_lines(context.message)) if reading is context.reading else set()
    own = {fold(clean_display_name(a.display_name)) for a in context.message.to if a.display_name}
    for name, start, end in _titles(context, reading):
        unit = reading.unit_at(start)
        line = reading.text.rfind("\n", 0, start) + 1
        before = reading.text[max(line, start - 60) : start]
        wanted = bool(_BEFORE.search(fold(before))) or bool(_AFTER.match(reading.low, end))
        held = _HELD.search(before)
        if held and not wanted and not any(one and one in fold(held[0]) for one in own):
            continue
        if not wanted and (_is_signed(reading, line, signed) or _HOLDS.match(reading.low, end)):
            continue
        heading = unit is not None and unit.part in {"subject", "text/calendar"}
        cleaned = _clean_position(name, company)
        if not cleaned or _is_barred(cleaned) or fold(cleaned) in fold(company or "") or _is_persons(cleaned, reading):
            continue
        votes[cleaned] += 1 + 4 * wanted + 4 * heading


def _may_be_work(word: str, language: str) -> bool:
    return has_work(word, language) or ends_like_work(word, language)


def _is_persons(name: str, reading: Reading) -> bool:
    """Whether a phrase is a person's name: a given name begins it, and no work is in it."""
    return is_given(name.split(maxsplit=1)[0]) and not has_work(name, reading.language)


def _is_signed(reading: Reading, line: int, signed: set[str]) -> bool:
    """Whether this line belongs to the writer's signature: what stands there is their own work."""
    end = reading.text.find("\n", line)
    return reading.text[line : end if end >= 0 else len(reading.text)].strip() in signed


def _from_pieces(context: Context, votes: Counter[str], company: str | None) -> None:
    """Votes for parts of the subject that are a job title though written small: "Re: Founding engineer"."""
    cues = context.reading.cues
    for text in (context.subject, *(invitation.summary for invitation in context.invitations)):
        for piece in _PIECES.split(text[:300]):
            words = _without_leads(piece.split(), cues)
            if 1 < len(words) <= 6 and _head_of(words, cues) == len(words):
                name = _clean_position(" ".join(words), company)
                if name and not _is_barred(name) and not _GENERIC.search(fold(name)):
                    votes[name] += 4


@once
def _titles(_: Context, reading: Reading) -> tuple[tuple[str, int, int], ...]:
    """Runs of capitalised words that end as job titles do, with where they stand."""
    return tuple(_find_titles(reading))


def _find_titles(reading: Reading) -> Iterator[tuple[str, int, int]]:
    for match in _RUN.finditer(reading.text[:_TITLES_CAP]):
        words = _behind_for(match[0].split(" "), reading.cues)
        kept = _without_leads(words, reading.cues)
        start = match.start() + len(match[0]) - len(" ".join(kept))
        head = _head_of(kept, reading.cues)
        if not head:
            continue
        name = " ".join(kept[:head])
        end = start + len(name)
        level = _LEVEL.match(reading.text, end) or _TEAM.match(reading.text, end)
        if level:
            name, end = name + level[0], level.end()
        if len(name) >= 5 and fold(name) not in reading.cues.words("bare_titles"):
            yield name, start, end


def _behind_for(words: list[str], cues: Cues) -> list[str]:
    """The words behind "for" where those before it are nobody's work: "Acme Foods for Category Buyer"."""
    if "for" in words and not _head_of(words[: words.index("for")], cues):
        return words[words.index("for") + 1 :]
    return words


def _without_leads(words: list[str], cues: Cues) -> list[str]:
    """The words behind what only announces them: "Final Interview", "Re:"."""
    kept = 0
    for index, word in enumerate(words):
        plain = fold(word).strip(".,:")
        if plain in cues.words("announcing"):
            kept = index + 1
        elif plain not in cues.words("qualifying"):
            break
    return words[kept:]


def _head_of(words: list[str], cues: Cues) -> int:
    """How many of the words make a job title: up to its last trade, with "of Mathematics" behind it; 0 if none."""
    for index in range(min(len(words), 8) - 1, -1, -1):
        plain = fold(words[index]).strip("().,'’")
        if plain in cues.words("no_trade") or len(plain) < 2:
            continue
        known = plain in cues.words("titles")
        if known or _SUFFIX.match(plain.rpartition("-")[2]):
            if index + 2 < len(words) and fold(words[index + 1]) in _OF:
                return len(words)
            if known or all(_LEVEL.match(f" {word}") for word in words[index + 1 :]):
                return index + 1
    return 0


def ends_in_trade(name: str, cues: Cues) -> bool:
    """Whether a position's name holds somebody's work: "Data Engineer", not "Data"."""
    return _head_of(re.split(r"[\s/()]+", name.strip("()")), cues) > 0


def _clean_position(name: str, company: str | None) -> str:
    name = re.sub(r"\s+", " ", name).strip(" .,'’\"-–*#")
    name = _REFERENCE.sub("", name)
    name = re.sub(r"^.*\b(?:the|our|an?|The|Our)\s+(?=[^\W\d_a-zà-öø-ÿ])", "", name)
    name = re.sub(
        r"(?i)^(?:a|an|the|our|der|die|das|eine?n?|une?|le|la|el|una?|um|uma|o|de|het|een|il|lo)\s+", "", name
    )
    name = re.sub(r"(?i)\s+(?:position|role|job|vacancy|opening|interview|stelle|here|opportunity)$", "", name)
    if company:
        name = re.sub(
            rf"(?i)\s*(?:\b(?:at|with|bei|chez|en|na|bij|presso)\s|[@|–-])\s*{re.escape(company)}.*$", "", name
        )
        if fold(name) == fold(company):
            return ""
    return name.strip(" .,-–")


def _is_barred(name: str) -> bool:
    return _NO_POSITION.match(fold(name)) is not None and not name.startswith("IT ")


def _is_position(name: str, titles: frozenset[str]) -> bool:
    folded = fold(name)
    words = folded.split()
    if not 3 <= len(name) <= 80 or len(words) > 8 or _is_barred(name) or _GENERIC.search(folded) or "@" in name:
        return False
    capitals = sum(1 for word in name.split() if word[0].isupper())
    has_title = any(word.strip("().,/") in titles for word in re.split(r"[\s/-]+", folded))
    return capitals * 2 >= len([word for word in words if len(word) > 3]) or has_title
