"""Which company, which position, and whether an agency writes for a client."""

import re
from collections import Counter

from followup_mail.core.cues import fold, is_from, senders
from followup_mail.core.facts.context import Context, clean_display_name, is_service
from followup_mail.core.facts.names import is_organisation, is_title
from followup_mail.core.message import Message

_SUFFIX = re.compile(
    r"(?i)[ ,]+(?:recruiting|recruitment|careers?|talent(?: acquisition| team)?|hiring(?: team)?|hr(?: team)?"
    r"|jobs|people(?: team| ops)?"
    r"|human resources|team|interviews?|scheduling|bewerbermanagement|karriere|recrutement|rh|rrhh|seleccion"
    r"|selección|recrutamento"
    r"|werving|selezione|via .*)$"
)
_PREFIX = re.compile(
    r"(?i)^(?:the |team |careers? (?:at )?|talent (?:team )?(?:at )?|recruiting (?:at )?|hr |jobs (?:at )?"
    r"|equipo de |equipe |équipe |das team von )"
)
_RUN = re.compile(
    r"(?:[^\W\d_a-zà-öø-ÿ][\w.'’&+\-]*|\d\w*|&|\+|(?:of|and|de|du|des|der|und|et|y|e|do|da|del|della|di|the"
    r"|for|la|von|van)(?= ))(?: |$)"
)


def _capital_run(text: str) -> str:
    """The leading run of capitalised words of a phrase: a company's name ends where small words begin."""
    kept: list[str] = []
    at = 0
    while len(kept) < 7 and (match := _RUN.match(text, at)):
        word = match[0].strip()
        if kept and fold(word).strip(".,") in senders()["weekdays"]:
            break
        kept.append(word)
        at = match.end()
        if word.endswith((".", ",")) and fold(word).strip(".,") not in {
            "inc",
            "ltd",
            "st",
            "s.a.s",
            "s.a",
            "co",
            "dr",
            "s.l",
            "s.r.l",
            "e.v",
        }:
            break
    while kept and fold(kept[-1]) in senders()["linkers"]:
        kept.pop()
    name = " ".join(kept).strip(" .,'’\"-")
    if kept and fold(kept[-1]) in {"inc.", "ltd.", "s.a.s.", "s.a.", "co.", "s.l.", "s.r.l.", "e.v."}:
        name += "."
    return re.sub(r"['’]s$", "", name)


def _is_company(name: str, context: Context) -> bool:
    folded = fold(name)
    words = folded.split()
    if (
        not words
        or len(name) < 2
        or not any(c.isalpha() for c in name)
        or words[0] in senders()["not_companies"]
        or words[0] in senders()["linkers"] - {"the"}
    ):
        return False
    cues = context.reading.cues
    if not is_organisation(name) and (words[0] in cues.words("honorifics") or words[-1] in cues.words("titles")):
        return False
    owner = {fold(address.display_name) for address in context.message.to if address.display_name}
    return folded not in owner and not (len(name) <= 3 and not name.isupper() and not name[0].isupper())


def _domain_label(domain: str) -> str:
    parts = [part for part in domain.split(".") if part not in {"example", "co", "com", "org", "net", "ac"}]
    if len(parts) >= 2:
        return parts[-2] if len(parts[-1]) <= 3 or parts[-1] in {"careers", "jobs", "digital", "tech"} else parts[-1]
    return parts[0] if parts else ""


def employer_domains(context: Context) -> list[str]:
    """Domains that may be the employer's own: those of correspondents that are no service and no free mail."""
    message = context.message
    addresses = [message.sender, *message.reply_to, *message.cc]
    addresses += [i.organizer.address for i in context.invitations if i.organizer]
    addresses += [attendee.address for i in context.invitations for attendee in i.attendees]
    found = []
    for address in addresses:
        if (
            (
                address
                and not context.is_owner(address)
                and not is_service(address)
                and not is_from(address.domain, "freemail")
            )
            and not is_from(address.domain, "calendar")
            and address.domain not in found
        ):
            found.append(address.domain)
    return found


def _same_as_domain(name: str, labels: list[str]) -> bool:
    words = [re.sub(r"\W", "", word) for word in fold(name).split()]
    joined = "".join(words)
    short = "".join(word[0] for word in words if word)
    return any(
        (
            label
            and (
                joined == label
                or (len(label) >= 4 and joined.startswith(label))
                or (len(joined) >= 4 and label.startswith(joined))
            )
        )
        or (len(short) >= 3 and label == short)
        for label in (re.sub(r"\W", "", fold(label)) for label in labels)
    )


_WITH = re.compile(
    r"\b(?:with|mit|avec|con|com|met|da|do|de|di|von|van|der|a|o)\W{1,2}(?:der |dem |a |o |la |l'|il )?$"
)


def _from_text(context: Context, votes: Counter[str], weak: Counter[str]) -> None:
    """Votes for what the text says; what stands behind "with" may as well be somebody's name: a weak one."""
    reading = context.reading
    for weight, pattern in zip((5, 5, 6, 3, 8, 4, 4, 4), reading.cues.each("company"), strict=False):
        for count, match in enumerate(pattern.finditer(reading.low)):
            if count >= 12:
                break
            start, end = match.span("company")
            name = _capital_run(reading.text[start:end])
            if _is_company(name, context):
                before = reading.low[max(0, start - 14) : start]
                if _WITH.search(before) and not is_organisation(name) and "&" not in name:
                    weak[name] += weight
                else:
                    votes[name] += weight


