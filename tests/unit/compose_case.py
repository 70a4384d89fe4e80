"""An invented case to write letters about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from followup_mail.core.case import Case, CaseState, DraftKey, Interview, Purpose
from followup_mail.core.compose import Identity, letter_context
from followup_mail.core.plan import PlaceDraft
from followup_mail.core.who import Person, Role

OWNER = Identity("Ana Lima", "ana@home.example")
START = datetime(2026, 6, 4, 13, tzinfo=UTC)  # a Thursday
NOW = START + timedelta(hours=2)
PRIYA = Person("Priya Raman", "priya@larkspur.example", Role.HIRING_MANAGER, "Engineering Manager")
TOMAS = Person("Tomás Rivera", "tomas@larkspur.example", title="Staff Engineer")
INGRID = Person("Ingrid Solberg", "ingrid@larkspur.example", title="Product Lead")
MAYA = Person("Maya Okafor", "maya@larkspur.example", Role.RECRUITER)
PANEL = (
    PRIYA,
    TOMAS,
    INGRID,
    MAYA,
    Person("Hana Kobayashi", "hana@larkspur.example"),
    Person("Luis Ortega", "luis@larkspur.example"),
    Person("Meera Iyer", "meera@larkspur.example"),
    Person("Ben Adeyemi", "ben@larkspur.example"),
)


def an_interview(**values: Any) -> Interview:
    return replace(
        Interview("larkspur-1", START, START + timedelta(hours=1), zone="Europe/Lisbon", people=(PRIYA,)), **values
    )


def a_case(**values: Any) -> Case:
    case = Case(
        id="larkspur",
        account="home",
        owner_address=OWNER.addr_spec,
        state=CaseState.INTERVIEWED,
        opened=START - timedelta(days=9),
        company="Larkspur Health",
        position="Backend Engineer",
        interviews=(an_interview(),),
    )
    return replace(case, **values)


def an_action(
    recipient: Person = PRIYA, *, purpose: Purpose = Purpose.THANK_YOU, ordinal: int = 1, **values: Any
) -> PlaceDraft:
    action = PlaceDraft(
        key=DraftKey(purpose, "larkspur/2026-06-04", recipient.addr_spec or "", ordinal),
        case_id="larkspur",
        account="home",
        recipient=recipient,
        due=NOW,
        deadline=NOW + timedelta(hours=23),
        interviews=("larkspur-1",),
    )
    return replace(action, **values)


def a_context(action: PlaceDraft | None = None, case: Case | None = None, *, now: datetime = NOW) -> dict[str, object]:
    return letter_context(action or an_action(), case or a_case(), identity=OWNER, policy_zone="Europe/Lisbon", now=now)
