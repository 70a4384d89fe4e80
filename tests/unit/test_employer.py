"""Which employer and which position a message is about, told from agencies, relays and scams."""

from datetime import UTC, datetime

import pytest

from followup_mail.core.cues import authserv_domains
from followup_mail.core.facts import Facts, establish_facts
from followup_mail.core.facts.domains import is_kin, spells
from followup_mail.core.facts.labels import read_label
from followup_mail.core.message import MessageKey, Received, parse_message

OWNER = "ana@home.example"
HEAD = """From: {sender}
To: Ana Lima <ana@home.example>
Subject: {subject}
Date: Tue, 01 Dec 2026 10:00:00 +0000
Message-ID: <1@corvo.example>
{more}Content-Type: text/plain; charset=utf-8

{text}
"""


def read(sender: str, subject: str, text: str, more: str = "") -> Facts:
    octets = HEAD.format(sender=sender, subject=subject, text=text, more=more).encode()
    key = MessageKey("INBOX", 1, 1)
    message = parse_message(Received(key, frozenset(), datetime(2026, 12, 1, tzinfo=UTC), octets))
    return establish_facts(message, me=[OWNER], zone="Europe/Lisbon", expected=True)


WHEN = "Your interview is confirmed for Thursday 10 December 2026 at 14:00."


@pytest.mark.parametrize(
    ("sender", "text", "company"),
    [
        ("Velder Optik Recruiting <jobs@velder-optik.example>", "", "Velder Optik"),
        (
            "Pia Holm <pia@copperfinch.example>",
            "\n\nBest,\nPia Holm\nTalent Partner\nCopper Finch Ltd",
            "Copper Finch Ltd",
        ),
        ("Pia Holm <kestrelpaper@hire.lever.co>", "\n\nPia Holm, Recruiting @ Kestrel Paper", "Kestrel Paper"),
        ("Juniper Rail <no-reply@ashbyhq.com>", "\n\nSee you then!", "Juniper Rail"),
        ("Rua Dias <rua@tidegate-energy.example>", "\n\nRua", "Tidegate Energy"),
    ],
    ids=["shown name", "signature", "relay's tenant", "a relay shows the employer", "domain alone"],
)
def test_the_employer_is_named_by_whoever_speaks_for_it(sender: str, text: str, company: str) -> None:
    assert company == read(sender, "Your interview", f"Hi Ana,\n{WHEN}{text}").company


def test_a_person_who_writes_through_a_relay_is_no_employer() -> None:
    text = f"Lindenkraft\nHi Ana,\n{WHEN}\nSee you,\nNora\nLindenkraft"
    assert "Lindenkraft" == read("Nora Aldous <nora.aldous@lindenkraft.teamtailor-mail.com>", "Thursday", text).company


@pytest.mark.parametrize(
    ("sender", "subject", "text", "company"),
    [
        (
            "Ana Weld via Calendly <notifications@calendly.com>",
            "Confirmed: Screen with Ana Weld on Thursday",
            f"{WHEN} Join the intro call with Foldgate.",
            "Foldgate",
        ),
        (
            "Calendly <no-reply@calendly.com>",
            "Interview",
            f"{WHEN}\nHost: Clara Weld\nRole: Data Engineer, Foldgate",
            "Foldgate",
        ),
        (
            "Gupy <no-reply@gupy.com.br>",
            "Trilho Sul quer conhecer você",
            "Sua entrevista com a Trilho Sul é no dia 10/12.",
            "Trilho Sul",
        ),
        (
            "Clara Weld (Personio) <jobs-77@m.personio.de>",
            "Interview",
            f"{WHEN} It is at Foldgate Logistik.",
            "Foldgate Logistik",
        ),
    ],
    ids=["whoever is met", "host", "mentioned but once", "the relay in brackets"],
)
def test_a_relays_mail_is_about_the_employer_not_whom_it_shows(
    sender: str, subject: str, text: str, company: str
) -> None:
    assert company == read(sender, subject, f"Hi Ana,\n{text}").company


