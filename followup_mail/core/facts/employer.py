"""Which company a message is about, and whether an agency writes for a client."""

import re
from collections.abc import Iterable

from followup_mail.core.cues import employers, fold, is_from
from followup_mail.core.facts.companies import Candidate, gather
from followup_mail.core.facts.context import Context
from followup_mail.core.facts.domains import (
    domain_label,
    employer_domains,
    is_free,
    is_kin,
    is_own_service,
    is_relay,
    is_service_name,
    spells,
    tenant_labels,
)
from followup_mail.core.facts.labels import read_label
from followup_mail.core.facts.shown import shown_company, signature_lines

__all__ = ["find_agency", "find_company", "is_service_name", "signature_lines"]

# What each mark of a name is worth; a name needs `_ENOUGH`.
_VOTES = {
    "owned": 6,
    "tenant": 6,
    "mentioned": 4,
    "spelt": 3,
    "kin": 3,
    "shown": 4,
    "shown-piece": 3,
    "shown-first": 1,
    "office-off": 2,
    "heading": 3,
    "signed": 2,
    "ending": 1,
    "piece": 1,
    "subject": 1,
    "summary": 1,
    "at": 4,
    "label": 6,
    "client": 4,
    "title-at": 2,
    "relayed": 4,
    "titled": -4,
    "person": -8,
    "in-subject": 2,
    "subject-begins": 1,
    "weak": 1,
    "text": 1,
    "company-like": 3,
    "often": 1,
    "place": -4,
    "quoted-at": 2,
    "quoted-label": 3,
    "quoted-client": 3,
    "quoted-title-at": 1,
    "quoted-text": 1,
    "quoted-place": -2,
}
_CLIENT_VOTES = {"weak": 1, "subject-run": 2, "quoted-client": 2}  # more in an agency's mail
_ENOUGH = 4
_CLIENTS = 2  # what the name of an agency's client needs
_LEAST = 3  # what a name needs where a relay's mail has no better
_SIGNED = 5  # what a name needs that nothing ties to the domain, but that stands at the letter's head or end
_SHORT = 3  # letters of what is likelier an abbreviation
_NAME = 7  # words of an agency's name or of a signature's piece
_STRANGE = 7  # what a name needs that nothing ties to the domain it is written from


_SURE = frozenset({"owned", "tenant", "mentioned", "shown", "label", "client", "at"})  # then no place
_TIES = frozenset({"owned", "tenant", "kin", "shown", "shown-piece", "mentioned"})  # to who wrote


def _weigh(one: Candidate, *, client: bool = False) -> int:
    """What a name's marks are worth; in an agency's mail names in places of no weight may be its client's."""
    marks = one.marks - {"place", "quoted-place"} if one.marks & _SURE else one.marks
    return sum(_VOTES.get(mark, 0) + (_CLIENT_VOTES.get(mark, 0) if client else 0) for mark in marks)


def find_company(context: Context, persons: frozenset[str]) -> str | None:
    """The employer's name as the message writes it, never a relay's; `persons` are folded names that are people's."""
    found = list(gather(context, persons).found.values())
    own = _own_label(context)
    others = (
        [one for one in found if one.marks & _OUTSIDE and "titled" not in one.marks and not _is_own_side(one, context)]
        if own
        else []
    )
    if own and (names_agency(context) or (find_agency(context) and _has_client(found))):
        return _choose(others, _CLIENTS, client=True)
    named = any({"shown", "owned"} <= one.marks for one in found) and not context.reading.has("agency")
    if own and not named and _may_be_agency(own) and (client := _choose(others, _CLIENTS)):
        return client
    if own and not is_free(context.sender.domain if context.sender else ""):
        found = [
            one
            for one in found
            if one.marks & _TIES or _weigh(one) >= (_SIGNED if one.marks & {"signed", "heading"} else _STRANGE)
        ]
    relayed = context.sender is not None and is_relay(context.sender)
    return (
        _choose(found)
        or _from_domain(context)
        or (None if own else _choose(found, _LEAST))
        or (_passing(found) if relayed else None)
    )


_PASSING = frozenset({"weak", "in-subject", "subject-begins", "title-at"})


