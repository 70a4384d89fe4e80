"""The demo's mail, all of it invented: each message is a function of the day the story starts on, a Monday.

They are built as their kinds of sender build them: a calendar invitation with its alternative parts, an applicant
system's HTML without a text part, a one-line reply above a quotation, an automatic response, a list's newsletter.
"""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from followup_mail.demo.writing import OWNER, calendar_of, html_of, long_day, message_of, octets_of, short_day

OWNER_NAME: Final = "Ana Lima"
OWNER_ADDRESS: Final = "ana@home.example"
ZONE: Final = ZoneInfo("Europe/Lisbon")

_NORA = "Nora Ek <nora.ek@larkspur.example>"
_MARCUS = "Marcus Bell <marcus.bell@fenwick.example>"
_DANIEL = "Daniel Roth <daniel.roth@aldertrust.example>"
_MAYA = "Maya Okafor <maya.okafor@brightwater.example>"


def at(start: date, day: int, clock: str) -> datetime:
    """The aware moment of `clock` ("14:05") in the owner's zone, `day` days after the story's start."""
    return datetime.combine(start + timedelta(days=day), time.fromisoformat(clock), ZONE)


def newsletter(start: date) -> bytes:
    """A list's newsletter that speaks of interviews to sell a course."""
    message = message_of(
        "Career Weekly <hello@careerweekly.example>", "Seize the interview: 5 answers that land", at(start, 0, "09:12")
    )
    message["List-Id"] = "Career Weekly <weekly.careerweekly.example>"
    message["List-Unsubscribe"] = "<https://careerweekly.example/u/8f2c>, <mailto:leave@careerweekly.example>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Precedence"] = "bulk"
    message.set_content(
        "Hello Ana,\n\nyour next interview is won in the first five minutes. This week: how to answer\n"
        '"Tell me about yourself" without reciting your CV.\n\nJoin our live class on Thursday at 18:00 and seize the\n'
        "interview: https://careerweekly.example/class\n\nCareer Weekly, 12 Paper Street\n"
    )
    return octets_of(message)


def job_alert(start: date) -> bytes:
    """A job board's digest, with interviews in the advertisements."""
    message = message_of(
        "JobHarbour Alerts <alerts@jobharbour.example>",
        "7 new jobs for “backend engineer, Lisbon”",
        at(start, 0, "09:40"),
    )
    message["List-Unsubscribe"] = "<https://jobharbour.example/alerts/off>"
    message["Feedback-ID"] = "alerts:jobharbour"
    message.set_content(
        "Backend Engineer, Quayside Labs, Lisbon\n  Two interviews, offer within a week. Apply by Friday.\n\n"
        "Platform Engineer, Tallow & Reed, remote\n  First interviews on Thursday at 10:00.\n\n"
        "See all 7 jobs: https://jobharbour.example/a/19\n"
    )
    message.add_alternative(
        "<table><tr><td><b>Backend Engineer</b><br>Quayside Labs, Lisbon<br>Two interviews, offer within a week.</td>"
        "</tr><tr><td><b>Platform Engineer</b><br>Tallow &amp; Reed, remote<br>First interviews on Thursday at 10:00."
        "</td></tr>"
        "</table>",
        subtype="html",
    )
    return octets_of(message)


def panel_invitation(start: date) -> bytes:
    """A recruiter's calendar invitation to a panel of three, on Wednesday at 14:00."""
    day = start + timedelta(days=2)
    described = (
        "Hi Ana,\n\nwe are glad to invite you to the panel interview for the Backend Engineer position at "
        "Larkspur Health.\n\nYou will meet:\n- Priya Raman, Engineering Manager\n- Tomás Rivera, Staff Engineer\n"
        "- Ingrid Solberg, Product Lead\n\nJoin: https://meet.larkspur.example/panel-4821\n\nBest,\nNora Ek\n"
        "Talent Partner, Larkspur Health"
    )
    subject = "Panel interview: Backend Engineer, Larkspur Health"
    message = message_of(_NORA, f"Invitation: {subject} @ {short_day(day)} 14:00 - 15:00", at(start, 0, "10:05"))
    message.set_content(f"{described}\n\nWhen: {long_day(day)}, 14:00 to 15:00 (Lisbon time)\n")
    message.add_alternative(
        html_of(f"{described}\n\nWhen: {long_day(day)}, 14:00 to 15:00 (Lisbon time)"), subtype="html"
    )
    guests = (
        ("Priya Raman", "priya.raman@larkspur.example", ""),
        ("Tomás Rivera", "tomas.rivera@larkspur.example", ""),
        ("Ingrid Solberg", "ingrid.solberg@larkspur.example", ""),
        (OWNER_NAME, OWNER_ADDRESS, ""),
        ("Room Tejo (6)", "room-tejo@resource.larkspur.example", "CUTYPE=RESOURCE;"),
    )
    calendar = calendar_of(
        method="REQUEST",
        ical_uid="7c1d40panel@larkspur.example",
        summary=subject,
        description=described,
        organizer=("Nora Ek", "nora.ek@larkspur.example"),
        guests=guests,
        begins=at(start, 2, "14:00"),
        ends=at(start, 2, "15:00"),
        stamped=at(start, 0, "10:05"),
    )
    message.add_alternative(calendar, subtype="calendar", params={"method": "REQUEST"}, cte="base64")
    return octets_of(message)