def test_an_article_may_open_a_name_that_the_domain_spells() -> None:
    text = f"Bonjour Ana,\n{WHEN}\n\nLéa\nLes Rives Bleues"
    assert "Les Rives Bleues" == read("Léa Morin <lea@lesrivesbleues.example>", "Jeudi", text).company


def test_in_an_agencys_mail_a_name_of_little_weight_is_the_clients() -> None:
    text = f"Hi Ana,\n{WHEN} I just hung up with Foldgate, they look forward to it.\n\nJo Pike"
    assert "Foldgate" == read("Jo Pike <jo@talentbridge.example>", "Interview Foldgate Thursday", text).company


def test_an_agencys_client_is_the_employer() -> None:
    text = f"Hi Ana,\nour client Marlow Ceramics would like to meet you. {WHEN}\n\nBest,\nJo Pike\nPike Search"
    assert "Marlow Ceramics" == read("Jo Pike <jo@pikesearch.example>", "Good news", text).company


@pytest.mark.parametrize(
    "text",
    ["Details for our esteemed client are below.\nClient : Marlow Ceramics", "My client, Marlow Ceramics, is keen."],
    ids=["a label", "called the client"],
)
def test_who_is_called_the_client_is_the_employer(text: str) -> None:
    sent = f"Dear Ana,\n{text}\n{WHEN}\n\nMeena\nTekvale Consulting"
    assert "Marlow Ceramics" == read("Meena S <meena@tekvale.example>", "Interview scheduled", sent).company


def test_two_people_who_are_met_are_no_employer() -> None:
    sender = "Cal.com <hello@cal.com>"
    assert None is read(sender, "Chat between Clara Weld and Tom Pike", f"Hi Ana,\n{WHEN}").company


def test_an_agency_that_keeps_its_client_to_itself_is_no_employer() -> None:
    text = f"Hi Ana,\nour client is pleased with your CV. {WHEN}\n\nBest,\nJo Pike\nPike Search"
    assert None is read("Jo Pike <jo@pikesearch.example>", "Good news", text).company


@pytest.mark.parametrize(
    ("subject", "text", "position"),
    [
        (
            "Entretien",
            "votre entretien pour le poste de soudeur naval est confirmé pour jeudi 10 décembre à 14h.",
            "soudeur naval",
        ),
        (
            "Sollicitatiegesprek beleidsadviseur wonen",
            "het sollicitatiegesprek is bevestigd voor donderdag 10 december om 14.00 uur.",
            "beleidsadviseur wonen",
        ),
        (
            "Entrevista",
            "tu entrevista para la vacante de enfermera pediátrica es el jueves 10 de diciembre a las 14:00.",
            "enfermera pediátrica",
        ),
        ("Your interview", f"{WHEN} It is for the night shift coordinator role.", "night shift coordinator"),
        (
            "Ihr Vorstellungsgespräch",
            "bezüglich Konstrukteurin Hydraulik: Ihr Vorstellungsgespräch findet am 10.12.2026 um 14:00 Uhr statt.",
            "Konstrukteurin Hydraulik",
        ),
    ],
    ids=["fr", "nl", "es", "en", "de"],
)
def test_a_position_is_found_though_written_small(subject: str, text: str, position: str) -> None:
    assert position == read("Pia Holm <pia@copperfinch.example>", subject, f"Ana,\n{text}\n\nPia").position


@pytest.mark.parametrize(
    ("subject", "text", "position"),
    [
        ("Ledger clerk desk interview", WHEN, "Ledger clerk desk"),
        ("Colloquio", f"{WHEN}\nRuolo | Visual Gardener", "Visual Gardener"),
        ("Thursday", f"{WHEN} It is an interview with Corvo Foods for Category Buyer.", "Category Buyer"),
        ("Thursday", f"{WHEN} Tell us if the Live Ops Analyst gig is your kind of thing.", "Live Ops Analyst"),
        ("Thursday", f"{WHEN} Proceso 2027/014 (Consultora de calidad).", "Consultora de calidad"),
        ("Thursday", f"{WHEN}\nWhich role are you applying for?\nGIS Analyst", "GIS Analyst"),
        ("Thursday", f"{WHEN} We settled it: Commercial Editor, £46k, hybrid.", "Commercial Editor"),
        ("Thursday", f"{WHEN} Wij zoeken een onderhoudstechnieker.", "onderhoudstechnieker"),
    ],
    ids=[
        "announced in the subject",
        "a table's row",
        "behind the employer",
        "the only title spoken of",
        "in brackets",
        "a booking's answer",
        "with its pay",
        "sought",
    ],
)
def test_a_position_is_found_by_where_it_stands(subject: str, text: str, position: str) -> None:
    assert position == read("Pia Holm <pia@copperfinch.example>", subject, f"Ana,\n{text}\n\nPia").position


