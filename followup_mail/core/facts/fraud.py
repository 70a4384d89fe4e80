"""Signs of a scam: what no employer asks for, and senders that are not who they seem."""

import re
import unicodedata

from followup_mail.core.cues import fold, is_from
from followup_mail.core.facts.context import Context
from followup_mail.core.facts.domains import domain_label, is_free
from followup_mail.core.facts.values import Doubt
from followup_mail.core.rules import Evidence

_GRAVE = 3
# A sum, and words for paying it: no employer takes money from who applies.
_AMOUNT = re.compile(
    r"(?:usd|eur|gbp|ksh|kes|ngn|rs\.?|inr|brl|mxn|chf|php|r\$|[$€£₹₦]) ?\d"
    r"|\d ?(?:usd|eur|euros?|€|£|dollars?|reais|pesos)"
)
_PAID = re.compile(
    r"\b(?:pay|payment|fee|deposit|transfer|taxa|tasa|gebuhr|frais|cuota|deposito|caution|kosten|pagar|pagamento"
    r"|versa(?:re|mento)|betal\w*|uberweis\w*|anzahlung|kaution)\b"
)
_LETTERS = str.maketrans("0135", "oles")
_KNOWN = (
    "google",
    "microsoft",
    "amazon",
    "apple",
    "facebook",
    "linkedin",
    "netflix",
    "paypal",
    "indeed",
    "deloitte",
    "siemens",
    "accenture",
    "oracle",
    "adobe",
)


def _scripts(domain: str) -> set[str]:
    decoded = domain
    if "xn--" in domain:
        try:
            decoded = domain.encode("ascii", "ignore").decode("idna")
        except (UnicodeError, ValueError):
            return {"UNREADABLE", "LATIN"}
    return {unicodedata.name(c, "?").split(" ")[0] for c in decoded if c.isalpha()}


def _looks_alike(domain: str) -> bool:
    label = domain.split(".")[-2] if domain.count(".") else domain
    plain = label.translate(_LETTERS)
    for brand in _KNOWN:
        if plain != label and brand in re.split(r"[-.]", plain):
            return True
        if (
            brand in re.split(r"-", label)
            and label != brand
            and re.search(r"career|job|hiring|hr|recruit|interview", label)
        ):
            return True
    return False


def _imitates_text(domain: str, context: Context) -> bool:
    """Whether a domain has figures for letters of a name in the text: "acme-hea1th" for "Acme Health"."""
    label = re.sub(r"[^a-z0-9]", "", domain_label(domain))
    plain = label.translate(_LETTERS)
    if plain == label or len(plain) < 6 or not re.search(r"[a-z]\d[a-z]", label):
        return False
    return plain in re.sub(r"[^a-z]", "", context.reading.low[:6_000])


def _fails_authentication(context: Context) -> bool:
    """Whether the owner's own provider says that the sender's domain did not send it; a pass is no sign.

    Only the topmost field counts, and only if the server that wrote it belongs to a domain of the owner's addresses.
    """
    field = context.message.authentication[0].lower() if context.message.authentication else ""
    server = re.match(r"\s*([\w.-]+)", field)
    homes = {address.rpartition("@")[2] for address in context.me}
    if not server or not any(server[1] == home or server[1].endswith(f".{home}") for home in homes if home):
        return False
    if re.search(r"\bdmarc=fail\b", field):
        return True
    return re.search(r"\bspf=fail\b", field) is not None and re.search(r"\b(?:dkim|dmarc)=pass\b", field) is None


