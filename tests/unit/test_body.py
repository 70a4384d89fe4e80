"""How a message's text is got out of HTML and cut into its parts."""

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup_mail.core.body import Body, parse_html, split_body, tidy_lines


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<table><tr><td>Date</td><td><b>1 Dec</b> 2026</td></tr><tr><td>Time</td><td>2 pm</td></tr></table>",
         "Date | 1 Dec 2026\nTime | 2 pm"),
        ("<table><tr><td><p>Date</p></td><td><p>1 Dec</p></td></tr><tr><td><p>Time</p></td></tr></table>",
         "Date | 1 Dec\nTime"),
        (("<tr><td>x</td></tr><table><tr><td>When</td><td><table><tr><td>1 Dec</td><td>2 pm</td></tr>"
         "<tr><td>later</td></tr></table></td><td>end</td></tr></table>"), "x\nWhen | 1 Dec | 2 pm\nlater\nend"),
        ("<table><tr><td>a<br>b</td><td>c</td></tr></table>", "a\nb\nc"),
        ("<table><tr><td>a</td><td></td><td>c</td><td><br>d</td></tr></table>", "a | c | d"),
        ("<s>9:00</s> 10:00<br><b style='text-decoration: line-through'>Mon</b> Tue", "~~9:00~~ 10:00\n~~Mon~~ Tue"),
        ("<p>one</p><p>two<br>three</p>", "one\n\ntwo\nthree"),
        ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<div style='white-space: pre-wrap'>a\nb</div>", "a\nb"),
        ("a<style>x{}</style><script>y</script><title>t</title><p style='display: none'>z</p><p hidden>z</p>b", "ab"),
        ("see <a href='https://x.example'>the room</a> <img alt='logo'>", "see the room"),
        ("<div>On 1 Dec</div><blockquote type=cite>a<p>b</p></blockquote>c", "On 1 Dec\n\n> a\n\n> b\n\nc"),
        ("<blockquote>indented</blockquote>", "indented"),
        ("a <!-- c --> b", "a b"),
        ("<p>a</p>\n<p> </p>", "a"),
        ("<td>x</td></tr>", "x"),
        ("", ""),
    ],
)  # fmt: skip
def test_html_becomes_the_text_a_reader_sees(html: str, expected: str) -> None:
    assert expected == parse_html(html)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000,
        "<dd><li>" * 70_000,
        "<p " + " ".join(f"a{number}=1" for number in range(60_000)) + ">x",
        "<div><table><td></div></td></table>" * 17_000,
        "<p>x</p>" * 60_000,
        "<img src='data:image/png;base64," + "A/" * 300_000 + "'>",
    ],
)
def test_tangled_html_is_read_in_good_time(html: str) -> None:
    began = time.process_time()
    parse_html(html)
    assert 1.0 > time.process_time() - began


def test_html_too_tangled_for_a_tree_still_gives_its_words() -> None:
    assert "Interview at 2 pm" == parse_html("<div>" * 500 + "Interview at 2 pm")


def test_an_inline_picture_does_not_hide_the_text_behind_it() -> None:
    assert "after" == parse_html("<img src='data:image/png;base64," + "A" * 900_000 + "'>after")


REPLY = "Confirmed, talk then.\n\nTom\n\n{mark}\n{quote}"


@pytest.mark.parametrize(
    "mark",
    [
        "On Tue, Dec 1, 2026 at 2:30 PM Ana Lima <ana@home.example> wrote:",
        "On Tue, Dec 1, 2026 at 2:30 PM Ana Lima\n<ana@home.example>\nwrote:",
        "Am 01.12.2026 um 14:30 schrieb Ana Lima <ana@home.example>:",
        "Le mar. 1 déc. 2026 à 14:30, Ana Lima <ana@home.example> a écrit :",
        "El mar, 1 dic 2026 a las 14:30, Ana Lima (<ana@home.example>) escribió:",
        "Em ter., 1 de dez. de 2026 às 14:30, Ana Lima <ana@home.example> escreveu:",
        "Op di 1 dec 2026 om 14:30 schreef Ana Lima <ana@home.example>:",
        "Il giorno mar 1 dic 2026 alle ore 14:30 Ana Lima <ana@home.example> ha scritto:",
        "-----Original Message-----",
        "-----Ursprüngliche Nachricht-----",
        "-----Message d'origine-----",
        "-----Mensaje original-----",
        "-----Mensagem original-----",
        "-----Oorspronkelijk bericht-----",
        "-----Messaggio originale-----",
    ],
)
@pytest.mark.parametrize("quote", ["> Shall we say two?\n> Ana", "Shall we say two?\nAna"])
def test_what_an_attribution_introduces_is_quoted(mark: str, quote: str) -> None:
    expected = Body(fresh="Confirmed, talk then.\n\nTom", quoted="Shall we say two?\nAna")
    assert expected == split_body(REPLY.format(mark=mark, quote=quote))


