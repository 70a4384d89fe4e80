"""Phrases that may name a position: beside a word for one, in the subject, on a line of their own."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from followup_mail.core.cues import Cues, fold, vacancies
from followup_mail.core.facts.context import Context, once
from followup_mail.core.facts.domains import is_service_name
from followup_mail.core.facts.shown import signature_lines
from followup_mail.core.rules import Reading

_TOKEN = re.compile(
    r" ?(?:(?P<word>[^\s,;:!?\"«»“”„|<>()\[\]]+(?:\([a-z]{1,4}\))?)(?P<end>[,;:!?\"«»“”|<>()\[\]]?)"
    r"|(?P<dash>[-–—/&]) )"
)
_PIECES = re.compile(r"\s[-–—|·@<>~/×x]+\s|[|:()<>\[\]·«»\"“”„,]|\s?[—–]\s|\s(?:at|with|w/|bei|chez|bij|presso)\s")
_CONNECTOR = re.compile(
    r"(?:\"|'|:|-|–|\.|\|| )*(?:(?:to join us|sigue siendo el mismo,|is|es|ist|est|as|of|for|a|als|als |for the"
    r"|for our|of the|de|d'"
    r"|del|di|do|da|van|voor|para|para la|para el|per|per la|per il"
    r"|pour|pour le|como|come|en tant que|en tant qu'|comme|naar|naar de functie van"
    r"|op de functie van|fur|fur die|inzake|auf die stelle|auf die stelle als"
    r"|a la|a el|al|alla|a|ao|au poste de|au poste d'|au|titre|an?|der|die|une?|una?)(?: "
    r"|(?<=')))?(?:\"|'|„|«|\()*(?:an? |eine[rnms]? |une? |un'|una? |uma? |einer |the "
    r"|our )?(?:(?:ref|rif|nr|r|jr|req)?[.:# -]*[a-z]{0,3}-?\d[\d/.-]*[ :–-]+)?"
)
_MARKED = re.compile(
    r" ?[(\[](?:[mwfdhx]/){1,3}[mwfdhx][)\]]| ?\((?:all genders|gn|f/m|m/f|h/f|f/h)\)|[*:]in\b", re.IGNORECASE
)
_GENERIC = re.compile(
    r"\b(?:monday|tuesday|wednesday|thursday|friday|lun(?:di|es|edi)|mar(?:di|tes|tedi)|mercredi"
    r"|miercoles|mercoledi|jeudi|jueves|giovedi|vendredi|viernes|venerdi"
    r"|montag|dienstag|mittwoch|donnerstag|freitag|maandag|dinsdag|woensdag|donderdag|vrijdag"
    r"|segunda-feira|terca-feira|quarta-feira|quinta-feira|sexta-feira"
    r"|uhr|zoom|teams|interviewers?|entretiens?|entrevistas?|colloqui|colloquio|gesprachs?|gesprek"
    r"|termine?|http\S*|www\S*|confidential|confidencial|spontanee|espontanea|spontanea|portal|folio"
    r"|exp"
    r"|january|february|march|april|june|july|august|september|october|november|december|janvier|mars"
    r"|avril|juin|juillet|aout|janeiro|maio|enero|mayo|gennaio|maggio|januar|dezember)\b"
)
_LINES = 40
_PHRASE = 8  # words of a position's name
_ENDINGS = {
    "de": r"(?:er|or|ist|ent|ant|eur|in|kraft|leitung|mann|frau|assistenz|hilfe)$",
    "fr": r"(?:eur|euse|rice|iste|ien|ienne|ier|iere|aire|ant|ante)$",
    "es": r"(?:ador|adora|edor|edora|ista|ero|era|ario|aria|logo|loga|tor|tora|sor|sora)(?:/a)?$",
    "pt": r"(?:ador|adora|edor|edora|ista|eiro|eira|ario|aria|logo|loga|tor|tora|sor|sora)(?:\(a\)|/a)?$",
    "it": r"(?:tore|trice|ista|iere|iera|aio|aia|sore|logo|loga)$",
    "nl": r"(?:er|ster|aar|eur|euse|ist|kundige|or|icus|leider)$",
    "en": r"\w{2,}(?:er|or|ist|ian|yst)$",
}


def is_work(word: str, language: str) -> bool:
    """Whether a folded word is somebody's work, by the list or, in a compound, by its ending."""
    plain = word.strip("().,'’*:")
    tails = [plain, *re.split(r"[-/*:]", plain)]
    if any(tail in vacancies()["trades"] for tail in tails):
        return True
    return language == "de" and _german().search(plain) is not None


