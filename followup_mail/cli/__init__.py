"""The door a person knocks at: the commands. The clock is read here and in the daemon, nowhere else."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from followup_mail import __version__
from followup_mail.errors import ExitCode, FollowupMailError

app = typer.Typer(
    name="followup-mail",
    help="Puts thank-you and status-check drafts into your own Drafts after job interviews. You review and send them.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
config_app = typer.Typer(help="Print an example configuration file.", no_args_is_help=True)
app.add_typer(config_app, name="config")

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="PATH",
        help="The configuration file, where it is not at its default place.",
        show_default=False,
    ),
]


def main() -> None:
    """Run the command line; every error ends in one sentence and its exit code."""
    try:
        app()
    except FollowupMailError as error:
        Console(stderr=True, soft_wrap=True).print(f"followup-mail: {error}", markup=False, highlight=False)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # the reader, `head` for instance, has seen enough
        sys.stderr.close()
        sys.exit(ExitCode.OK)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer's callback
    if wanted:
        typer.echo(f"followup-mail {__version__}")
        raise typer.Exit


@app.callback()
def about(
    _version_wanted: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version and leave.")
    ] = False,
) -> None:
    """Puts thank-you and status-check drafts into your own Drafts after job interviews. You review and send them."""


@app.command(short_help="Serve the mailboxes until stopped, or once.")
def run(
    config: ConfigOption = None,
    once: Annotated[bool, typer.Option("--once", help="One cycle, then leave.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be drafted; write nothing.")] = False,
    now: Annotated[
        str | None,
        typer.Option(
            metavar="ISO8601", help="Act as of that moment, with a rehearsal ledger (with --once).", show_default=False
        ),
    ] = None,
) -> None:
    """Serve the mailboxes until stopped, or for one cycle."""
    from followup_mail.cli.running import run_daemon, run_once  # noqa: PLC0415 - other commands start without it

    if now is not None and not once:
        raise typer.BadParameter("--now acts as of one moment and needs --once.", param_hint="--now")
    if once or dry_run:
        run_once(config, now=now, dry_run=dry_run)
    else:
        run_daemon(config)


@app.command(short_help="Play days through a mailbox made for trying.")
def rehearse(
    begin: Annotated[str, typer.Option("--from", metavar="ISO8601", help="The first moment.")],
    end: Annotated[str, typer.Option("--to", metavar="ISO8601", help="The last moment.")],
    every: Annotated[str, typer.Option(metavar="DURATION", help="The step between cycles: 10m, 1h, 1d.")] = "10m",
    config: ConfigOption = None,
) -> None:
    """Play the days between two moments through the real mailbox, with a rehearsal ledger.

    Drafts are really placed: try it on a mailbox made for trying.
    """
    from followup_mail.cli.running import rehearse_days  # noqa: PLC0415 - other commands start without it

    rehearse_days(config, begin, end, every)


@app.command(short_help="Ask for a draft the defaults leave to you.")
def draft(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id, or its beginning, as `status` shows it.")],
    purpose: Annotated[
        str,
        typer.Argument(
            metavar="PURPOSE",
            help="thank_you, status_check, rejection_reply, feedback_request, additional_info or stay_in_touch.",
        ),
    ],
    config: ConfigOption = None,
) -> None:
    """Ask for a draft that the defaults leave to you; the next cycle places it."""
    from followup_mail.cli.words import ask_for_draft  # noqa: PLC0415 - other commands start without it

    ask_for_draft(config, case, purpose, datetime.now(UTC))


@app.command(short_help="Release the drafts held for a case.")
def confirm(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id, or its beginning.")],
    config: ConfigOption = None,
) -> None:
    """Say that a case whose drafts are held is right: they are placed."""
    from followup_mail.cli.words import confirm_case  # noqa: PLC0415 - other commands start without it

    confirm_case(config, case, datetime.now(UTC))


@app.command(short_help="Say that a case is none of yours.")
def dismiss(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id, or its beginning.")],
    config: ConfigOption = None,
) -> None:
    """Say that a case is none of yours: nothing more is drafted for it."""
    from followup_mail.cli.words import dismiss_case  # noqa: PLC0415 - other commands start without it

    dismiss_case(config, case, datetime.now(UTC))


@app.command(short_help="Say how a case ended.")
def outcome(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id, or its beginning.")],
    result: Annotated[str, typer.Argument(metavar="RESULT", help="offer, accepted, rejected, withdrawn or no-show.")],
    config: ConfigOption = None,
) -> None:
    """Say how a case ended, where no mail said it."""
    from followup_mail.cli.words import note_outcome  # noqa: PLC0415 - other commands start without it

    note_outcome(config, case, result, datetime.now(UTC))


@app.command(short_help="Say what messages in files mean.")
def read(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH", help="Files or folders of mail (.eml, .ics, mbox, Maildir); - reads standard input."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    owner: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDR", help="An address of the owner's; may be repeated.", show_default=False),
    ] = None,
    zone: Annotated[str | None, typer.Option(metavar="IANA", help="The owner's zone.", show_default="UTC")] = None,
    config: ConfigOption = None,
) -> None:
    """Say what messages mean: interviews, when, with whom. Needs no mailbox and changes nothing."""
    from followup_mail.cli.read import print_reading  # noqa: PLC0415 - other commands start without it

    print_reading(paths, owners=owner or [], zone=zone, config=config, as_json=as_json)


@app.command(short_help="List cases, people and drafts.")
def status(
    config: ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List the cases, their people and the drafts that are due, placed or sent."""
    from followup_mail.cli.looking import print_status  # noqa: PLC0415 - other commands start without it

    print_status(config, as_json=as_json, now=datetime.now(UTC))


@app.command(short_help="Show one case with its evidence.")
def show(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id, or its beginning.")],
    config: ConfigOption = None,
) -> None:
    """Show one case whole: what was read, with the words it was read from, its doubts and its drafts."""
    from followup_mail.cli.looking import print_case  # noqa: PLC0415 - other commands start without it

    print_case(config, case, datetime.now(UTC))


@app.command(short_help="Check set-up, sign-in, mailboxes and letters.")
def check(config: ConfigOption = None) -> None:
    """Check configuration, sign-in, mailboxes, capabilities and letters, and say how to mend what is wrong."""
    from followup_mail.cli.checking import check_everything  # noqa: PLC0415 - other commands start without it

    check_everything(config)


@config_app.command("example")
def config_example() -> None:
    """Print a configuration file with every option at its default, explained."""
    from followup_mail.config import example_text  # noqa: PLC0415 - other commands start without it

    typer.echo(example_text(), nl=False)


@app.command(short_help="See the main job in a minute, all invented.")
def demo() -> None:
    """Show the main job in a minute: an invented mailbox on this computer, the real worker, some compressed days."""
    from followup_mail.cli.demonstrating import show_demo  # noqa: PLC0415 - other commands start without it

    show_demo()