@pytest.mark.parametrize(
    "block",
    [
        "From: Ana Lima <ana@home.example>\nSent: Tuesday, December 1, 2026 2:30 PM\nTo: Tom\nSubject: Interview",
        "*From:* Ana Lima\n*Date:* 1 December 2026\n*To:* Tom\n*Cc:* Bo\n*Subject:* Interview",
        "Von: Ana Lima\nGesendet: Dienstag, 1. Dezember 2026\nAn: Tom\nBetreff: Interview",
        "De : Ana Lima\nEnvoyé : mardi 1 décembre 2026\nÀ : Tom\nObjet : Interview",
        "De: Ana Lima\nEnviado: martes\nPara: Tom\nAsunto: Interview",
        "De: Ana Lima\nEnviada: terça\nPara: Tom\nAssunto: Interview",
        "Van: Ana Lima\nVerzonden: dinsdag\nAan: Tom\nOnderwerp: Interview",
        "Da: Ana Lima\nInviato: martedì\nA: Tom\nOggetto: Interview",
        "From: Ana Lima\nSubject: RE: Interview",
    ],
)
@pytest.mark.parametrize(("prefix", "forwarded"), [("Re: ", False), ("FW: ", True), ("WG: ", True)])
def test_a_header_block_begins_what_was_quoted_or_forwarded(block: str, prefix: str, *, forwarded: bool) -> None:
    body = split_body(f"See below.\n\n{block}\n\nShall we say two?", subject=prefix + "Interview")
    assert ("See below.", forwarded) == (body.fresh, body.forwarded)
    assert body.quoted.endswith("Shall we say two?")


@pytest.mark.parametrize(
    "details",
    [
        "Date: 1 December 2026\nTime: 2:30 pm\nWhere: Zoom",
        "From: 2:30 pm\nTo: 3:15 pm\nDate: 1 December 2026\nSubject: Interview with Tom",
        "Subject: Interview\nDate: 1 December\nTo: the third floor",
        "On 1 December we meet at two.\nAna wrote: bring a laptop",
        "From: our office\nthe way is short",
        "On 1 December we meet\n\nas Ana wrote:",
        "From:\nTo: x\nSubject: y\nSent: z",
    ],
)
def test_the_details_of_an_interview_are_not_taken_for_a_quotation(details: str) -> None:
    assert details == split_body(details).fresh


@pytest.mark.parametrize(
    "mark",
    [
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "-------- Weitergeleitete Nachricht --------",
        "---------- Message transféré ---------",
        "Inicio del mensaje reenviado:",
        "---------- Mensagem encaminhada ---------",
        "---------- Doorgestuurd bericht ---------",
        "Inizio messaggio inoltrato:",
    ],
)
def test_a_forwarded_message_is_kept_whole(mark: str) -> None:
    body = split_body(
        f"{mark}\nFrom: Tom\nDate: 1 Dec\nSubject: Interview\n\nTuesday at two.", subject="Fwd: Interview"
    )
    assert Body(quoted="From: Tom\nDate: 1 Dec\nSubject: Interview\n\nTuesday at two.", forwarded=True) == body


def test_outlooks_original_message_is_forwarded_where_the_subject_says_so() -> None:
    body = split_body("-----Original Message-----\nFrom: Tom\nTuesday at two.", subject="FW: Interview")
    assert Body(quoted="From: Tom\nTuesday at two.", forwarded=True) == body


def test_a_blank_line_may_stand_between_an_attribution_and_its_quotation() -> None:
    assert Body(fresh="Yes.", quoted="Two?") == split_body("Ana Lima wrote:\n\n> Two?\n\nYes.")


def test_of_an_endless_document_the_beginning_is_read() -> None:
    assert "a" == parse_html("a" + "<br>" * 39_000 + "b")


def test_answers_between_quoted_lines_are_fresh() -> None:
    body = split_body("On 1 Dec Ana wrote:\n> Two?\nYes, two.\n\n> Where?\nZoom.")
    assert ("Yes, two.\n\nZoom.", "Two?\nWhere?") == (body.fresh, body.quoted)