@cache
def _german() -> re.Pattern[str]:
    """German and Dutch compounds whose last part is work: "Prozessingenieurin", "beleidsadviseur"."""
    tails = sorted((word for word in vacancies()["trades"] if len(word) > 4), key=len, reverse=True)
    return re.compile(
        rf"(?:{'|'.join(map(re.escape, tails))}|berater|meister|chef|angestellter?|verantwortlicher?|leider"
        rf"|leiter|techniek?er"
        r"|kaufer|koordination|medewerker|sachbearbeitung)(?:in|innen|in\*|ster)?$"
    )


def has_work(phrase: str, language: str) -> bool:
    """Whether a phrase holds a word for somebody's work."""
    return any(
        is_work(word, "de") if language in {"de", "nl"} else is_work(word, language) for word in fold(phrase).split()
    )


def ends_like_work(phrase: str, language: str) -> bool:
    """Whether a word of a phrase ends as trades do in its language: good only where a position is expected."""
    pattern = _ENDINGS.get(language, _ENDINGS["en"])
    return any(re.search(pattern, word.strip("().,")) and len(word) > 4 for word in fold(phrase).split())


def read_phrase(text: str, at: int) -> tuple[str, int]:
    """The phrase that begins at an offset and goes on to a sign or a word at which positions' names end; its end."""
    words: list[str] = []
    end = at
    while len(words) < _PHRASE and (match := _TOKEN.match(text, at)):
        word = match["word"] or match["dash"]
        plain = fold(word).rstrip(".").strip("'\"")
        joins = plain in vacancies()["joins"]
        ahead = _TOKEN.match(text, match.end())
        if joins and words and ahead and ahead["word"] and (ahead["word"][0].isupper() or not _stops(ahead["word"])):
            words.append(word)
        elif joins or _stops(word) or not any(c.isalnum() for c in word):
            break
        else:
            words.append(word)
        at = end = match.end()
        closed = match["end"] if match["word"] else ""
        if closed or (word.endswith(".") and len(plain) > 3):
            end -= len(closed)
            break
    return " ".join(words).strip(" .,-–/'"), end


def _stops(word: str) -> bool:
    return fold(word).strip(".,'") in vacancies()["stops"] and not (word.isupper() and len(word) > 1)


@cache
def _nouns() -> re.Pattern[str]:
    nouns = sorted(vacancies()["nouns"], key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, nouns))})(?![\w-])(?:\(e\))?")


@cache
def _behind() -> re.Pattern[str]:
    return re.compile(rf"[\"')»”]* ?(?:{'|'.join(sorted(vacancies()['behind']))})\b")


def beside_nouns(reading: Reading) -> Iterator[tuple[str, bool]]:
    """Phrases behind a word for a position: "la vacante de Jefa de Obra"; whether it is labelled: "poste : Soudeur"."""
    for count, match in enumerate(_nouns().finditer(reading.low, 0, 7_000)):
        if count > 30:
            return
        link = _CONNECTOR.match(reading.low, match.end())
        start = link.end() if link else match.end()
        if start == match.end() or reading.low[start : start + 1] in {"", "\n"}:
            continue
        phrase, _ = read_phrase(reading.text, start)
        if phrase:
            begins = reading.low.rfind("\n", 0, match.start()) + 1 == match.start()
            label = begins and match[0] in vacancies()["labels"] and bool(re.search("[:|]", link[0] if link else ""))
            yield phrase, label


def before_nouns(reading: Reading) -> Iterator[tuple[str, bool]]:
    """Phrases just before a word for a position: "the Year 8 coordinator role"; whether in the subject.

    They have at most five words, back to a stop.
    """
    for match in re.finditer(_behind().pattern.replace(r"[\"')»”]* ?", r"(?<=[\w\"')»”]) ", 1), reading.low[:7_000]):
        begin = max(reading.low.rfind("\n", 0, match.start()) + 1, match.start() - 70)
        words = re.split(r"[,;:!?.()\[\]\"«»“”] ?| [-–—] ", reading.text[begin : match.start()])[-1].split()
        kept: list[str] = []
        for word in reversed(words[-6:]):
            plain = fold(word)
            if (_stops(word) or plain in vacancies()["announcing"]) and not (
                kept and plain in {"and", "of", "&", "de", "und", "/"}
            ):
                break
            kept.insert(0, word)
        if kept:
            unit = reading.unit_at(match.start())
            yield " ".join(kept).strip("'\""), unit is not None and unit.part == "subject"


