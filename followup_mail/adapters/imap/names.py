"""Which mailbox is which: configured, else special use (RFC 6154), else by its name in many languages."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from followup_mail.adapters.imap.answers import decoded_name, octets_of, parse_items
from followup_mail.adapters.imap.channel import Parts
from followup_mail.adapters.imap.settings import ImapSettings
from followup_mail.ports import Mailboxes

_SPECIAL: Final = {
    "drafts": ("\\drafts",),
    "sent": ("\\sent",),
    "trash": ("\\trash",),
    "all": ("\\all", "\\allmail"),
    "junk": ("\\junk", "\\spam"),
}
_KNOWN: Final = {
    "drafts": (
        "Drafts|Draft|Draft messages|Entwürfe|Entwurf|Brouillons|Brouillon|Borradores|Borrador|Rascunhos|"
        "Rascunho|Esborranys|Zirriborroak|Concepten|Concept|Bozze|Bozza|Utkast|Kladder|Kladde|Udkast|"
        "Luonnokset|Koncepty|Rozepsané|Kopie robocze|Wersje robocze|Robocze|Szkice|Piszkozatok|Ciorne|"
        "Schițe|Nacrti|Skice|Osnutki|Koncepti|Черновики|Чернетки|Чернови|Нацрти|Taslaklar|Πρόχειρα|"
        "Juodraščiai|Melnraksti|Mustandid|Drög|下書き|草稿|草稿箱|草稿匣|임시 보관함|임시보관함|טיוטות|"
        "مسودات|المسودات|پیش‌نویس‌ها|ड्राफ़्ट|แบบร่าง|Thư nháp|Draf|Konsep"
    ),
    "sent": (
        "Sent|Sent Items|Sent Messages|Sent Mail|Gesendet|Gesendete|Gesendete Objekte|Gesendete Elemente|"
        "Gesendete Nachrichten|Envoyés|Éléments envoyés|Messages envoyés|Courrier envoyé|Objets envoyés|"
        "Enviados|Elementos enviados|Correo enviado|Mensajes enviados|Itens enviados|Itens Enviados|"
        "E-mails enviados|Mensagens enviadas|Enviats|Elements enviats|Bidalitakoak|Verzonden|"
        "Verzonden items|Verzonden berichten|Inviata|Posta inviata|Inviati|Messaggi inviati|Skickat|"
        "Skickade objekt|Sendt|Sendte elementer|Sendt post|Sendte element|Lähetetyt|Odeslané|Odeslaná pošta|"
        "Odoslané|Wysłane|Elementy wysłane|Elküldött|Elküldött elemek|Trimise|Elemente trimise|Poslano|"
        "Poslata|Poslane stavke|Отправленные|Надіслані|Изпратени|Послато|Gönderilmiş Öğeler|Gönderilmiş|"
        "Gönderilen|Απεσταλμένα|Išsiųsta|Nosūtītie|Saadetud|送信済み|送信済みアイテム|送信済みメール|已发送|"
        "已发送邮件|寄件備份|已傳送的郵件|보낸 편지함|보낸편지함|דואר יוצא|נשלחו|البريد المرسل|"
        "العناصر المرسلة"
    ),
    "trash": (
        "Trash|Deleted|Deleted Items|Deleted Messages|Bin|Papierkorb|Gelöscht|Gelöschte Objekte|"
        "Gelöschte Elemente|Corbeille|Éléments supprimés|Messages supprimés|Papelera|Elementos eliminados|"
        "Lixeira|Lixo|Itens excluídos|Itens eliminados|Paperera|Prullenbak|Prullenmand|Verwijderde items|"
        "Cestino|Posta eliminata|Eliminati|Papperskorg|Papperskorgen|Borttaget|Papirkurv|Slettet post|"
        "Slettede elementer|Roskakori|Poistetut|Koš|Odstraněná pošta|Kôš|Kosz|Elementy usunięte|Lomtár|Kuka|"
        "Törölt elemek|Coș|Coș de gunoi|Elemente șterse|Smeće|Otpad|Koš za smeti|Корзина|Удаленные|Кошик|"
        "Видалені|Кошче|Çöp|Çöp Kutusu|Silinmiş Öğeler|Κάδος|Διεγραμμένα|Šiukšlinė|Miskaste|Prügikast|"
        "ごみ箱|ゴミ箱|已删除|已删除邮件|垃圾桶|刪除的郵件|휴지통|지운 편지함|אשפה|سلة المهملات|المهملات"
    ),
    "all": (
        "All Mail|All Messages|Alle Nachrichten|Alle E-Mails|Tous les messages|Todos|Todos los mensajes|"
        "Todos os e-mails|Todo el correo|Tutti i messaggi|Alle berichten|Wszystkie|Вся почта|Уся пошта|"
        "すべてのメール|所有邮件|전체보관함"
    ),
    "junk": (
        "Junk|Junk E-mail|Junk Email|Junk Mail|Spam|Bulk|Bulk Mail|Spamverdacht|Unerwünscht|"
        "Courrier indésirable|Indésirables|Pourriel|Correo no deseado|Lixo Eletrônico|Lixo eletrónico|"
        "Ongewenste e-mail|Ongewenst|Posta indesiderata|Skräppost|Søppelpost|Uønsket e-post|Uønsket mail|"
        "Roskaposti|Nevyžádaná pošta|Wiadomości-śmieci|Levélszemét|Спам|Нежелательная почта|迷惑メール|"
        "垃圾邮件|스팸 편지함|스팸메일함|דואר זבל|البريد غير الهام"
    ),
}
_PARENTS: Final = frozenset({"", "inbox", "[gmail]", "[google mail]", "mail"})


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


_BY_NAME: Final = {use: frozenset(_folded(name) for name in names.split("|")) for use, names in _KNOWN.items()}


@dataclass(frozen=True, slots=True)
class Listed:
    """One mailbox of a LIST response."""

    name: str
    attributes: frozenset[str]  # lower case
    delimiter: str

    @property
    def selectable(self) -> bool:
        """Whether it can be examined."""
        return not self.attributes & {"\\noselect", "\\nonexistent"}

    @property
    def path(self) -> tuple[str, str]:
        """Its parent and its own name, both folded for comparison."""
        parent, _, own = self.name.rpartition(self.delimiter) if self.delimiter else ("", "", self.name)
        return _folded(parent), _folded(own)


def listed(responses: Sequence[Parts]) -> tuple[Listed, ...]:
    """The mailboxes of LIST responses."""
    found = []
    for parts in responses:
        if parts[0][:5].upper() != b"LIST ":
            continue
        attributes, delimiter, name = (*parse_items([parts[0][5:], *parts[1:]]), None, None, None)[:3]
        if not isinstance(attributes, list) or not isinstance(name, bytes):
            continue
        words = frozenset(octets_of(word).decode("ascii", "replace").lower() for word in attributes)
        found.append(Listed(decoded_name(name), words, octets_of(delimiter).decode("ascii", "replace")))
    return tuple(found)


def mailboxes_of(there: Iterable[Listed], settings: ImapSettings) -> Mailboxes:
    """The mailboxes by use; what is configured rules even where the server does not list it."""
    selectable = [one for one in there if one.selectable]
    return Mailboxes(
        drafts=settings.drafts or _of_use("drafts", selectable),
        sent=settings.sent or _of_use("sent", selectable),
        trash=settings.trash or _of_use("trash", selectable),
        all=_of_use("all", selectable),
        junk=_of_use("junk", selectable),
        names=tuple(one.name for one in selectable),
    )


def _of_use(use: str, there: Sequence[Listed]) -> str | None:
    by_attribute = (one for one in there if one.attributes & set(_SPECIAL[use]))
    by_name = (one for one in there if one.path[1] in _BY_NAME[use] and one.path[0] in _PARENTS)
    shallow = sorted(by_name, key=lambda one: one.path[0] != "")
    found = next(by_attribute, None) or next(iter(shallow), None)
    return found.name if found else None
