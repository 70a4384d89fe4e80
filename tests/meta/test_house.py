"""What holds for the whole source: our own words, who may read the clock, who may speak to a terminal."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "followup_mail"
SOURCES = sorted(PACKAGE.rglob("*.py"))
DOORS = {"cli", "daemon.py", "demo", "review", "__main__.py"}
LONGEST_FILE = 400  # lines; about 300 is the rule, and above this nobody can call it about 300

SAY_INSTEAD = {
    "folder": "mailbox",
    "label": "mailbox, or what the label says",
    "raw": "octets",
    "user": "owner",
    "email": "Address, addr_spec or message",
    "sending": "submission",
    "bot": "auto_submitted",
    "job": "Case, cycle or position",
    "task": "Case or cycle",
    "item": "what it is an item of",
    "record": "the row's own name",
    "handle": "the verb for what is done",
    "process": "the verb for what is done",
    "manager": "what it does",
    "helper": "what it does",
    "util": "what it does",
    "data": "what they say",
    "info": "what it says",
}
ALLOWED = {
    "ADDITIONAL_INFO": "a purpose named so in keys and template names",
    "HIRING_MANAGER": "a person's role",
    "HEADER_LABELS": "the words before the colon in a quoted header, not a mailbox",
    "_LABEL": "the words before the colon in a quoted header, not a mailbox",
    "_LABELS": "the words before the colon in a quoted header, not a mailbox",
    "_label": "the words before the colon in a quoted header, not a mailbox",
    "label": "the words before the colon in a quoted header, not a mailbox",
    "domain_label": "a label of a domain name (RFC 1034)",
    "mentioned_labels": "labels of domain names (RFC 1034)",
    "read_label": "a label of a domain name (RFC 1034)",
    "relay_labels": "labels of domain names (RFC 1034)",
    "tenant_labels": "labels of domain names (RFC 1034)",
    "_own_label": "a label of a domain name (RFC 1034)",
    "_mark_label": "a label of a domain name (RFC 1034), or the words before a colon",
    "labels": "the labels of a domain name (RFC 1034), or of a quoted header",
    "parse_items": "IMAP's data items (RFC 9051 section 7.5.2)",
    "items": "IMAP's data items, or the tokens of a sentence",
    "item": "a microdata item (HTML's itemscope)",
    "_item": "a microdata item, or one token of a sentence",
    "_Item": "a microdata item",
    "info": "a tzinfo, or pydantic's ValidationInfo",
    "LimitedProcess": "a process of the operating system",
    "process": "a process of the operating system",
    "_process": "a process of the operating system",
    "process_bind_param": "SQLAlchemy's name",
    "process_result_value": "SQLAlchemy's name",
    "job_alert": "a job board's message, in the demo's mailbox",
    "job": "a person's job, as `show` prints it",
    "username": "what a server calls the one who signs in",
    "data": "imaplib's name in a method that replaces its own",
}


def identifiers(tree: ast.AST) -> Iterator[str]:
    """Every name that this code gives: to functions, classes, parameters, variables and attributes."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case _:
                pass


def words_of(identifier: str) -> set[str]:
    """The words of an identifier in lower case, singular."""
    found = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)}
    return found | {word.removesuffix("s") for word in found}


def calls(tree: ast.AST) -> Iterator[str]:
    """Every call by its dotted name, as written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def in_a_door(path: Path) -> bool:
    return path.relative_to(PACKAGE).parts[0] in DOORS or path.name == "__main__.py"


def tracked() -> list[Path]:
    """Every text file of the project, as git lists them, or all where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else []
    paths = [ROOT / name for name in names if name] or [*ROOT.glob("*.*"), *SOURCES]
    return [path for path in paths if path.is_file()]


def test_there_is_source_to_look_at() -> None:
    assert {"errors.py", "ports.py"} <= {path.name for path in SOURCES}
    assert ["now"] == list(identifiers(ast.parse("def now(): x.y")))
    assert {"folders", "folder", "of", "raw"} == words_of("FoldersOf_RAW")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_say_our_own_words(path: Path) -> None:
    said = {
        name: SAY_INSTEAD[word]
        for name in {*identifiers(parsed(path)), path.stem}
        if name not in ALLOWED
        for word in words_of(name) & SAY_INSTEAD.keys()
    }
    assert {} == said


def test_nothing_is_called_a_thread_id_or_an_email_address() -> None:
    wrong = re.compile(r"thread_id|email_address|mail_address|meeting_invite", re.IGNORECASE)
    assert [] == [(path.name, name) for path in SOURCES for name in identifiers(parsed(path)) if wrong.search(name)]


def test_every_exception_to_our_words_is_still_needed() -> None:
    used = {name for path in SOURCES for name in {*identifiers(parsed(path)), path.stem}}
    assert set() == ALLOWED.keys() - used


def test_the_clock_is_read_in_the_doors_only() -> None:
    clocks = re.compile(r"(^|\.)(now|utcnow|today|localtime|gmtime)$|^time\.time(_ns)?$")
    doors = {"cli", "daemon.py"}
    found = [
        (str(path.relative_to(PACKAGE)), call)
        for path in SOURCES
        if path.relative_to(PACKAGE).parts[0] not in doors
        for call in calls(parsed(path))
        if clocks.search(call)
    ]
    assert [] == found


def test_the_core_imports_nothing_that_reads_clock_disk_network_or_chance() -> None:
    outward = {
        *("asyncio", "http", "io", "logging", "os", "pathlib", "random", "secrets", "shutil", "smtplib", "socket"),
        *("sqlite3", "ssl", "structlog", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid"),
    }
    found = []
    for path in sorted((PACKAGE / "core").rglob("*.py")):
        for node in ast.walk(parsed(path)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [(path.name, name) for name in names if name.partition(".")[0] in outward]
    assert [] == [(name, module) for name, module in found if module != "urllib.parse"]


def test_only_the_doors_speak_to_a_terminal() -> None:
    spoken = re.compile(r"^print$|console\.print|^sys\.std(out|err)\.|^typer\.echo$")
    found = [
        (str(path.relative_to(PACKAGE)), call)
        for path in SOURCES
        if not in_a_door(path)
        for call in calls(parsed(path))
        if spoken.search(call)
    ]
    assert [] == found


def test_no_file_has_two_rooms_in_it() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {} == {str(path.relative_to(ROOT)): length for path, length in lengths.items() if length > LONGEST_FILE}


def test_every_lint_exception_has_its_reason() -> None:
    bare = re.compile(r"#\s*(noqa(:\s*[A-Z0-9, ]+)?|type:\s*ignore(\[[^\]]*\])?|pragma: no cover)\s*$")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if bare.search(line)
    ]
    assert [] == found


def test_nothing_names_the_place_where_it_was_written() -> None:
    # the brackets keep this very line from being found
    place = re.compile(r"(?<![\w.])/wor[k]/\w|\.\./share[d]\b|/tmp/brie[f]|clau[d]e|anthrop[i]c", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        if (match := place.search(path.read_bytes().decode("utf-8", "replace")))
    ]
    assert [] == found
