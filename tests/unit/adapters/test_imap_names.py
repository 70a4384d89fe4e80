"""Which mailbox is which, in the owner's language."""

import pytest
from imapclient.imap_utf7 import encode

from followup_mail.adapters.imap.names import listed, mailboxes_of
from followup_mail.adapters.imap.settings import ImapSettings
from followup_mail.ports import Mailboxes

SETTINGS = ImapSettings(host="localhost", username="ana", password=str)


def found(*lines: str, settings: ImapSettings = SETTINGS) -> Mailboxes:
    responses = []
    for line in lines:
        attributes, _, name = line.partition(" / ")
        responses.append([b'LIST (%s) "/" "%s"' % (attributes.encode(), encode(name))])
    return mailboxes_of(listed(responses), settings)


@pytest.mark.parametrize(
    ("drafts", "sent", "trash"),
    [
        ("Entwürfe", "Gesendet", "Papierkorb"),
        ("Brouillons", "Éléments envoyés", "Corbeille"),
        ("Borradores", "Enviados", "Papelera"),
        ("Rascunhos", "Itens Enviados", "Lixeira"),
        ("Concepten", "Verzonden items", "Prullenbak"),
        ("Bozze", "Posta inviata", "Cestino"),
        ("Черновики", "Отправленные", "Корзина"),
        ("下書き", "送信済み", "ごみ箱"),
        ("INBOX/Drafts", "INBOX/Sent Items", "INBOX/Deleted Items"),
        ("[Gmail]/Entwürfe", "[Gmail]/Gesendet", "[Gmail]/Papierkorb"),
        ("DRAFTS", "SENT", "TRASH"),
    ],
)
def test_mailboxes_are_known_by_name_in_many_languages(drafts: str, sent: str, trash: str) -> None:
    there = found(" / INBOX", f" / {drafts}", f" / {sent}", f" / {trash}")
    assert (drafts, sent, trash) == (there.drafts, there.sent, there.trash)


def test_special_use_beats_a_name() -> None:
    there = found(" / Drafts", "\\Drafts / Postponed", "\\All / Archive", "\\Junk / Reklame")
    assert ("Postponed", "Archive", "Reklame") == (there.drafts, there.all, there.junk)


def test_what_is_configured_beats_both() -> None:
    settings = ImapSettings(host="localhost", username="ana", password=str, drafts="Mine", sent="Gone")
    there = found("\\Drafts / Drafts", "\\Sent / Sent", settings=settings)
    assert ("Mine", "Gone", None) == (there.drafts, there.sent, there.trash)


def test_a_project_called_drafts_is_none() -> None:
    assert found(" / INBOX", " / Projects/Drafts").drafts is None


def test_the_outermost_of_two_is_taken_and_what_cannot_be_opened_is_not() -> None:
    there = found(" / INBOX/Drafts", "\\Noselect / Entwürfe", " / Brouillons")
    assert "Brouillons" == there.drafts
    assert ("INBOX/Drafts", "Brouillons") == there.names


def test_a_list_answer_that_is_none_is_passed_over() -> None:
    assert () == listed([[b"LIST nonsense"], [b"LIST"], [b"STATUS x (MESSAGES 1)"]])
