"""Letters as they would read: every form for an invented case, with everything known and with hardly anything."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from followup_mail.core.case import Case, CaseState, Correspondence, DraftKey, Interview, Purpose
from followup_mail.core.compose import Identity, Letter, LetterForm, letter_context
from followup_mail.core.plan import PlaceDraft, ReplyTarget
from followup_mail.core.who import Person, Role
from followup_mail.ports import Letters

IDENTITY = Identity(name="Ana Lima", addr_spec="ana@home.example")
ZONE = "Europe/Lisbon"

_START = datetime(2026, 6, 2, 13, tzinfo=UTC)
_RECRUITER = Person("Maya Okafor", "maya@larkspur.example", Role.RECRUITER)
_ROLES = {
    "recruiter": _RECRUITER,
    "manager": Person("Priya Raman", "priya@larkspur.example", Role.HIRING_MANAGER, "Engineering Manager"),
    "engineer": Person("Tomás Rivera", "tomas@larkspur.example", title="Staff Engineer"),
    "product": Person("Ingrid Solberg", "ingrid@larkspur.example", title="Product Lead"),
    "exec": Person("Noor Bakker", "noor@larkspur.example", title="Chief Technology Officer"),
    "peer": Person("Jonas Falk", "jonas@larkspur.example", title="Data Analyst"),
}
_ANYONE = Person("Marcus Bell", "marcus@larkspur.example")
_UNREACHED = (Person("Ben Adeyemi"), Person("Sofia Lindqvist"), Person("Meera Iyer"))


def samples(form: LetterForm) -> Iterator[tuple[str, PlaceDraft, Case, dict[str, object]]]:
    """Label, action, case and context of each situation in which the form could be chosen."""
    for label, full, met_before in (
        ("all", True, False),
        ("all, met before", True, True),
        ("little", False, False),
        ("little, met before", False, True),
    ):
        if "met_again" in form.suits and not met_before:
            continue
        action, case = _situation(form, full=full, met_before=met_before)
        yield label, action, case, letter_context(action, case, identity=IDENTITY, policy_zone=ZONE, now=action.due)


def previews(letters: Letters, *, language: str | None = None) -> Iterator[tuple[str, Letter]]:
    """Each usable letter in each of its situations, with a label; MessageError where one cannot be rendered."""
    for form in letters.forms():
        if language in {None, form.language}:
            for label, _, _, context in samples(form):
                yield f"{form.name} ({label})", letters.render(form, context)


def _situation(form: LetterForm, *, full: bool, met_before: bool) -> tuple[PlaceDraft, Case]:
    purpose = Purpose(form.purpose)
    relay = "relay" in form.suits
    recipient = next((person for tag, person in _ROLES.items() if tag in form.suits), _RECRUITER if relay else _ANYONE)
    unreached = _UNREACHED[:1] if "one" in form.suits else _UNREACHED[: 3 if full or "several" in form.suits else 1]
    panel = (_ROLES["engineer"], _ROLES["product"]) if full or "panel" in form.suits else ()
    interview = Interview(
        id="larkspur-1",
        start=_START,
        end=_START + timedelta(hours=1),
        end_stated=full,
        zone=ZONE,
        people=(*unreached,) if relay else (recipient, *(p for p in panel if p != recipient)),
        title="Phone screen"
        if "phone" in form.suits
        else "Systems design"
        if full or "session" in form.suits
        else None,
    )
    promised = datetime(2026, 6, 3, 9, tzinfo=UTC) if full else None
    told = purpose is Purpose.REJECTION_REPLY and not met_before
    wrote = datetime(2026, 6, 3, 9, tzinfo=UTC)
    case = Case(
        id="larkspur",
        account="home",
        owner_address=IDENTITY.addr_spec,
        state=CaseState.INTERVIEWED,
        opened=_START - timedelta(days=9),
        company="Larkspur Health" if full else None,
        position="Data Analyst (m/f/d)" if full or "peer" in form.suits else None,
        agency="agency" in form.suits,
        language=form.language,
        interviews=(interview,),
        correspondence=(_message(wrote, recipient),) if promised or told else (),
        promised_by=date(2026, 6, 12),
        promised_at=promised,
        rejection_message_id="<1@larkspur.example>" if told else None,
    )
    now = interview.end + (timedelta(hours=1) if purpose is Purpose.THANK_YOU else timedelta(days=16))
    action = PlaceDraft(
        key=DraftKey(purpose, "larkspur", recipient.addr_spec or "", 2 if "second" in form.suits else 1),
        case_id=case.id,
        account=case.account,
        recipient=recipient,
        due=now,
        deadline=now + timedelta(hours=23),
        interviews=(interview.id,) if full or purpose is Purpose.THANK_YOU else (),
        relay_for=unreached if relay else (),
        met_before=met_before,
        reply_to=None
        if purpose is Purpose.THANK_YOU or (purpose is Purpose.REJECTION_REPLY and not told)
        else ReplyTarget("<1@larkspur.example>", (), "Your interview"),
        language=form.language,
    )
    return action, case


def _message(at: datetime, sender: Person) -> Correspondence:
    return Correspondence(
        message_id="<1@larkspur.example>",
        references=(),
        at=at,
        sender=sender.addr_spec,
        recipients=(IDENTITY.addr_spec,),
        subject="Your interview",
        from_owner=False,
        automatic=False,
        kind="other",
    )
