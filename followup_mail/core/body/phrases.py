"""The words by which mail clients and people mark what is quoted, forwarded or signed, in many languages."""

import re

# "On 1 Dec 2026, Ana Lima wrote:": how such a line begins, and the verb it ends in.
_ATTRIBUTION_STARTS = (
    r"on|am|le|il|el|em|op|den|på|dnia|w dniu|dne|a|il giorno|il giorno|lør|man|tir|ons|tor|fre|søn|в|στις|va|ziua"
)
_ATTRIBUTION_VERBS = (
    r"wrote|writes|schrieb(?:en)?|a écrit|ecrit|écrit|escribi[óo]|escreveu|schreef|ha scritto|skrev|pisze"
    r"|napisał(?:\(a\)|a)?"
    r"|napsal(?:\(a\))?|kirjoitti|írta|написал(?:\(а\)|а)?|a scris|yazdı|έγραψε"
)
ATTRIBUTION_START = re.compile(rf"^(?:{_ATTRIBUTION_STARTS})\b", re.IGNORECASE)
ATTRIBUTION_VERB = re.compile(rf"\b(?:{_ATTRIBUTION_VERBS})\b", re.IGNORECASE)

ORIGINAL = re.compile(
    r"^[-_=*]{2,}\s*(?:original message|original appointment|reply message|ursprüngliche nachricht"
    r"|ursprünglicher termin"
    r"|originalnachricht|antwort|message d['’ ]?origine|message original|rendez-vous d['’ ]?origine"
    r"|mensaje original|mensagem original"
    r"|cita original|oorspronkelijk bericht|oorspronkelijke afspraak|messaggio originale|messaggio originario"
    r"|oprindelig meddelelse|ursprungligt meddelande"
    r"|wiadomość oryginalna|původní zpráva)\s*[-_=*]{2,}\s*$",
    re.IGNORECASE,
)
FORWARDED = re.compile(
    r"^(?:[-_=*]{2,}\s*(?:forwarded (?:message|by)|weitergeleitete nachricht|weitergeleitete e-?mail"
    r"|message (?:transféré|transmis|réexpédié)"
    r"|mensaje reenviado|mensagem (?:encaminhada|reencaminhada)|doorgestuurd bericht|messaggio inoltrato"
    r"|vidarebefordrat"
    r"|videresendt|przekazana wiadomość|přeposlaná zpráva)\b.{0,120}"
    r"|(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)"
    r"|début du message (?:transféré|réexpédié)"
    r"|inicio del mensaje reenviado|início da mensagem (?:encaminhada|reencaminhada)|begin doorgestuurd bericht"
    r"|inizio messaggio inoltrato)\s*:?)\s*$",
    re.IGNORECASE,
)
FORWARD_SUBJECT = re.compile(
    r"^\s*(?:\[[^\]]{0,40}\]\s*)?(?:fwd?|wg|tr|rv|enc|i|doorst|fs|vb|pd)\s*(?:\[\d{1,3}\])?\s*:", re.IGNORECASE
)
REPLY_PREFIXES = re.compile(
    r"^(?:\s*(?:re|aw|sv|antw|res|ri|rif|fwd?|wg|tr|rv|enc)\s*(?:\[\d{1,3}\])?\s*:)+", re.IGNORECASE
)

# Labels of the header block that Outlook and others put over a quotation.
HEADER_LABELS = {
    "from": "from von de van da från fra od expéditeur mittente remitente afzender absender",
    "sent": "sent date gesendet datum envoyé date enviado enviada "
    "fecha data verzonden inviato skickat sendt wysłano odesláno",
    "to": "to an à a para aan till til do komu pour destinataire destinatario",
    "cc": "cc kopie copie copia bcc",
    "subject": "subject betreff objet asunto assunto onderwerp oggetto ämne emne temat předmět",
}

VALEDICTION = re.compile(
    r"^(?:(?:best|kind|warm|kindest|warmest|many|with (?:kind|best|warm)(?:est)?)\s+(?:regards|wishes|thanks)"
    r"|regards|best|cheers|sincerely|thanks|thank you"
    r"|thanks (?:again|so much|very much|a lot|in advance)|many thanks|thank you (?:again|so much|very much"
    r"|in advance)|thanks (?:and|&) (?:best )?regards"
    r"|(?:yours|very) (?:sincerely|truly|faithfully)|sincerely yours|respectfully|cordially|all the best"
    r"|talk soon|see you soon|warmly|take care"
    r"|(?:mit )?(?:freundlichen|besten|herzlichen|vielen|lieben|schönen) grüßen|(?:freundliche|beste|herzliche"
    r"|viele|liebe|schöne) grüße|mfg|lg|vg|hochachtungsvoll"
    r"|(?:mit )?(?:freundlichen|besten|herzlichen|vielen) gruessen|(?:freundliche|beste|herzliche|viele"
    r"|liebe) gruesse|vielen dank|besten dank"
    r"|(?:bien )?(?:cordialement|sincèrement)|bien à vous|sincères salutations|meilleures salutations"
    r"|salutations(?: distinguées)?|merci|bonne journée|amicalement"
    r"|un (?:cordial )?saludo|(?:cordiales |atentos )?saludos(?: cordiales)?|atentamente|cordialmente"
    r"|muchas gracias|gracias"
    r"|(?:com os )?(?:melhores )?cumprimentos|atenciosamente|atentamente|abraços?|obrigad[oa]|muito obrigad[oa]"
    r"|cordialmente"
    r"|(?:met )?(?:vriendelijke|hartelijke|beste) groet(?:en)?|mvg|groet(?:en|jes)?|hartelijk dank|bedankt"
    r"|alvast bedankt"
    r"|(?:cordiali|distinti) saluti|(?:un )?cordiale saluto|saluti|un saluto|grazie(?: mille)?)\s*[,.!;–-]*$",
    re.IGNORECASE,
)
DEVICE = re.compile(
    r"^(?:sent (?:from|via|with) (?:my|the|a|outlook|mail|yahoo|proton|samsung|gmail)\b.{0,80}"
    r"|get outlook for (?:ios|android|mac).{0,40}"
    r"|(?:von meinem|gesendet (?:von|mit)|gesendet über)\b.{0,80}|envoyé (?:de|depuis)\b.{0,80}"
    r"|enviado (?:desde|do|de|a partir)\b.{0,80}"
    r"|obtener outlook para.{0,40}|obter o outlook para.{0,40}|verstuurd vanaf\b.{0,80}|verzonden (?:vanaf"
    r"|vanuit|met)\b.{0,80}|inviato da\b.{0,80})$",
    re.IGNORECASE,
)
POSTSCRIPT = re.compile(r"^p\.?\s?s\.?\s*[:.\-–]?\s", re.IGNORECASE)
SUBSTANCE = re.compile(
    r"\b\d{1,2}\s?[:h.]\s?\d{2}\b(?![./]\d)|\b\d{1,2}\s?(?:am|pm|a\.m|p\.m|uhr)\b"
    r"|^(?:when|where|what|who|date|time|wann|wo|datum|uhrzeit|quand|date|heure|cuándo|fecha|hora|quando|data"
    r"|hora|wanneer|tijd|ora)\s*[:|]",
    re.IGNORECASE,
)