@pytest.mark.parametrize(
    "subject",
    ["Interview with Clara Weld", "Interview day", "Interview Saturday", "Gespräch Probetag", "Interview mit der GF"],
)
def test_neither_a_person_nor_a_days_word_is_a_position(subject: str) -> None:
    assert None is read("Pia Holm <pia@copperfinch.example>", subject, f"Ana,\n{WHEN}\n\nPia").position


def test_a_label_spells_names_by_words_beginnings_and_initials() -> None:
    spelt = [("nordbaywater", "Nordbay Water"), ("unilarvik", "University of Larvik"), ("gruen-werk", "Grün Werk GmbH")]
    assert [True] * 3 == [spells(label, name) for label, name in spelt]
    assert not spells("copperfinch", "Pia Holm")
    assert is_kin("larvikport", "Port Authority Larvik")
    assert ["Tidegate Energy", "Passage 40"] == [read_label("tidegate-energy"), read_label("passage40")]


def test_a_label_is_read_apart_at_what_opens_and_ends_names_and_at_the_small_words_within() -> None:
    labels = ["larvikgas", "quintadolarvik", "hospitalsantalara", "lesrivages", "kelpworks"]
    names = ["Larvik Gas", "Quinta do Larvik", "Hospital Santa Lara", "Les Rivages", "Kelpworks"]
    assert names == [read_label(label) for label in labels]


def test_a_label_is_read_apart_where_names_words_make_it_up_but_not_within_what_grows_together() -> None:
    labels = ["kilnandgrain", "hollandwood", "petersandco", "saltmarsh", "saltmarshenergy", "algueverte", "brandwerk"]
    names = ["Kiln & Grain", "Holland Wood", "Peters & Co", "Saltmarsh", "Saltmarsh Energy", "Algue Verte", "Brandwerk"]
    assert names == [read_label(label) for label in labels]


FAILED = "Authentication-Results: mx.home.example; spf=fail smtp.mailfrom=x; dmarc=fail header.from=corvo.example\n"


@pytest.mark.parametrize(
    ("sender", "more", "text"),
    [
        ("Corvo Health <jobs@corvohea1th.example>", "", "Corvo Health invites you."),
        ("Corvo HR <jobs@corvo.example>", FAILED, "Please buy gift cards for your equipment."),
        ("Corvo HR <jobs@corvo.example>", "Reply-To: hr@webmail.example\n", "Add our hiring manager on Telegram."),
        (
            "Corvo HR <jobs@corvo.example>",
            "",
            "The badge is a one-off £149, refunded with your first salary. Pay through the link.",
        ),
        ("Corvo HR <jobs@corvo.example>", "", "Send a selfie holding your passport and your bank account number."),
    ],
    ids=[
        *("figures for letters", "failed at the owner's provider", "replies to a free mailbox"),
        *("a refund with the first salary", "access to the account"),
    ],
)
def test_signs_of_a_scam_flag_it(sender: str, more: str, text: str) -> None:
    assert read(sender, "Interview", f"Dear Ana,\n{text} {WHEN}", more).suspicious


@pytest.mark.parametrize(
    "text",
    [
        "Text me on WhatsApp +44 7700 900123 if you are late; immediate start possible.",
        "We reimburse your train fare of €80. Please bring your passport to the reception.",
        "You will meet Tom, who runs our crypto wallets. Our engineers hang out on Telegram.",
        "A background check follows. Bring a copy of your ID.",
    ],
    ids=["a number for WhatsApp", "fares repaid", "an employer of that trade", "background check"],
)
def test_what_honest_employers_write_is_no_scam(text: str) -> None:
    assert not read("Pia Holm <pia@corvo.example>", "Interview", f"Dear Ana,\n{text} {WHEN}").suspicious


