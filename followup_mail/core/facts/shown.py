"""How a sender shows and signs: an employer's name or a person's, an office's mailbox or somebody's."""

import re
from functools import cache

from followup_mail.core.cues import employers, fold, is_from, senders
from followup_mail.core.facts.context import Context, clean_display_name
from followup_mail.core.facts.domains import domain_label, employer_domains, is_own_service, spells, tenant_labels
from followup_mail.core.message import Message
from followup_mail.core.who import Address

_TAIL = 14  # last lines in which a writer signs


def looks_like_company(name: str) -> bool:
    """Whether a name has the words or the form of a company's or an institution's."""
    words = [re.sub(r"[^a-z0-9]", "", word) for word in fold(name).split()]
    words = [word for word in words if word]
    if not words or (len(words) == 1 and name != name.upper() and "&" not in name):
        return bool(words) and bool(_compound().search(words[0])) and len(words[0]) > 7
    if len(words) == 1:
        return False
    return (
        words[-1] in employers()["closing"]
        or _ends_legally(name)
        or " ".join(words[-2:]) in employers()["closing"]
        or words[0] in employers()["opening"]
        or any(len(word) > 7 and _compound().search(word) for word in words)
    )


def _ends_legally(name: str) -> bool:
    """Whether a legal form ends the name: "GmbH", "S.p.A.", "AG"; two letters only if they are capitals."""
    last = name.rsplit(maxsplit=1)[-1]
    plain = re.sub(r"[^a-z]", "", fold(last))
    return plain in employers()["legal"] and (len(plain) > 2 or last.isupper() or "." in last)


@cache
def _compound() -> re.Pattern[str]:
    return re.compile(rf"\w{{3,}}(?:{'|'.join(sorted(employers()['compound']))})$")


def find_writer(context: Context) -> frozenset[str]:
    """The folded name of the person who writes, if the shown name is one: it signs, or the address has it."""
    sender = context.sender
    shown = fold(clean_display_name(sender.display_name)) if sender else ""
    words = shown.split()
    if sender is None or not words or len(words) > 4 or looks_like_company(sender.display_name):
        return frozenset()
    passed_on = " via " in f"{sender.display_name} ".lower()
    joined = re.sub(r"[^a-z0-9]", "", shown)
    if set(words) & employers()["offices"] - senders()["linkers"] or joined in tenant_labels(context):
        return frozenset()
    if len(words) == 1 and not passed_on and is_own_service(sender):
        return frozenset()
    labels = [*tenant_labels(context), *map(domain_label, employer_domains(context))]
    if len(words) > 2 and words[-2] in senders()["linkers"] and any(spells(label, words[-1]) for label in labels):
        return frozenset({" ".join(words[:-2])})  # "Linda di Fiordo"
    if _signs(context, words, full=passed_on) or _addressed(context, sender, words):
        return frozenset({shown})
    met = (
        "with|by|mit|avec|con|com|met|da|von|par|por"
        if is_from(sender.domain, "scheduling") or passed_on
        else "by|par|por|von"
    )
    introduced = len(words) > 1 and re.search(rf"\b(?:{met}) {re.escape(shown)}", context.reading.low)
    return frozenset({shown}) if introduced else frozenset()


def _signs(context: Context, words: list[str], *, full: bool) -> bool:
    """Whether the message ends with the first name alone, or with the full name and a job beside or below it."""
    lines = [line.strip() for line in context.message.body.fresh.split("\n") if line.strip()][-_TAIL:]
    lines += signature_lines(context.message)
    folded = [fold(line).strip(" ,.-–!") for line in lines]
    labels = tenant_labels(context)
    if words[0] in folded and not any(
        spells(label, words[0]) for label in labels if "-" not in label and "." not in label
    ):
        return True
    if full and " ".join(words) in folded:
        return True
    name, titles = " ".join(words), context.reading.cues.words("titles")
    for index, line in enumerate(folded):
        if len(words) < 2 or not line.startswith(name):
            continue
        below = [one for one in folded[index + 1 : index + 2] if not one.startswith(name)]
        beside = set(re.split(r"\W+", " ".join([line[len(name) :], *below])))
        if beside & titles and not beside - {""} <= employers()["offices"]:
            return True
    return False


def _addressed(context: Context, sender: Address, words: list[str]) -> bool:
    addresses = [sender.addr_spec, *(address.addr_spec for address in context.message.reply_to)]
    parts = [set(re.split(r"[^a-z]+", address.partition("@")[0].lower())) for address in addresses]
    joined = "".join(word for word in words if word not in senders()["linkers"])
    locals_ = {re.sub(r"[^a-z]", "", address.partition("@")[0].lower()) for address in addresses}
    if len(words) > 2 and words[1] in senders()["linkers"] and locals_ & {joined, "".join(words)}:
        return True
    return len(words) > 1 and any({words[0], words[-1]} <= part or words[0][:1] + words[-1] in part for part in parts)


def shown_company(shown: str) -> str:
    """A sender's shown name without its office: "Acme Recruiting" and "Team HR - Acme" are "Acme"."""
    words = shown.split()
    offices = employers()["offices"]
    while words and fold(words[-1]).strip(".,-–|()") in offices:
        words.pop()
    while words and (fold(words[0]).strip(".,-–|()") in offices or words[0] in {"-", "–", "|"}):
        words.pop(0)
    return " ".join(words).strip(" -–|,()")


def is_office(addr_spec: str) -> bool:
    """Whether a mailbox is an office's though no list names it: "gerencia", "schulleitung", "buero"."""
    parts = re.split(r"[._+-]", addr_spec.partition("@")[0].lower())
    return any(part in employers()["offices"] for part in parts) or parts[0] in {
        "buero",
        "bureau",
        "kantoor",
        "geral",
        "administracion",
        "mail",
    }


def signature_lines(message: Message) -> list[str]:
    """The lines of a message's signature, at most eight; without a closing, those from the writer's own name on."""
    found = [line.strip() for line in message.body.signature.split("\n") if line.strip()][:8]
    if found or message.sender is None:
        return found
    name = fold(clean_display_name(message.sender.display_name))
    names = {name, name.split(" ")[0], f"{name.split(' ')[0]} x"} - {""}
    last = [line.strip() for line in message.body.fresh.split("\n") if line.strip()][-6:]
    signed = [index for index, line in enumerate(last) if index and fold(line).strip(" ,.-–") in names]
    return last[signed[-1] :] if signed else []