def _sender_signs(context: Context) -> list[tuple[int, str, str]]:
    message = context.message
    found: list[tuple[int, str, str]] = []
    sender = message.sender
    if sender is None:
        return found
    domains = [sender.domain, *(a.domain for a in message.reply_to)]
    if any(len(_scripts(domain)) > 1 for domain in domains):
        found.append((_GRAVE, "mixed-script", f"the domain {domains[0]} mixes alphabets"))
    if any(_looks_alike(domain) or _imitates_text(domain, context) for domain in domains):
        found.append((_GRAVE, "lookalike", f"the domain {domains[0]} imitates another"))
    free = is_from(sender.domain, "freemail")
    found.extend(
        (2, "reply-to", f"answers go to {reply.addr_spec}, not to {sender.domain}")
        for reply in message.reply_to
        if reply.domain != sender.domain and is_free(reply.domain) and not free
    )
    if _fails_authentication(context):
        found.append((2, "authentication", f"your mail provider could not verify that {sender.domain} sent it"))
    if free and re.search(
        r"\b(?:hr|human resources|hiring|recruit\w*|careers?|talent|personal\w*|recrutement|rrhh|rh)\b",
        fold(sender.display_name),
    ):
        found.append((1, "freemail", f"a recruiter writes from {sender.domain}"))
    elif free:
        found.append((0, "freemail", f"the sender writes from {sender.domain}"))
    return found


def _word_signs(context: Context) -> list[tuple[int, str, str]]:
    reading = context.reading
    weights = (2, 2, 3, 2, 1, 1)
    names = ("chat-app", "papers", "money", "text-interview", "pay-quoted", "easy-job")
    counted: dict[str, tuple[int, str, str]] = {}
    for pattern in reading.cues.each("scam"):
        match = pattern.search(reading.active)
        if not match:
            continue
        kind = _kind_of(match[0])
        unit = reading.unit_at(match.start())
        words = reading.text[unit.start : unit.end][:200] if unit else match[0]
        fee = kind == "money" and _AMOUNT.search(fold(words)) and _PAID.search(fold(words))
        counted.setdefault(kind, (weights[names.index(kind)], "fee" if fee else kind, words))
    return list(counted.values())


def _kind_of(words: str) -> str:
    """Which sort of sign the words are."""
    if re.search(
        r"whats|telegram|signal|messenger|hangout|wechat|skype|discord|zangi|wire app|wickr|icq|line id"
        r"|text (?:me|us|him|her)|add (?:me|him|her|us)|teams id",
        words,
    ) and not re.search(r"interview", words):
        return "chat-app"
    if re.search(r"interview|gesprach|entretien|entrevista|colloquio", words):
        return "text-interview"
    if re.search(
        r"bank|konto|iban|rib\b|kredit|carte|account|social|ssn|card|ausweis|identit|cuenta|tarjeta|dni|cpf|passport|passaport|conto|codice|bsn|paspoort|rekening|birth|front|copia|copie|kopie|schufa|pix|routing|ident|zugangsdaten",
        words,
    ):
        return "papers"
    if re.search(
        r"experien|erfahrung|ervaring|home|heim|domicile|casa|thuis|nebenverdienst|revenu|ingres|renda|ganhe|gana|guadagn|immediate|hired|assistant|clerk|part|bijverdien",
        words,
    ):
        return "easy-job"
    if re.search(r"\d", words):
        return "pay-quoted"
    return "money"


def find_fraud(context: Context) -> tuple[bool, tuple[Evidence, ...], tuple[Doubt, ...]]:
    """Whether the message looks like a job scam; the doubt holds every draft until the owner confirms."""
    signs = _sender_signs(context) + _word_signs(context)
    total = sum(weight for weight, _, _ in signs)
    strong = [sign for sign in signs if sign[0] >= 2]
    free = any(kind == "freemail" for _, kind, _ in signs)
    guilty = (
        any(kind in {"mixed-script", "lookalike", "fee"} for _, kind, _ in signs)
        or (total >= _GRAVE and len(strong) >= 1 and (len(signs) >= 2))
        or (free and any(kind in {"money", "text-interview", "papers", "chat-app"} for _, kind, _ in signs))
    )
    if not guilty or (context.message.list_id and not context.invitations):
        return False, (), ()
    evidence = tuple(
        Evidence(
            f"fraud-{kind}",
            "fresh"
            if kind not in {"reply-to", "freemail", "lookalike", "mixed-script", "authentication"}
            else "header",
            words[:300],
        )
        for _, kind, words in signs
    )
    words = "; ".join(words for _, _, words in signs[:3])
    return True, evidence, (Doubt("fraud", f"This may be a scam: {words}"[:400], holds=True),)
