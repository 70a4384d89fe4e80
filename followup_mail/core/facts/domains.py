"""What domains say of the employer: its own, a relay's tenant, and whether a label spells a name."""

import re
from functools import cache, lru_cache

from followup_mail.core.cues import employers, fold, is_from, senders
from followup_mail.core.facts.context import Context, is_service
from followup_mail.core.facts.name_words import is_given
from followup_mail.core.who import Address

_TOPS = frozenset({"example", "co", "com", "org", "net", "ac", "gov", "edu", "gob", "gouv", "or", "info", "biz"})
_MAIL = frozenset(
    {
        *("mail", "email", "e-mail", "smtp", "mx", "mailer", "m", "pec", "hire", "us", "eu", "de", "reply", "replies"),
        *(
            "candidates",
            "candidate",
            "talent",
            "inbound",
            "notifications",
            "notification",
            "messages",
            "message",
            "app",
        ),
        *("job", "jobs", "vacancy", "verw", "comune", "staff", "corp", "www", "careers", "karriere", "hr", "team"),
    }
)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@([\w-]{2,60}(?:\.[\w-]{2,60}){1,4})")
_FREE = re.compile(
    r"(?:hotmail|gmail|outlook|yahoo|gmx|proton|mail|webmail|mailbox|freemail)(?:-?\w{1,5})?$|^(?:gmx|hotmail|outlook|post)-|^(?:mail|post|inbox)$"
)
_LINKERS = senders()["linkers"]
_ADDRESSES = 40  # correspondents that are looked at
_LABELS = 8  # labels that are looked for
_SKIPS = 2  # words of a name before those its domain spells
_KIN = 5  # letters of a word that a domain may share with a name
SPARE = frozenset(
    {
        *("hr", "jobs", "job", "careers", "career", "group", "gov", "online", "app", "hq", "inc", "team", "lib", "eu"),
        *("uk", "de", "fr", "es", "it", "pt", "br", "nl", "be", "ch", "at", "mail", "web", "global", "intl", "chi"),
        *("io", "ai", "co", "org", "the", "get", "try", "we", "recruiting", "talent", "people", "usa", "us", "gmbh"),
    }
)


@cache
def relay_labels() -> frozenset[str]:
    """Labels by which relays, schedulers and boards are known under whatever top domain."""
    listed = senders()["applicant_tracking"] | senders()["scheduling"] | senders()["machines"]
    labels = {re.sub(r"\W", "", domain_label(domain)) for domain in listed}
    return frozenset(label for label in labels if len(label) >= 5) | employers()["boards"] - {"reed", "seek", "apec"}


def is_service_name(name: str) -> bool:
    """Whether a name is a relay's own: Greenhouse, Calendly, Google Calendar."""
    words = re.sub(r"\W", "", fold(name))
    kinds = ("applicant_tracking", "scheduling", "machines")
    return (
        any("." in name and is_from(name.lower(), kind) for kind in kinds)
        or any(is_from(f"{words}.{end}", kind) for kind in kinds for end in ("com", "io", "co", "de", "hr"))
        or words in employers()["boards"]
        or words in {"googlecalendar", "indeedscheduler", "ashby", "goodtime", "modernloop", "icims", "bamboo"}
    )


def is_relay(address: Address) -> bool:
    """Whether an address belongs to a service that carries other employers' mail."""
    domain = address.domain
    if any(is_from(domain, kind) for kind in ("scheduling", "applicant_tracking", "machines", "mailers", "calendar")):
        return True
    return any(re.sub(r"\W", "", label) in relay_labels() for label in domain.split(".")[:-1])


def domain_label(domain: str) -> str:
    """The part of a domain that its owner chose: "acme" of "mail.acme.co.uk"."""
    parts = [part for part in domain.lower().split(".") if part not in _TOPS]
    if len(parts) >= 2:
        return parts[-2] if len(parts[-1]) <= 3 or parts[-1] in {"careers", "jobs", "digital", "tech"} else parts[-1]
    return parts[0] if parts else ""


def _correspondents(context: Context) -> list[Address]:
    message = context.message
    found = [message.sender, *message.reply_to, *message.cc]
    found += [i.organizer.address for i in context.invitations if i.organizer]
    found += [attendee.address for i in context.invitations for attendee in i.attendees]
    return [address for address in found if address and not context.is_owner(address)][:_ADDRESSES]


def is_free(domain: str) -> bool:
    """Whether anybody may have an address here: a free-mail service, or what calls itself one."""
    return is_from(domain, "freemail") or _FREE.search(domain_label(domain)) is not None


