"""Who writes for the employer, and whether a person speaks through a relay."""

import re
from dataclasses import replace

from followup_mail.core.cues import fold, is_from, room_pattern
from followup_mail.core.facts.context import Context, clean_display_name, is_service, is_shared
from followup_mail.core.facts.employer import is_service_name, signature_lines
from followup_mail.core.facts.named import find_labelled, is_somebody
from followup_mail.core.facts.names import NAME, is_organisation, is_title
from followup_mail.core.facts.persons import Directory, as_person, is_employer
from followup_mail.core.who import Person, Role


def find_signed_title(context: Context) -> str | None:
    """The job under the signature."""
    for line in signature_lines(context.message):
        for piece in re.split(r" \| | • |, | @ | at ", line):
            if is_title(piece, context.reading.cues) and len(piece) <= 60:
                return piece.strip()
    return None


def is_human_relay(context: Context) -> bool:
    """Whether a person answered through an applicant-tracking relay: their own name, in a thread, signed."""
    message = context.message
    sender = message.sender
    if sender is None or message.automatic or not is_from(sender.domain, "applicant_tracking"):
        return False
    shown = clean_display_name(sender.display_name)
    if len(shown.split()) < 2 or not NAME.fullmatch(shown) or is_organisation(shown) or is_service_name(shown):
        return False
    lines = [fold(line).strip(" ,.-") for line in signature_lines(message)]
    signed = any(line and line in {fold(shown), fold(shown).split(" ")[0]} for line in lines)
    return signed and bool(message.references or message.body.quoted)


def find_recruiter(context: Context, directory: Directory, company: str | None) -> Person | None:
    """Who writes for the employer, or arranged it: the sender, else who answers for a relay, else a name only."""
    message = context.message
    candidates = [message.sender, *message.reply_to]
    candidates += [i.organizer.address for i in context.invitations if i.organizer and (message.sender or i.attendees)]
    usable = [
        a
        for a in candidates
        if a and not context.is_owner(a) and not is_service(a) and not room_pattern().search(fold(a.display_name))
    ]
    named = [one for one, _ in find_labelled(context.reading, "recruiter_labels")]
    signed = _signed_name(context)
    for address in usable:
        if not is_shared(address.addr_spec):
            return replace(
                as_person(address, _recruiter_role(context), find_signed_title(context)),
                signs_as=signed and signed.split(" ")[0],
            )
    for one in named:
        if is_somebody(one, context, context.reading) and not is_employer(one.name, company):
            return Person(
                one.name, one.addr_spec or directory.find(one.name), Role.RECRUITER, one.title, honorific=one.honorific
            )
    if usable:
        shown = signed if signed and len(signed.split()) > 1 else clean_display_name(usable[0].display_name)
        return Person(shown, usable[0].addr_spec, _recruiter_role(context))
    sender = message.sender
    shown = clean_display_name(sender.display_name) if sender else ""
    if (
        sender
        and is_from(sender.domain, "applicant_tracking")
        and len(shown.split()) in {2, 3}
        and NAME.fullmatch(shown)
    ) and (
        not is_organisation(shown)
        and not is_service_name(shown)
        and not re.search(r"(?i)recruit|career|talent|team|hiring|jobs|hr\b", shown)
        and not is_employer(shown, company)
    ):
        return Person(shown, sender.addr_spec if not is_service(sender) else None, Role.RECRUITER)
    if signed and len(signed.split()) > 1 and not is_employer(signed, company):
        return Person(signed, directory.find(signed), Role.RECRUITER, find_signed_title(context))
    return None


def _recruiter_role(context: Context) -> Role:
    title = fold(find_signed_title(context) or "")
    if context.reading.has("agency"):
        return Role.AGENCY
    return Role.COORDINATOR if title and context.reading.cues.pattern("arranges").search(title) else Role.RECRUITER


def _signed_name(context: Context) -> str | None:
    """The name under the message: the signature's first line that is one."""
    closings = {closing.replace("ss", "s") for closing in context.reading.cues.words("closings")}
    for line in signature_lines(context.message)[:4]:
        plain = fold(line).strip(" ,.!").replace("ss", "s")
        if plain in closings:
            continue
        name = next((line[len(one) + 2 :] for one in closings if plain.startswith(one + ", ")), line)
        match = NAME.fullmatch(name.strip(" ,.-–"))
        if (
            match
            and not is_title(name, context.reading.cues)
            and not is_organisation(name)
            and not re.search(r"(?i)\bteam\b", name)
        ):
            return match[0]
        return None
    return None
