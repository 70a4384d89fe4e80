"""The limited process in which letters are rendered; run by path, so that it imports Jinja and nothing of ours.

Reads one JSON request a line and answers with one JSON line:
`{"render": source, "name": name, "context": {…}}` → `{"text": …}`, `{"check": source, "name": name, "known": […]}` →
`{"text": ""}`; trouble is `{"error": words, "line": number, "token": the word it stands at}`.
"""

import json
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

MEMORY_CAP = 256 * 1024 * 1024
"""Octets of address space: Jinja and Python need about a fifth of it."""

CPU_SECONDS = 4
TEXT_CAP = 40_000

ENVIRONMENT = ImmutableSandboxedEnvironment(
    autoescape=False,  # a letter is plain text, HTML escapes would stand in it
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)
ENVIRONMENT.globals.clear()


def limit_memory() -> None:
    """Lower this process's limits for good; nothing where the platform has none (Windows)."""
    try:
        import resource  # noqa: PLC0415 - not on every platform
    except ImportError:
        return
    for limit, value in ((resource.RLIMIT_AS, MEMORY_CAP), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def limit_cpu() -> None:
    """Allow CPU_SECONDS more of processor time, from now."""
    try:
        import resource  # noqa: PLC0415 - not on every platform
    except ImportError:
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + 1 + CPU_SECONDS, hard))


@lru_cache(maxsize=256)
def template_of(source: str) -> Template:
    """The compiled template."""
    return ENVIRONMENT.from_string(source)


def answer(request: dict[str, Any]) -> dict[str, object]:  # noqa: PLR0911 - one return a kind of trouble
    """The answer to one request."""
    try:
        if "check" in request:
            return check(request["check"], set(request["known"]))
        return render(request["render"], request["context"])
    except TemplateSyntaxError as error:
        return {"error": error.message or "broken syntax", "line": error.lineno}
    except UndefinedError as error:
        return {
            "error": str(error),
            "line": line_of(error),
            "token": str(error).split("'")[1] if "'" in str(error) else "",
        }
    except SecurityError as error:
        return {"error": f"not allowed in a letter: {error}", "line": line_of(error)}
    except (MemoryError, RecursionError, OverflowError):
        return {"error": "it needs more memory than a letter may", "line": 1}
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        return {"error": f"{type(error).__name__}: {error}"[:300], "line": line_of(error)}


def check(source: str, known: set[str]) -> dict[str, object]:
    """Trouble of a template that can be seen without values: syntax, and names no letter has."""
    tree = ENVIRONMENT.parse(source)
    unknown = meta.find_undeclared_variables(tree) - known
    for node in tree.find_all(nodes.Name):
        if node.name in unknown:
            return {"error": f"no letter knows {node.name!r}", "line": node.lineno, "token": node.name}
    template_of(source)
    return {"text": ""}


def render(source: str, context: dict[str, object]) -> dict[str, object]:
    """The rendered text; stops as soon as it is longer than any letter."""
    pieces: list[str] = []
    length = 0
    for piece in template_of(source).generate(context):
        length += len(piece)
        if length > TEXT_CAP:
            return {"error": f"it grows beyond {TEXT_CAP} characters", "line": 1}
        pieces.append(piece)
    return {"text": "".join(pieces)}


def line_of(error: BaseException) -> int:
    """The template's line where the error was raised, 1 where it cannot be told."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def serve(
    read_line: Callable[[], bytes],
    write: Callable[[bytes], object],
    flush: Callable[[], None],
    limit: Callable[[], None] = limit_cpu,
) -> None:
    """Answer requests until there are no more, each under a limit of its own."""
    while line := read_line():
        limit()
        write(json.dumps(answer(json.loads(line))).encode() + b"\n")
        flush()


if __name__ == "__main__":
    limit_memory()
    serve(sys.stdin.buffer.readline, sys.stdout.buffer.write, sys.stdout.buffer.flush)