def applicant_system_confirmation(start: date) -> bytes:
    """An applicant system's HTML confirmation of a phone screen: Tuesday, 15:00 in Berlin, from a no-reply address."""
    day = start + timedelta(days=1)
    message = message_of(
        "Brightwater Energy via HireLoop <no-reply@post.hireloop.example>",
        "Your interview with Brightwater Energy is confirmed",
        at(start, 0, "11:30"),
    )
    message["Auto-Submitted"] = "auto-generated"
    message["X-Mailer"] = "HireLoop 4"
    rows = (
        ("Position", "Grid Data Analyst"),
        ("Interview", "Phone screen"),
        ("Date", long_day(day)),
        ("Time", "3:00 PM - 3:30 PM CET"),
        ("Interviewer", "Maya Okafor, Talent Acquisition (maya.okafor@brightwater.example)"),
    )
    table = "".join(f"<tr><td style='color:#667'>{name}</td><td><b>{value}</b></td></tr>" for name, value in rows)
    message.set_content(
        "<html><head><style>td{padding:4px}</style></head><body><p>Hi Ana,</p><p>Your interview with <b>Brightwater "
        f"Energy</b> is confirmed.</p><table>{table}</table><p>Maya will call you on the number in your "
        "application.</p>"
        "<p style='font-size:11px'>Sent by HireLoop on behalf of Brightwater Energy. Replies to this address are not "
        "read.</p></body></html>",
        subtype="html",
        cte="quoted-printable",
    )
    return octets_of(message)


def proposal_of_a_time(start: date) -> bytes:
    """A hiring manager asks whether Thursday at 10:00 suits."""
    day = start + timedelta(days=3)
    message = message_of(
        _MARCUS, "Field Technician at Fenwick Lifts", at(start, 0, "14:00"), message_id="<a1@fenwick.example>"
    )
    message.set_content(
        f"Hi Ana,\n\nthank you for applying for the Field Technician position. I would like to get to know you.\n"
        f"Could you do an interview on {long_day(day)} at 10:00? It takes about 45 minutes, by video.\n\n"
        "Regards,\nMarcus Bell\nService Manager, Fenwick Lifts\n"
    )
    return octets_of(message)


def owners_acceptance(start: date) -> bytes:
    """The owner's own answer, as it lies in Sent."""
    message = message_of(
        OWNER,
        "Re: Field Technician at Fenwick Lifts",
        at(start, 0, "15:20"),
        to=_MARCUS,
        message_id="<b1@home.example>",
        replies_to=("<a1@fenwick.example>",),
    )
    message.set_content(
        f"Hi Marcus,\n\nThursday at 10:00 suits me well.\n\nBest regards,\nAna\n\n{_quoted_proposal(start)}"
    )
    return octets_of(message)


def one_line_confirmation(start: date) -> bytes:
    """A one-line confirmation, "Confirmed, talk then.", whose date stands only in the thread."""
    message = message_of(
        _MARCUS,
        "Re: Field Technician at Fenwick Lifts",
        at(start, 0, "15:48"),
        message_id="<a2@fenwick.example>",
        replies_to=("<a1@fenwick.example>", "<b1@home.example>"),
    )
    message.set_content(
        f"Confirmed, talk then.\n\nMarcus\n\nOn {short_day(start)}, 15:20, {OWNER_NAME} wrote:\n> Hi Marcus,\n>\n"
        "> Thursday at 10:00 suits me well.\n>\n> Best regards,\n> Ana\n"
    )
    return octets_of(message)