def test_the_verdict_of_a_great_providers_server_is_the_owners_provider_speaking() -> None:
    failed = FAILED.replace("mx.home.example", "mx.google.com")
    text = f"Please buy gift cards for your equipment. {WHEN}"
    octets = HEAD.format(sender="Corvo <jobs@corvo.example>", subject="Interview", text=text, more=failed)
    octets = octets.replace(OWNER, "ana.lima@gmail.com")
    message = parse_message(
        Received(MessageKey("INBOX", 1, 1), frozenset(), datetime(2026, 12, 1, tzinfo=UTC), octets.encode())
    )
    facts = establish_facts(message, me=["ana.lima@gmail.com"], zone="Europe/Lisbon", expected=True)
    assert any(one.rule == "fraud-authentication" for one in facts.evidence)
    assert authserv_domains("home.example") == {"home.example"}
    assert authserv_domains("googlemail.com") == {"googlemail.com", "mx.google.com"}


def test_a_field_below_a_strange_servers_is_not_believed() -> None:
    forged = FAILED.replace("mx.home.example", "mx.elsewhere.example") + FAILED
    facts = read("Corvo HR <jobs@corvo.example>", "Interview", f"Please buy gift cards for your kit. {WHEN}", forged)
    assert not any(one.rule == "fraud-authentication" for one in facts.evidence)


def test_a_strange_servers_verdict_or_a_failure_alone_is_no_scam() -> None:
    strange = FAILED.replace("mx.home.example", "mx.elsewhere.example")
    assert not read("Pia <pia@corvo.example>", "Interview", f"{WHEN} Gift cards await you.", strange).suspicious
    assert not read("Pia <pia@corvo.example>", "Interview", WHEN, FAILED).suspicious


def test_a_label_of_one_letter_repeated_is_compared_in_no_time() -> None:
    assert not spells("a" * 39 + "b", " ".join(["a" * 8] * 8))


def test_a_message_to_hundreds_of_companies_is_read_like_any_other() -> None:
    crowd = ", ".join(f"Person {n} <p{n}@company{n}-{'a' * 30}.example>" for n in range(190))
    text = WHEN + "\n" + "Bbbb Bbbbbb & Bbb, bbbbbbb. " * 400
    assert "Corvo" == read("Corvo HR <jobs@corvo.example>", "Interview", text, f"Cc: {crowd}\n").company


@pytest.mark.parametrize(
    "text",
    [
        "You are hired. You receive packages at your home and forward them with new labels.",
        "Das Vorstellungsgespräch findet nur über Telegram statt. Bitte überweisen Sie vorab 89 € für die Schulung.",
        "Votre candidature est retenue. Merci de verser 120 € de frais de formation avant l'entretien.",
        "Tu candidatura fue aceptada. La entrevista será solo por WhatsApp. Debes pagar 80 € por adelantado.",
        "A sua candidatura foi aceite. Tem de pagar 60 € pelo material antes da entrevista, apenas pelo Telegram.",
        "Je sollicitatie is geslaagd. Het gesprek is uitsluitend via Telegram. Maak vooraf 75 euro over.",
        "La sua candidatura è accettata. Il colloquio sarà solo su Telegram. Deve versare 90 € prima del colloquio.",
    ],
)
def test_a_scam_is_told_by_what_it_asks_in_every_language(text: str) -> None:
    assert read("Pia Holm <pia@corvo.example>", "Job interview", f"Ana,\n{text}\n\nPia").suspicious


def test_what_the_employer_pays_itself_is_no_fee() -> None:
    texts = ["We pay the visa fee of 300 EUR.", "Le spese di formazione di 300 € sono a nostro carico."]
    assert not any(read("Pia <pia@corvo.example>", "Interview", f"{WHEN} {text}").suspicious for text in texts)
