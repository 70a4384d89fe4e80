"""Signs of a scam: what no employer asks for, and senders that are not who they seem."""

import re
import unicodedata
from collections.abc import Collection
from itertools import takewhile

from followup_mail.core.cues import authserv_domains, fold, is_from
from followup_mail.core.facts.context import Context
from followup_mail.core.facts.domains import domain_label, is_free
from followup_mail.core.facts.values import Doubt
from followup_mail.core.rules import Evidence, Reading

_GRAVE = 3
_NEAR = 80  # characters behind a sentence of giving back in which it is said how to pay
# A sum, and words for paying it: no employer takes money from who applies.
_AMOUNT = re.compile(
    r"(?:usd|eur|gbp|ksh|kes|ngn|rs\.?|inr|brl|mxn|chf|php|r\$|[$€£₹₦]) ?\d"
    r"|\d ?(?:usd|eur|euros?|€|£|dollars?|reais|pesos)"
)
_PAID = re.compile(
    r"\b(?:pay|payment|fee|deposit|transfer|taxa|tasa|gebuhr|frais|cuota|deposito|caution|kosten|pagar|pagamento"
    r"|versa(?:re|mento)|pague|deposite?|abone|betaa?l\w*|uberweis\w*|anzahlung|kaution)\b"
)
_NAME = 6  # letters of a name that is long enough to be imitated
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
    """Whether a domain has other letters than a name in the text: "acme-hea1th" for "Acme Health", "rn" for "m"."""
    label = re.sub(r"[^a-z0-9]", "", domain_label(domain))
    plain = label.translate(_LETTERS)
    letters = re.sub(r"[^a-z]", "", context.reading.low[:6_000])
    merged = label.replace("rn", "m").replace("vv", "w")
    if merged != label and len(merged) >= _NAME and merged in letters and label not in letters:
        return True
    if plain == label or len(plain) < _NAME or not re.search(r"[a-z]\d[a-z]", label):
        return False
    return plain in letters


def _fails_authentication(context: Context) -> bool:
    """Whether the owner's own provider says that the sender's domain did not send it; a pass is no sign.

    Only the topmost fields count, down to the first that no server of the owner's providers wrote: a sender can forge
    the others.
    """
    trusted = {domain for one in context.me for domain in authserv_domains(one.rpartition("@")[2].lower()) if domain}
    fields = [field.lower() for field in context.message.authentication]
    written = " ".join(takewhile(lambda field: _is_written_by(field, trusted), fields))
    if re.search(r"\bdmarc=fail\b", written):
        return True
    return re.search(r"\bspf=fail\b", written) is not None and re.search(r"\b(?:dkim|dmarc)=pass\b", written) is None


def _is_written_by(field: str, domains: Collection[str]) -> bool:
    server = re.match(r"\s*([\w.-]+)(?=[\s;]|$)", field)
    return server is not None and any(server[1] == one or server[1].endswith(f".{one}") for one in domains)


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


# What each sort of words weighs; one found in a sentence with a sum to be paid is a fee.
_WORDS = {
    "scam_money": ("money", 3),
    "scam_refund": ("refund", 3),
    "scam_access": ("access", 3),
    "scam_papers": ("papers", 2),
    "scam_parcel": ("parcels", 3),
    "scam_wallet": ("wallet", 2),
    "scam_chat": ("chat-app", 2),
    "scam_task": ("task", 2),
    "scam_text": ("text-interview", 2),
    "scam_pay": ("pay-quoted", 1),
    "scam_easy": ("easy-job", 1),
}


def _word_signs(context: Context) -> list[tuple[int, str, str]]:
    reading = context.reading
    found: list[tuple[int, str, str]] = []
    for cue, (kind, weight) in _WORDS.items():
        matches = [match for match in reading.find_all(cue) if kind != "money" or not _is_borne(reading, match.start())]
        if not matches:
            continue
        unit = reading.unit_at(matches[0].start())
        words = reading.text[unit.start : unit.end][:200] if unit else matches[0][0]
        near = reading.low[unit.start : unit.end + _NEAR] if unit and kind == "refund" else fold(words)
        fee = kind in {"money", "refund"} and _AMOUNT.search(fold(words)) and _PAID.search(near)
        found.append((weight, "fee" if fee else kind, words))
    return found


def _is_borne(reading: Reading, at: int) -> bool:
    """Whether the sentence says that the employer bears what is to be paid."""
    unit = reading.unit_at(at)
    return (
        unit is not None and reading.cues.pattern("borne_costs").search(reading.low, unit.start, unit.end) is not None
    )


_FROM_FREE = frozenset({"parcels", "wallet", "money", "text-interview", "papers", "access", "refund"})


def _is_guilty(signs: list[tuple[int, str, str]]) -> bool:
    """Whether the signs together are those of a scam: a false sender, a demand with more, or enough of the rest.

    A number for WhatsApp and a job that starts at once are no more than many small employers write.
    """
    kinds = {kind for _, kind, _ in signs}
    if kinds & {"mixed-script", "lookalike", "fee", "parcels"}:
        return True
    if "freemail" in kinds and kinds & _FROM_FREE:
        return True
    harmless = kinds <= {"chat-app", "easy-job", "freemail", "pay-quoted"}
    return len(signs) >= 2 and not harmless and sum(weight for weight, _, _ in signs) >= _GRAVE


def find_fraud(context: Context) -> tuple[bool, tuple[Evidence, ...], tuple[Doubt, ...]]:
    """Whether the message looks like a job scam; the doubt holds every draft until the owner confirms."""
    signs = _sender_signs(context) + _word_signs(context)
    if not _is_guilty(signs) or (context.message.list_id and not context.invitations):
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
