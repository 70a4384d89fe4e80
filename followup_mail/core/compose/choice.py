"""Which letter suits an action: by role, session and seat, no two of a panel alike, nobody the same one twice."""

import re
from collections.abc import Collection, Mapping, Sequence

from followup_mail.core.case import Purpose
from followup_mail.core.compose.letter import LetterForm
from followup_mail.core.plan import PlaceDraft
from followup_mail.core.who import Person, Role

FAMILIES = frozenset({"recruiter", "manager", "engineer", "product", "exec", "peer"})
"""Tags of letters that build on what the recipient does; a letter with one is for such people only."""

_TITLES = (
    (
        "product",
        r"product (?:manager|owner|lead|designer)|head of product|produkt(?:manager|owner)|chef\w* de produit",
    ),
    (
        "recruiter",
        (
            r"recruit|talent|people (?:partner|operations|team)|human resources|\bhr\b|personal(?:referent|abteilung)"
            r"|ressources humaines|\brh\b|recursos humanos|risorse umane|personeel"
        ),
    ),
    (
        "exec",
        (
            r"\bc[etofpim]o\b|chief|\bvp\b|vice.?president|president|founder|managing director|geschäftsführ|gründer"
            r"|direct(?:eur|rice) général|fondat|director\w* general|oprichter|amministrat\w+ delegat"
        ),
    ),
    (
        "manager",
        (
            r"(?:engineering|hiring|line|team|group|department|general) manager|manager of|head of|director|team ?lead"
            r"|tech(?:nical)? lead|engineering lead|leiter|leitung|responsab[il]|chef\w* d|\bjef[ea]\b|gerente"
            r"|coordenador|leidinggevende|hoofd|teamleider|capo"
        ),
    ),
    (
        "engineer",
        (
            r"engineer|developer|programmer|architect|entwickler|ingenieur|ingénieur|développeu|ingenier|desarrollador"
            r"|engenheir|programador|desenvolvedor|ontwikkelaar|ingegnere|sviluppator"
        ),
    ),
)
_RECRUITERS = frozenset({Role.RECRUITER, Role.COORDINATOR, Role.AGENCY})
_SENIORITY = frozenset({"senior", "junior", "staff", "principal", "lead", "associate", "iii", "and", "und"})
_ROLE_POINTS = 8
_TAG_POINTS = 4


def family_of(person: Person, position: str | None = None) -> str | None:
    """What somebody does, as far as letters differ by it: one of FAMILIES, None where role and title do not say.

    A "peer" does the very job the interview was about.
    """
    title = (person.title or "").casefold()[:200]
    if person.role in _RECRUITERS:
        return "recruiter"
    for family, pattern in _TITLES:
        if re.search(pattern, title) and not (family == "engineer" and "sales" in title):
            return family if family == "exec" or person.role is not Role.HIRING_MANAGER else "manager"
    if person.role is Role.HIRING_MANAGER:
        return "manager"
    work = _work(title)
    return "peer" if work and position and work == _work(position.casefold()) else None


def _work(title: str) -> frozenset[str]:
    """The words of a title that name the work, without seniority or decoration."""
    return frozenset(re.findall(r"[^\W\d_]{3,}", re.sub(r"\([^()]{0,60}\)", " ", title))) - _SENIORITY


def tags_of(action: PlaceDraft, context: Mapping[str, object]) -> frozenset[str]:
    """What holds of an action, in the words templates use after "suits:"."""
    relay = context.get("relay")
    named = len(relay) if isinstance(relay, list) else 0
    holds = {
        str(context["family"]): bool(context.get("family")),
        "relay": bool(action.relay_for),
        "one": named == 1,
        "several": named > 1,
        "agency": bool(context.get("agency")),
        "met_again": action.met_before,
        "panel": bool(context.get("others")),
        "session": bool(context.get("session")),
        "phone": bool(context.get("phone")),
        "promised": bool(context.get("promised_by")),
        "first": action.key.ordinal == 1,
        "second": action.key.ordinal > 1,
        "anyone": True,
    }
    return frozenset(tag for tag, true in holds.items() if true)


def choose_letter(
    forms: Sequence[LetterForm],
    action: PlaceDraft,
    context: Mapping[str, object],
    *,
    used: Collection[str] = (),
    siblings_used: Collection[str] = (),
) -> LetterForm | None:
    """The letter for this action, the same one for the same arguments; None where none is left that suits."""
    return next(iter(suitable_letters(forms, action, context, used=used, siblings_used=siblings_used)), None)


def suitable_letters(
    forms: Sequence[LetterForm],
    action: PlaceDraft,
    context: Mapping[str, object],
    *,
    used: Collection[str] = (),
    siblings_used: Collection[str] = (),
) -> tuple[LetterForm, ...]:
    """The letters for this action, the one to take first, the others for the case that it cannot be rendered.

    `used` names the letters this person already had, `siblings_used` those of the visit's other people. Nobody gets the
    same thank-you twice; somebody with whom the owner has several processes may get another letter's words again rather
    than none, when every other one is used. Whatever a form
    suits must hold of the action, and whatever it needs must be known; of those left, the one that says most wins, and
    among equals the seat decides.
    """
    tags = tags_of(action, context)
    relay = action.key.purpose is Purpose.THANK_YOU and "relay" in tags
    suitable = [
        form
        for form in forms
        if (form.purpose, form.language) == (str(action.key.purpose), action.language)
        and form.suits <= tags
        and ("relay" in form.suits) == relay
        and form.name not in siblings_used
        and all(context.get(name) not in (None, "", False) for name in form.needs)
    ]
    fresh = [form for form in suitable if form.name not in used]
    own_note = action.key.purpose is Purpose.THANK_YOU and not relay
    left = sorted(fresh or ([] if own_note else suitable), key=lambda form: (-_points(form), form.name))
    best = [form for form in left if _points(form) == _points(left[0])]
    first = action.seat % len(best) if best else 0
    return (*best[first:], *best[:first], *left[len(best) :])


def _points(form: LetterForm) -> int:
    """How much a form says that is particular to its reader."""
    return (
        _ROLE_POINTS * len(form.suits & FAMILIES)
        + _TAG_POINTS * len(form.suits - FAMILIES - {"anyone"})
        + len(form.needs)
    )