def charity_invitation(start: date) -> bytes:
    """A second employer's invitation, for Thursday at 16:00, later cancelled."""
    return _charity(start, method="REQUEST", moment=at(start, 1, "09:30"))


def charity_cancellation(start: date) -> bytes:
    """The same calendar entry taken back."""
    return _charity(start, method="CANCEL", moment=at(start, 2, "11:00"))


def reschedule(start: date) -> bytes:
    """The hiring manager moves Thursday 10:00 to Friday 11:30, in prose."""
    old, new = start + timedelta(days=3), start + timedelta(days=4)
    message = message_of(
        _MARCUS,
        "Re: Field Technician at Fenwick Lifts",
        at(start, 2, "08:50"),
        message_id="<a3@fenwick.example>",
        replies_to=("<a1@fenwick.example>", "<b1@home.example>", "<a2@fenwick.example>"),
    )
    message.set_content(
        f"Hi Ana,\n\nI am sorry, a lift inspection came up. I have moved our interview from {long_day(old)}, 10:00 to\n"
        f"{long_day(new)}, 11:30 to 12:15. The video link stays the same.\n\nRegards,\nMarcus\n"
    )
    return octets_of(message)


def out_of_office(start: date) -> bytes:
    """An automatic response to the owner's thank-you: no answer at all."""
    back = start + timedelta(days=8)
    message = message_of(
        "Tomás Rivera <tomas.rivera@larkspur.example>", "Automatic reply: out of office", at(start, 2, "18:01")
    )
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(f"I am out of the office and back on {long_day(back)}.\n\nTomás Rivera\n")
    return octets_of(message)


def promise_of_news(start: date) -> bytes:
    """After the interview, the hiring manager says by when he will write."""
    day = start + timedelta(days=7)
    message = message_of(
        _MARCUS,
        "Re: Field Technician at Fenwick Lifts",
        at(start, 4, "15:00"),
        message_id="<a4@fenwick.example>",
        replies_to=("<a1@fenwick.example>", "<a3@fenwick.example>"),
    )
    message.set_content(
        f"Hi Ana,\n\nthank you for your time today. You will hear from us by {long_day(day)}.\n\nRegards,\nMarcus\n"
    )
    return octets_of(message)


def rejection(start: date) -> bytes:
    """A recruiter declines, kindly, after the phone screen."""
    message = message_of(_MAYA, "Your application as Grid Data Analyst", at(start, 8, "16:40"))
    message.set_content(
        "Dear Ana,\n\nthank you again for speaking with me last week about the Grid Data Analyst position at\n"
        "Brightwater Energy. After careful consideration we have decided to move forward with another candidate.\n\n"
        "I enjoyed our call and wish you all the best.\n\nKind regards,\nMaya Okafor\nBrightwater Energy\n"
    )
    return octets_of(message)


def _charity(start: date, *, method: str, moment: datetime) -> bytes:
    day = start + timedelta(days=3)
    cancelled = method == "CANCEL"
    subject = "Interview: Communications Officer, Alder Trust"
    message = message_of(_DANIEL, f"{'Canceled: ' if cancelled else ''}{subject}", moment)
    said = (
        "Dear Ana,\n\nwe have to cancel Thursday's interview, as the budget for this position is being looked\n"
        "at again. I am sorry for the late notice.\n\nDaniel Roth\nAlder Trust"
        if cancelled
        else "Dear Ana,\n\nI look forward to our interview for the Communications Officer position at Alder Trust, on "
        f"{long_day(day)}, 16:00 to 16:45.\n\nDaniel Roth\nHead of Communications, Alder Trust"
    )
    message.set_content(said + "\n")
    calendar = calendar_of(
        method=method,
        ical_uid="040000008200E00074C5B7101A82E008alder",
        summary=subject,
        description=said,
        organizer=("Daniel Roth", "daniel.roth@aldertrust.example"),
        guests=((OWNER_NAME, OWNER_ADDRESS, ""),),
        begins=at(start, 3, "16:00"),
        ends=at(start, 3, "16:45"),
        stamped=moment,
        sequence=int(cancelled),
    )
    message.add_alternative(calendar, subtype="calendar", params={"method": method}, cte="base64")
    return octets_of(message)


def _quoted_proposal(start: date) -> str:
    day = start + timedelta(days=3)
    return (
        f"On {short_day(start)}, 14:00, Marcus Bell wrote:\n> Hi Ana,\n>\n"
        f"> Could you do an interview on {long_day(day)} at 10:00?\n> It takes about 45 minutes, by video.\n"
    )