def employer_domains(context: Context) -> list[str]:
    """Domains that may be the employer's own: those of correspondents that are no service and no free mail."""
    found = [
        address.domain for address in _correspondents(context) if not is_relay(address) and not is_free(address.domain)
    ]
    return list(dict.fromkeys(found))[:_LABELS]


def tenant_labels(context: Context) -> list[str]:
    """How a relay's address names the employer it writes for: "acme" of acme+1a2b@relay or reply@acme.relay."""
    found: list[str] = []
    for address in _correspondents(context):
        if is_relay(address):
            parts = address.domain.lower().split(".")
            found += [part for part in parts[:-2] if re.sub(r"\W", "", part) not in relay_labels()]
            local = address.addr_spec.rpartition("@")[0].lower().partition("+")[0]
            if not _is_persons(local, context):
                found += [local, *local.split("."), *local.split("-")]
    barred = _MAIL | senders()["no_reply"] | senders()["shared"] | employers()["offices"]
    return [label for label in dict.fromkeys(found) if len(label) >= 3 and label not in barred and label[0].isalpha()][
        :_LABELS
    ]


def _is_persons(local: str, context: Context) -> bool:
    """Whether a relay's local part names who writes: "sterre.vanloon", or the first name that is shown."""
    first = re.split(r"[._-]", local)[0]
    shown = context.sender.display_name.split() if context.sender else []
    if first != local and "." in local and first not in _MAIL | senders()["shared"]:
        return True
    return is_given(first) and (first != local or (len(shown) > 1 and fold(shown[0]) == first))


def mentioned_labels(context: Context) -> list[str]:
    """Labels of the addresses that the text mentions."""
    domains = dict.fromkeys(_ADDRESS.findall(context.reading.low)[:8])
    own = {address.rpartition("@")[2] for address in context.me}
    kept = [domain for domain in domains if domain not in own and not is_relay(Address(f"x@{domain}"))]
    return [domain_label(domain) for domain in kept if not is_free(domain)]


def _plain(label: str) -> set[str]:
    """A label's letters, as it stands and with its umlauts folded as texts fold them."""
    bare = re.sub(r"[^a-z0-9]", "", fold(label))
    return {bare, bare.replace("ae", "a").replace("oe", "o").replace("ue", "u").replace("ss", "s")}


@lru_cache(maxsize=4_096)  # what is tried twice would else be tried a million times
def _covers(label: str, at: int, words: tuple[str, ...], index: int, whole: int) -> bool:
    """Whether the words' beginnings, in their order, make up the rest of a label; `whole` letters are whole words."""
    if at == len(label):
        return whole >= 4 or (index >= 3 and at >= 3 and at <= index + 1)
    if index == len(words):
        return whole >= 4 and label[at:] in SPARE
    word = words[index]
    if (word in _LINKERS or len(word) <= 3) and _covers(label, at, words, index + 1, whole):
        return True
    for length in range(min(len(word), len(label) - at), 0, -1):
        if label[at : at + length] == word[:length]:
            gained = length if length == len(word) or length >= 4 else 0
            if _covers(label, at + length, words, index + 1, min(4, whole + gained)):
                return True
    return False


def spells(label: str, name: str) -> bool:
    """Whether a domain's label spells a name: its words, their beginnings or initials, in their order."""
    words = [re.sub(r"[^a-z0-9]", "", part) for part in re.split(r"[\s'’&+./-]+", fold(name))][:8]
    words = [word for word in words if word]
    parts = [part for part in re.split(r"[-_]", label) if len(part) >= 4] if re.search(r"[-_]", label) else []
    for plain in {form for part in (label, *parts[:1]) for form in _plain(part)}:
        for skipped in range(min(_SKIPS, len(words) - 1) + 1 if words else 0):
            rest = tuple(words[skipped:])
            if plain and rest[0][:1] == plain[:1] and _covers(plain[:40], 0, rest, 0, 0):
                return True
        joined = "".join(words)
        if len(joined) >= 5 and plain.startswith(joined):
            return True
        if len(plain) >= 4 and (joined == plain or words[-1:] == [plain]):
            return True
    return False


def is_kin(label: str, name: str) -> bool:
    """Whether a label holds a word of a name that is no common one."""
    words = [word for word in re.split(r"\W+", fold(name)) if len(word) >= _KIN]
    common = employers()["opening"] | employers()["closing"] | employers()["offices"]
    return any(word not in common and word in plain for word in words for plain in _plain(label))


def is_own_service(address: Address) -> bool:
    """Whether nobody in particular writes from this address."""
    return is_service(address) or is_relay(address)