def strip_announcing(piece: str) -> str:
    """A piece of a subject without the words that only announce or follow a position's name."""
    words = re.sub(r"[#№]?\b[A-Z]{0,4}[-/]?\d[\d./-]*(?=\s|$)", " ", piece).split()
    while words and (
        fold(words[0]).strip(".,:!’'") in vacancies()["announcing"] or not any(c.isalpha() for c in words[0])
    ):
        words.pop(0)
    while words and (
        fold(words[-1]).strip(".,:!?") in vacancies()["trailing"] or not any(c.isalnum() for c in words[-1])
    ):
        words.pop()
    return re.sub(r"^[dl]['’]", "", " ".join(words)).strip(" .,!?")


def in_subject(context: Context) -> Iterator[tuple[str, int]]:
    """Pieces of the subject and the invitations' titles, bare of what announces them; what each gains by its place.

    It gains if it is the whole, and more if it is announced: "Payroll admin interview".
    """
    for text in (context.subject, *(invitation.summary for invitation in context.invitations)):
        clean = _MARKED.sub("", text[:300])
        pieces = [piece for piece in _PIECES.split(clean) if piece and piece.strip()]
        for piece in pieces[:8]:
            bare = strip_announcing(piece)
            if 2 <= len(bare) <= 70 and len(bare.split()) <= _PHRASE and not _GENERIC.search(fold(bare)):
                whole = len(pieces) == 1
                yield bare, 2 * whole + (whole and _is_announced(bare, piece, context.reading.cues))


def _is_announced(bare: str, piece: str, cues: Cues) -> bool:
    """Whether a word for an interview stood in a piece of a subject, and what is left of it are words of weight."""
    words, every = fold(bare).split(), [word.strip(".,:!?") for word in fold(piece).split()]
    small = cues.words("stopwords") | vacancies()["stops"] | vacancies()["joins"] | vacancies()["trailing"]
    return 1 < len(words) < len(every) and not small & set(words) and bool(vacancies()["interviews"] & set(every))


def on_lines(context: Context) -> Iterator[tuple[str, bool]]:
    """Pieces of lines that stand alone in the fresh text, outside of its signature, bare of what announces them."""
    signed = set(signature_lines(context.message))
    for line in [line.strip() for line in context.message.body.fresh.split("\n")][:_LINES]:
        if not line or len(line) > 110 or line in signed or line[-1:] in ".!?,":
            continue
        for index, piece in enumerate(_PIECES.split(_MARKED.sub("", line))):
            bare = strip_announcing(piece or "")
            if (
                4 <= len(bare) <= 60
                and len(bare.split()) <= 6
                and not _GENERIC.search(fold(bare))
                and not is_service_name(bare)
            ):
                yield bare, index == 0


def quoted(reading: Reading) -> Iterable[str]:
    """What stands in quotation marks."""
    return re.findall(r"[\"„“«] ?([^\"„“”«»\n]{4,70}?) ?[\"“”»]", reading.text[:7_000])


def is_generic(phrase: str) -> bool:
    """Whether a phrase is about days, calls or rounds, not about work."""
    return _GENERIC.search(fold(phrase)) is not None


_AS = re.compile(
    r"(?<![\w-])(?:als|as|as an?|application to|come|como|comme|en tant que|en tant qu'|bezuglich"
    r"|bzgl\.|betreffend|fur|sumando"
    r"|buscando|buscamos|nos urge|cercando|cerchiamo|cherchons|recherchons|(?:nous|il nous) faut|procuramos"
    r"|zoeken|zoekt|zoeken we|suchen|looking for"
    r"|zoekt per direct|to be|becoming|becomes|be our|want you as|para|pra|per|voor|pour|seas|seja|sei"
    r"|essere|devenir|werden)(?: (?:an?|eine[nr]?|une?|una?|um|uma|een|our|notre|nuestr[ao]|noss[ao]|nostr[ao]"
    r"|unsere?|il nostro|il nostro nuovo|la nostra"
    r"|la nostra nuova|a nossa|o nosso))?(?: |(?<='))"
)
_ASKED = re.compile(
    r"(?:which|what|quel|quelle|quale|cual|que|qual|welke|welche[rns]?) (?:role|position|job|vacancy|poste"
    r"|posizione|ruolo|puesto|vacante|vaga"
    r"|vacature|functie|stelle|position)\b[^?\n]{0,50}\?[ \n]{0,4}"
)
_BRACKETED = re.compile(r"(?<=[\w°.]) \(([^()\n]{4,60}(?:\([a-z]{1,3}\)[^()\n]{0,40})?)\)")


