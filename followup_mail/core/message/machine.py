"""Who answered by machine: delivery status (RFC 3464), disposition (8098), automatic responses (3834), lists."""

import re

from followup_mail.core.message.fields import Fields, first, parse_parameters
from followup_mail.core.message.parts import Tree
from followup_mail.core.who import Address

_BOUNCE_SENDERS = re.compile(
    r"^(?:mailer-?daemon|mail-?daemon|mdaemon|maildaemon|mmdf|double-bounce)(?:[+.=-].*)?$", re.IGNORECASE
)
_BOUNCE_SUBJECT = re.compile(
    r"^(?:re:\s*)?(?:undeliver(?:able|ed)|(?:mail|message) delivery (?:failed|failure|status)"
    r"|delivery (?:status|failure|has failed|problem)"
    r"|delivery notification|returned mail|returned to sender|failure notice|mail (?:system )?error|(?:message"
    r"|mail) (?:delayed|undeliverable)"
    r"|warning: (?:could not send|message)|undelivered mail|mail could not be delivered|non-?delivery"
    r"|unzustellbar|nicht zustellbar|zustellung(?:sbericht)? fehlgeschlagen|fehler bei der zustellung"
    r"|non remis|échec de (?:la )?remise|message non délivré|no se puede entregar|no entregado|error de entrega"
    r"|correo devuelto"
    r"|não entregue|não é possível entregar|falha na entrega|onbestelbaar|niet bezorgd|mancato recapito"
    r"|impossibile recapitare)\b",
    re.IGNORECASE,
)
_REPLY_SUBJECT = re.compile(
    r"^(?:re:\s*)?(?:\[?(?:automatic|auto)[ -]?(?:reply|response|responder|antwort)\b|autoreply|auto:"
    r"|out[ -]of[ -](?:the )?office|ooo\b|away from (?:the )?office"
    r"|automatische antwort|abwesenheits|abwesend\b|ich bin (?:derzeit )?nicht im büro|réponse automatique"
    r"|absence du bureau|absent du bureau"
    r"|respuesta automática|fuera de (?:la )?oficina|resposta automática|fora do escritório|ausência"
    r"|automatisch antwoord|automatische reactie|afwezig"
    r"|risposta automatica|fuori (?:sede|ufficio)|assenza|autosvar|automatiskt svar|automatisk svar"
    r"|vacation reply|on vacation)",
    re.IGNORECASE,
)
_REPLY_FIELDS = (
    "x-autoreply",
    "x-autorespond",
    "x-auto-reply-from",
    "x-mail-autoreply",
    "x-vacation",
    "x-autoreply-from",
)
_POSTMASTER = re.compile(r"^(?:postmaster|mail delivery (?:sub)?system|mail-?admin|mailer)$", re.IGNORECASE)
_DELIVERED = re.compile(rb"(?im)^action:[ \t]*(delivered|relayed|expanded)")
_FAILED = re.compile(rb"(?im)^action:[ \t]*(failed|delayed)")


def _word(fields: Fields, name: str) -> str:
    return re.split(r"[;(\s]", first(fields, name).lower().strip(), maxsplit=1)[0]


def _report(tree: Tree) -> str:
    """What a multipart/report, or the parts it is made of, say."""
    report_type = tree.params.get("report-type", "").lower() if tree.content_type == "multipart/report" else ""
    if report_type == "disposition-notification" or "message/disposition-notification" in tree.types:
        return "disposition"
    if report_type == "delivery-status" or "message/delivery-status" in tree.types:
        status = b"\n".join(
            part.octets[:20_000] for part in tree.parts if part.content_type == "message/delivery-status"
        )
        return "disposition" if _DELIVERED.search(status) and not _FAILED.search(status) else "bounce"
    return ""


def _is_bounce(tree: Tree, sender: Address | None, subject: str) -> bool:
    fields = tree.fields
    if "x-failed-recipients" in fields or "x-ms-exchange-message-is-ndr" in fields:
        return True
    local = "" if sender is None else sender.addr_spec.rpartition("@")[0]
    name = "" if sender is None else sender.display_name
    if _BOUNCE_SENDERS.match(local):
        return not _REPLY_SUBJECT.match(subject)
    null_path = first(fields, "return-path").replace(" ", "") == "<>"
    nobody = sender is None and "from" in fields
    unnamed = nobody or bool(_POSTMASTER.match(local) or _POSTMASTER.match(name))
    return (null_path or unnamed) and bool(_BOUNCE_SUBJECT.match(subject))


def _is_auto_replied(fields: Fields, subject: str) -> bool:
    return (
        _word(fields, "auto-submitted") == "auto-replied"
        or _word(fields, "precedence") in {"auto_reply", "auto-reply"}
        or any(name in fields for name in _REPLY_FIELDS)
        or bool(_REPLY_SUBJECT.match(subject))
    )


def _is_auto_generated(fields: Fields) -> bool:
    submitted = _word(fields, "auto-submitted")
    return (
        submitted not in {"", "no"}
        or _word(fields, "precedence") in {"bulk", "junk", "auto", "list"}
        or any(name in fields for name in ("x-auto-response-suppress", "list-unsubscribe", "feedback-id"))
    )


def find_automatic(tree: Tree, *, sender: Address | None, subject: str, invites: bool) -> str:
    """What `Message.automatic` says: reports first, then bounces, calendars, replies, lists, other machines.

    An invitation is useful whoever sent it, so it is never an automatic reply and never of a list.
    """
    report = _report(tree)
    if report:
        return report
    if _is_bounce(tree, sender, subject):
        return "bounce"
    fields = tree.fields
    if not invites and _is_auto_replied(fields, subject):
        return "auto-replied"
    if not invites and ("list-id" in fields or "list-post" in fields or _word(fields, "precedence") == "list"):
        return "list"
    return "auto-generated" if _is_auto_generated(fields) else ""


def find_list_id(fields: Fields) -> str:
    """The identifier of List-Id (RFC 2919), without its brackets."""
    value = parse_parameters(first(fields, "list-id"))[0]
    match = re.search(r"<([^<>]{1,255})>", value)
    return match[1] if match else value[:255]
