"""Which of the languages we know a text is written in."""

import re

from followup_mail.core import cues
from followup_mail.core.cues import fold

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_SAMPLE = 4_000  # characters
_LEAST = 2  # stopwords that must be found
_STRAY = 2  # letters: so short ones, and few, are chance: "no" and "a" stand in an English calendar's mail
_STRAY_SHARE = 0.12
_FOREIGN_LEAST = 3  # words of one language without letters that must be found
_LATIN_END = "\u024f"
_SCRIPT_LEAST = 10  # words in another script

# Frequent words of languages there are no letters in: only to know that a text is in none of ours.
_WORDS_ELSEWHERE = (
    "och att det är som på för med till din ditt vi jag dig kommer hej vänliga hälsningar intervju tjänsten tack",
    "og at det er som på til med din dig deg vi jeg du har hej hei venlig vennlig hilsen samtale stillingen intervjuet",
    "się na jest dla oraz nie do pani pana pan państwa w z i o że dzień dobry pozdrawiam rozmowę stanowisko prosimy",
    "na se je pro že dobrý den pozdravem pohovor pozici prosím v ve děkujeme vás vaše jsme",
    "ja on että klo terveisin haastattelu haastattelun ystävällisin tehtävään olet sinut kiitos hei",
    "az és hogy nem kedves üdvözlettel interjú interjút köszönjük önnel pozícióra egy",
    "și vă este pentru cu bună ziua stimă interviul interviu postul mulțumim vom dumneavoastră",
    "ve için bir ile saat merhaba görüşme mülakat pozisyonu saygılarımızla olarak",
)
_OURS = frozenset(word for language in cues.LANGUAGES for word in cues.cues_of(language).own("stopwords"))
# What a word tells: half as much where two languages know it, a third where three do.
_TELLS = {
    word: 1 / sum(1 for language in cues.LANGUAGES if word in cues.cues_of(language).own("stopwords")) for word in _OURS
}
_ELSEWHERE = tuple(frozenset(fold(word) for word in words.split()) - _OURS for words in _WORDS_ELSEWHERE)


def detect_language(folded: str) -> str:
    """ISO 639-1 of a folded text by its stopwords; "und" where too few are known, "mis" where it is in none of ours."""
    words = _WORD.findall(folded[:_SAMPLE])
    counts: dict[str, float] = {}
    for language in cues.LANGUAGES:
        known = cues.cues_of(language).own("stopwords")
        counts[language] = sum(_TELLS[word] for word in words if word in known) / (len(known) ** 0.5)
    best = max(cues.LANGUAGES, key=lambda language: counts[language])
    known = cues.cues_of(best).own("stopwords")
    stopwords = [word for word in words if word in known]
    found = len(stopwords)
    if _is_elsewhere(words, found):
        return "mis"
    stray = found < _STRAY_SHARE * len(words) and all(len(word) <= _STRAY for word in stopwords)
    return "und" if found < _LEAST or stray else best


def _is_elsewhere(words: list[str], found: int) -> bool:
    """Whether another language's words, or another script's, outweigh the stopwords found of the best of ours."""
    if sum(1 for word in words if word[0] > _LATIN_END) >= max(_SCRIPT_LEAST, found + 1):
        return True
    elsewhere = max(len({word for word in words if word in known}) for known in _ELSEWHERE)
    return elsewhere >= _FOREIGN_LEAST and max(sum(1 for w in words if w in known) for known in _ELSEWHERE) > found