def _passing(found: Iterable[Candidate]) -> str | None:
    """The one name that a relay's mail mentions as employers are mentioned, and not as people, days or places are."""
    likely = [one for one in found if one.marks & _PASSING and _weigh(one) > 0 and len(one.name) > _SHORT]
    best = max(map(_weigh, likely), default=0)
    names = [one.name for one in likely if _weigh(one) == best]
    return names[0] if len(names) == 1 else None


def _has_client(found: Iterable[Candidate]) -> bool:
    """Whether a name other than the sender's own is called a client's."""
    return any("client" in one.marks and not one.marks & _TIES for one in found)


_OUTSIDE = frozenset(
    {
        "subject-run",
        "weak",
        "client",
        "quoted-client",
        "at",
        "label",
        "title-at",
        "subject",
        "summary",
        "text",
        "owned",
        "quoted-at",
        "in-subject",
        "subject-begins",
    }
)


def _choose(found: Iterable[Candidate], enough: int = _ENOUGH, *, client: bool = False) -> str | None:
    """The likeliest of the names, in the fullest form that is likely too."""
    votes = {
        one.name: _weigh(one, client=client) + (enough == _CLIENTS and "subject" in one.marks and " " in one.name)
        for one in found
    }
    total = {
        name: weight
        + sum(max(0, other) for longer, other in votes.items() if longer != name and _holds(longer, name)) // 2
        for name, weight in votes.items()
    }
    best = max(total, key=lambda name: (total[name], len(name)), default=None)
    if best is None or total[best] < enough:
        return None
    fuller = [name for name in votes if _holds(name, best) and votes[name] >= _ENOUGH]
    return max(fuller, key=lambda name: (votes[name], -len(name)), default=best)


def _holds(longer: str, name: str) -> bool:
    return longer != name and f" {fold(name)} " in f" {fold(longer)} "


def _from_domain(context: Context) -> str | None:
    """The name that the employer's own domain, or else a relay's subdomain, spells: the last resort."""
    for domain in employer_domains(context):
        label = domain_label(domain)
        if label and not is_from(domain, "mailers"):
            return read_label(label)
    sender = context.sender
    if sender and is_relay(sender) and sender.domain.count(".") > 1:
        labels = [label for label in tenant_labels(context) if label in sender.domain.split(".")]
        return read_label(labels[0]) if labels else None
    return None


def _own_label(context: Context) -> str:
    sender = context.sender
    return domain_label(sender.domain) if sender and not is_own_service(sender) else ""


def _is_own_side(one: Candidate, context: Context) -> bool:
    """Whether a name is the agency's own: its domain spells it, its signature or its shown name holds it."""
    if one.marks & {"sender's", "shown", "shown-piece"}:
        return True
    sign = fold("\n".join(signature_lines(context.message)))
    label = re.sub(r"\W", "", _own_label(context))
    return fold(one.name) in sign or re.sub(r"\W", "", fold(one.name)) in label


def find_agency(context: Context) -> bool:
    """Whether the sender recruits for a client: so say its words, its name or its domain."""
    return context.reading.has("agency") or names_agency(context)


def names_agency(context: Context) -> bool:
    """Whether the sender's own name, signature or domain is that of who recruits for others."""
    label = _own_label(context)
    if not label:
        return False
    shown = context.sender.display_name if context.sender else ""
    lines = [shown_company(shown), *signature_lines(context.message), *context.message.body.fresh.split("\n")[-6:]]
    for piece in (piece for line in lines for piece in re.split(r" ?[|·•@,()] ?| [-–—] ", line[:120])):
        words = set(re.findall(r"[a-z]+", fold(piece)))
        if (
            "team" not in words
            and len(words) <= _NAME
            and words & employers()["recruits_for_others"]
            and (spells(label, piece) or is_kin(label, piece))
        ):
            return True
    return _AGENCY.search(label) is not None


_AGENCY = re.compile(
    r"(?:search|recruit\w*|staffing|headhunt\w*|interim|uitzend\w*|detachering|personnel|hire)$|-personal$|.{4}rec$"
    r"|^(?:talent[a-z-]{3}|headhunt|headfind)"
)
_SOFT_AGENCY = re.compile(r"talent|jobs?$|rh$|-hr$|conseil|consult|cabinet|agen[zc]|selec|kade$|partners$")


def _may_be_agency(label: str) -> bool:
    return _SOFT_AGENCY.search(label) is not None