def _from_signature(context: Context, votes: Counter[str]) -> None:
    cues = context.reading.cues
    for line in signature_lines(context.message):
        for piece in re.split(r" \| |, | - | – | at | @ | • ", line.strip()):
            name = _capital_run(piece.strip() + " ")
            if name and name == piece.strip(" .") and _is_company(name, context) and not is_title(name, cues):
                votes[name] += 4 if is_organisation(name) else 1


def _from_sender(context: Context, votes: Counter[str]) -> None:
    sender = context.sender
    if sender is None or context.is_owner(sender):
        return
    shown = sender.display_name
    trimmed = _SUFFIX.sub("", _PREFIX.sub("", re.sub(r"(?i)^.* (?:at|@|from|von|bei|chez) ", "", shown)))
    if trimmed != shown or is_organisation(trimmed):
        for _ in range(2):
            trimmed = _SUFFIX.sub("", trimmed)
        if _is_company(trimmed, context) and not is_service_name(trimmed):
            votes[trimmed] += 6


def is_service_name(name: str) -> bool:
    """Whether a name is a relay's own: Greenhouse, Calendly, Google Calendar."""
    words = re.sub(r"\W", "", fold(name))
    return any(
        is_from(f"{words}.{end}", kind)
        for kind in ("applicant_tracking", "scheduling")
        for end in ("com", "io", "co", "de", "hr")
    ) or words in {
        "googlecalendar",
        "indeedscheduler",
        "linkedin",
        "ashby",
        "goodtime",
        "modernloop",
        "icims",
        "bamboo",
        "workday",
        "microsoftteams",
    }


def _in_the_text(label: str, context: Context) -> str | None:
    """How the text writes a domain's name: "purplecloud" stands there as "Purple Cloud"."""
    plain = re.sub(r"\W", "", fold(label))
    if len(plain) < 3:
        return None
    spaced = r"[ .&'-]{0,3}".join(map(re.escape, plain))
    if "and" in plain[1:-1]:  # "oakandtide" stands there as "Oak & Tide"
        head, _, tail = plain.partition("and")
        spaced = rf"(?:{spaced}|{re.escape(head)} ?& ?{re.escape(tail)})"
    texts = [context.reading, *([context.quoted] if context.message.body.quoted else [])]
    for reading in texts:
        for match in re.finditer(rf"(?<![\w@./-]){spaced}(?![\w@]|\.\w)", reading.low):
            name = reading.text[match.start() : match.end()]
            if name[0].isupper() or name[0].isdigit():
                rest = _capital_run(reading.text[match.start() : match.start() + 60].split("\n")[0] + " ")
                return rest if is_organisation(rest) and len(rest) <= 50 else name
    signed = re.search(rf"(?<![\w@./-]){spaced}(?![\w@]|\.\w)", fold(context.message.body.signature))
    return context.message.body.signature[signed.start() : signed.end()] if signed else None


def find_company(context: Context, persons: frozenset[str]) -> str | None:  # noqa: C901 - each place has its vote
    """The employer's name as the message writes it, never a relay's; `persons` are folded names that are people's."""
    votes: Counter[str] = Counter()
    weak: Counter[str] = Counter()
    _from_text(context, votes, weak)
    _from_signature(context, votes)
    _from_sender(context, votes)
    labels = [_domain_label(domain) for domain in employer_domains(context)]
    for label in labels:
        name = _in_the_text(label, context)
        if name:
            votes[name] += 7
    for name, weight in weak.items():
        if name in votes or _same_as_domain(name, labels):
            votes[name] += weight
    for name in list(votes):
        folded = fold(name)
        if (
            folded in persons
            or is_service_name(name)
            or any(set(folded.split()) <= set(person.split()) for person in persons)
        ):
            del votes[name]
        elif _same_as_domain(name, labels):
            votes[name] += 6
    merged: Counter[str] = Counter()
    for name, weight in votes.items():
        merged[name] += (
            weight
            + sum(
                other for longer, other in votes.items() if longer != name and fold(longer).startswith(fold(name) + " ")
            )
            // 2
        )
    if merged and find_agency(context) and _own_name(context) is not None:
        clients = Counter(
            {
                name: w
                for name, w in merged.items()
                if not _same_as_domain(name, labels) and w >= 3 and not _is_signed(name, context)
            }
        )
        return max(clients, key=lambda name: clients[name]) if clients else None
    if merged:
        best = max(merged, key=lambda name: (merged[name], -len(name)))
        fuller = [
            name for name in merged if name != best and merged[name] >= 4 and f" {fold(best)} " in f" {fold(name)} "
        ]
        return max(fuller, key=lambda name: (merged[name], -len(name))) if fuller else best
    subject = [
        name
        for name in weak
        if name in context.subject and " " not in name and not any(name.lower() in p for p in persons)
    ]
    if subject and not context.reading.has("people_labels"):
        return subject[0]
    if labels and labels[0] and not is_from(employer_domains(context)[0], "mailers"):
        return labels[0].capitalize()
    return None


def _own_name(context: Context) -> str | None:
    sender = context.sender
    return sender.domain if sender and not is_service(sender) else None


def _is_signed(name: str, context: Context) -> bool:
    return fold(name) in fold(context.message.body.signature)


def find_agency(context: Context) -> bool:
    """Whether the sender recruits for a client."""
    return context.reading.has("agency")


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