def _after_as(reading: Reading) -> Iterator[str]:
    """Work behind "as": "solliciteerde als copywriter", "bezüglich DevOps Engineer"."""
    for count, match in enumerate(_AS.finditer(reading.low, 0, 7_000)):
        if count > 20:
            return
        phrase, _ = read_phrase(reading.text, match.end())
        if phrase and has_work(phrase, reading.language):
            yield phrase


def _asked(reading: Reading) -> Iterator[str]:
    """What answers a booking's question: "Which role are you applying for?"."""
    for match in _ASKED.finditer(reading.low, 0, 7_000):
        phrase, _ = read_phrase(reading.text, match.end())
        yield phrase


def _bracketed(reading: Reading) -> Iterator[str]:
    """Work in brackets behind a word that is no name: "Proceso 2027/014 (Técnico de calidad)"."""
    for count, match in enumerate(_BRACKETED.finditer(reading.text, 0, 7_000)):
        before = reading.text[max(0, match.start() - 40) : match.start()].split()[-2:]
        nouns = 2 if reading.language == "de" else 1  # words with capitals that are yet no name
        named = all(word[:1].isupper() and word.isalpha() for word in before[-nouns:])
        phrase = match[1].strip()
        if (
            count < 20
            and not named
            and not re.search("[,:@]", phrase)
            and len(phrase.split()) <= _PHRASE
            and has_work(phrase, reading.language)
        ):
            yield phrase


_WHEN_WORDS = re.compile(
    r"\b(?:samstag|sonntag|saturday|sunday|saba(?:do|to)|domingo|domenica|samedi|dimanche|zaterdag|zondag|mon"
    r"|tues?|weds?|thurs?|fri|sat|sun"
    r"|sept?|running order|rond[ae]|runde|round|datum|fecha|hora|horario|datumprikker|angebot|aanbod|oferta"
    r"|propost[ae]|propuesta"
    r"|annullato|pause|probetag|schnuppertag|budget|concorso|concours|intervista|landed|see you|conversa"
    r"|preferenza|uurtje|nieuwe"
    r"|stopzetting|absage|zusage|c[teo]o)\b|termin"
)


def _tells_when(phrase: str) -> bool:
    """Whether a phrase of a subject is about days, rounds or what becomes of them, not about work."""
    return _WHEN_WORDS.search(fold(phrase)) is not None


@once
def gather_votes(context: Context, reading: Reading) -> Counter[str]:
    """Votes for each phrase that may name the position."""
    votes = Counter[str]()
    for phrase, marks in _places(context, reading):
        sure, likely, unknown = marks
        work = has_work(phrase, reading.language)
        votes[phrase] += sure if work else likely if ends_like_work(phrase, reading.language) else unknown
    return votes


def _places(context: Context, reading: Reading) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Every phrase, with its votes if it is surely, likely or not known to be work."""
    yield from ((phrase, (7, 5, 5) if label else (7, 4, 2)) for phrase, label in beside_nouns(reading))
    yield from (
        (phrase, (6, 3, 3 if subject and phrase[:1].isupper() else 1)) for phrase, subject in before_nouns(reading)
    )
    yield from ((phrase, (4, 0, 0)) for phrase in _after_as(reading))
    yield from ((phrase, (7, 5, 0)) for phrase in _asked(reading))
    yield from ((phrase, (4, 0, 0)) for phrase in _bracketed(reading))
    if reading is not context.reading:
        return
    for phrase, gain in in_subject(context):
        again = 2 * (reading.low.count(fold(phrase)) > 1 + len(context.invitations))
        yield phrase, (7 + again, 4 + again, 0 if _tells_when(phrase) else 1 + gain + again)
    yield from ((phrase, (4 if leads else 3, 0, 0)) for phrase, leads in on_lines(context))
    yield from ((phrase, (5, 2, 0)) for phrase in quoted(reading))
