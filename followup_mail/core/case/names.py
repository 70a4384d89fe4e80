"""Whether two texts name the same company, position or person, and whose an address's domain is."""

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache

from followup_mail.core.who import Person, Role

_LEGAL_FORMS = """
ab ag aps as bv co company corp corporation gmbh inc incorporated kg kgaa lda limited llc llp ltd mbh nv oy plc pty sa
sarl sas se sl spa srl the ug
"""
LEGAL_FORMS = frozenset(_LEGAL_FORMS.split())
_POSITION_NOISE = """
a an d f h i in m of position role the vacancy w x
"""
POSITION_NOISE = frozenset(_POSITION_NOISE.split())
# Anybody may write from these: their domain says nothing about who employs the writer.
_SHARED_DOMAINS = """
gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com aol.com icloud.com me.com
mac.com proton.me protonmail.com pm.me gmx.de gmx.net gmx.com web.de t-online.de freenet.de posteo.de mailbox.org
fastmail.com zoho.com mail.com mail.ru yandex.ru yandex.com qq.com 163.com orange.fr wanadoo.fr free.fr laposte.net
sfr.fr libero.it virgilio.it uol.com.br terra.com.br sapo.pt ziggo.nl kpnmail.nl btinternet.com greenhouse.io
greenhouse-mail.io lever.co hire.lever.co ashbyhq.com workable.com workablemail.com smartrecruiters.com myworkday.com
workday.com myworkdayjobs.com icims.com taleo.net jobvite.com bamboohr.com breezy.hr breezy-mail.com recruitee.com
personio.de personio.com teamtailor.com teamtailor-mail.com jazzhr.com applytojob.com successfactors.com
successfactors.eu oraclecloud.com bullhorn.com pinpointhq.com welcomekit.co join.com softgarden.io softgarden.de
linkedin.com indeed.com indeedemail.com glassdoor.com xing.com stepstone.de monster.com ziprecruiter.com wellfound.com
calendly.com goodtime.io cronofy.com modernloop.io calendar.google.com zoom.us hirevue.com sparkhire.com willo.video
amazonses.com sendgrid.net mailgun.org
"""
SHARED_DOMAINS = frozenset(_SHARED_DOMAINS.split())
_SECOND_LEVEL = """
ac co com edu gob gov gv net or org
"""
SECOND_LEVEL = frozenset(_SECOND_LEVEL.split())
NO_REPLY = re.compile(
    r"^(?:no[._-]?reply|do[._-]?not[._-]?reply|nao[._-]?responda|ne[._-]?pas[._-]?repondre|notifications?|mailer-daemon|"
    r"postmaster|calendar-notification|bounces?|auto(?:mated|[._-]?reply)?|system|alerts?)(?:[+._-]|$)"
)


class Agreement(IntEnum):
    """How far two names agree; a conflict is two different things, not a gap."""

    CONFLICT = -1
    UNKNOWN = 0
    PART = 1
    WHOLE = 2


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The words of a text without case, accents and punctuation, parted by single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(" " if not char.isalnum() else char for char in plain if not unicodedata.combining(char))
    return " ".join(kept.split())


@lru_cache(maxsize=4096)
def _words(text: str, noise: frozenset[str]) -> frozenset[str]:
    words = frozenset(fold(text).split())
    return words - noise or words


def _agreement(one: str | None, other: str | None, noise: frozenset[str]) -> Agreement:
    ours, theirs = _words(one or "", noise), _words(other or "", noise)
    if not ours or not theirs:
        return Agreement.UNKNOWN
    if ours == theirs or fold(one or "").replace(" ", "") == fold(other or "").replace(" ", ""):
        return Agreement.WHOLE
    return Agreement.PART if ours < theirs or theirs < ours else Agreement.CONFLICT


def companies_agree(one: str | None, other: str | None) -> Agreement:
    """Whether two names are of one company; "Larkspur" is in part "Larkspur Health GmbH"."""
    return _agreement(one, other, LEGAL_FORMS)


def positions_agree(one: str | None, other: str | None) -> Agreement:
    """Whether two titles are of one opening; "Backend Engineer (m/w/d)" is "Backend Engineer"."""
    return _agreement(one, other, POSITION_NOISE)


def folded_name(person: Person) -> str:
    """A person's full name, folded; empty where it is but one word, which names nobody in particular."""
    name = fold(person.display_name)
    return name if " " in name else ""


def same_address(one: str | None, other: str | None) -> bool:
    """Whether two addr-specs are one mailbox; both unknown are not."""
    return bool(one) and bool(other) and (one or "").casefold() == (other or "").casefold()


def same_person(one: Person, other: Person) -> bool:
    """Whether two are one: by addr-spec, or by full name where an address is missing."""
    if one.addr_spec and other.addr_spec:
        return same_address(one.addr_spec, other.addr_spec)
    name = fold(one.display_name)
    return bool(name) and name == fold(other.display_name)


def home_of(addr_spec: str) -> str | None:
    """The organisation's own domain behind an address; None for a domain that strangers share."""
    labels = addr_spec.rpartition("@")[2].casefold().rstrip(".").split(".")
    depth = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL else 2
    home = ".".join(labels[-depth:])
    shared = any(".".join(labels[start:]) in SHARED_DOMAINS for start in range(len(labels)))
    return None if shared or len(labels) < 2 else home


def is_nobody(person: Person) -> bool:
    """Whether an address is a machine's: nobody reads what is written to it."""
    local = (person.addr_spec or "").rpartition("@")[0].casefold()
    return person.role is Role.SYSTEM or NO_REPLY.match(local) is not None