def test_quoted_lines_without_an_attribution_are_quoted() -> None:
    assert Body(fresh="Yes.", quoted="Two?") == split_body("> Two?\nYes.")


@pytest.mark.parametrize(
    ("text", "fresh", "signature"),
    [
        ("Yes.\n-- \nTom Reed\nAcme", "Yes.", "Tom Reed\nAcme"),
        ("Yes.\n--\nTom Reed", "Yes.", "Tom Reed"),
        ("Yes.\n\nBest regards,\nTom Reed\nStaff Engineer", "Yes.", "Best regards,\nTom Reed\nStaff Engineer"),
        ("Ja.\n\nMit freundlichen Grüßen\nTom", "Ja.", "Mit freundlichen Grüßen\nTom"),
        ("Oui.\n\nCordialement,\nTom", "Oui.", "Cordialement,\nTom"),
        ("Yes.\n\nThanks,\nTom\n\nTom Reed\nAcme", "Yes.", "Thanks,\nTom\n\nTom Reed\nAcme"),
        ("Yes.\n\nSent from my iPhone", "Yes.", "Sent from my iPhone"),
        ("Thanks,\nTom", "Thanks,\nTom", ""),
        ("Hi\nThanks,\nThe team\n\nDate: 1 Dec\nTime: 2:30 pm", "Hi\nDate: 1 Dec\nTime: 2:30 pm", "Thanks,\nThe team"),
        ("Yes.\nThanks,\nTom\n\nPS: it is 3 pm now", "Yes.\nPS: it is 3 pm now", "Thanks,\nTom"),
        ("Yes.\nThanks,\nWhen: 2 pm\nBest,\nTom", "Yes.\nThanks,\nWhen: 2 pm", "Best,\nTom"),
    ],
)
def test_a_signature_is_kept_apart(text: str, fresh: str, signature: str) -> None:
    assert Body(fresh=fresh, signature=signature) == split_body(text)


def test_a_long_line_is_cut_behind_a_sentence_and_loses_nothing() -> None:
    text = " ".join(f"Sentence number {number} stands here." for number in range(60))
    lines = tidy_lines(text)
    assert text == " ".join(lines)
    assert all(line.endswith(".") and len(line) <= 400 for line in lines)


def test_a_line_without_spaces_is_cut_hard() -> None:
    assert [400, 400, 200] == [len(line) for line in tidy_lines("ab" * 500)]


def test_runs_and_invisible_characters_are_taken_out() -> None:
    assert ["a b", "", "=" * 20 + "c"] == tidy_lines("a\u00a0\u200b \tb\r\n\r\n\u2028\n" + "=" * 900 + "c\n\n")


@pytest.mark.parametrize("junk", ["> " * 50_000, "on " * 40_000, "On 1 \n" * 20_000, "From: a\n" * 20_000, "a" * 10**6])
def test_junk_is_split_in_good_time(junk: str) -> None:
    began = time.process_time()
    split_body(junk)
    assert 0.5 > time.process_time() - began


PIECES = st.sampled_from(
    [
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "</tr>",
        "</table>",
        "<p>",
        "<br>",
        "<li>",
        "x",
        " ",
        "\n",
        "<div hidden>",
        "</div>",
        "<blockquote type=cite>",
        "</blockquote>",
        "<pre>",
        "</pre>",
        "&nbsp;",
        "<!--",
        "-->",
        "<a b='",
    ]
)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_markup_gives_tidy_text(html: str) -> None:
    lines = parse_html(html).split("\n")
    assert lines == [line.strip() for line in lines] or "<" in html
    assert not any(before == after == "" for before, after in itertools.pairwise(lines))


LINES = st.sampled_from(
    [
        "Hello",
        "",
        "> a",
        "On 1 Dec Ana wrote:",
        "From: Ana",
        "Sent: Monday",
        "To: Tom",
        "Subject: x",
        "-- ",
        "Best,",
        "Sent from my iPhone",
        "-----Original Message-----",
        "Begin forwarded message:",
        "Time: 2:30 pm",
        "PS: y",
    ]
)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(LINES, max_size=25), st.sampled_from(["", "Re: x", "Fwd: x"]))
def test_no_time_of_day_gets_lost_in_the_cutting(lines: list[str], subject: str) -> None:
    body = split_body("\n".join(lines), subject=subject)
    together = f"{body.fresh}\n{body.quoted}\n{body.signature}"
    assert lines.count("Time: 2:30 pm") == together.count("Time: 2:30 pm")
    assert lines.count("Hello") == together.count("Hello")
