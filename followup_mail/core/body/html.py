"""HTML to text: an iterative walk that keeps the rows of tables together."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

_HTML_CAP = 500_000  # characters of markup
_TEXT_CAP = 60_000  # characters of text
_NODE_CAP = 60_000
_DEPTH_CAP = 400
_SELF_ENDING_CAP = 4_000
_TAGS_CAP = 40_000
_CROWD = 800  # attributes of one element

_DROPPED = frozenset(
    {
        "script",
        "style",
        "head",
        "title",
        "noscript",
        "template",
        "svg",
        "math",
        "object",
        "iframe",
        "select",
        "textarea",
    }
)
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "pre", "hr"})
_BLOCKS = frozenset(
    {"div", "section", "article", "header", "footer", "main", "aside", "nav", "address", "center", "figure", "form"}
    | {"fieldset", "table", "tbody", "thead", "tfoot", "caption", "li", "dt", "dd", "body", "html", "figcaption"}
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"
    r"|max-height\s*:\s*0(?:px)?\s*(?:;|$)",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_PREFORMATTED = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_STRUCK = frozenset({"s", "strike", "del"})
_STRUCK_STYLE = re.compile(r"text-decoration[a-z-]*\s*:[^;]{0,40}line-through", re.IGNORECASE)
_NOTHING, _LINE, _BLANK, _CELL = range(4)
_CELLS = frozenset({"td", "th"})
_DUE = dict.fromkeys(_BLOCKS, _LINE) | dict.fromkeys(_PARAGRAPHS, _BLANK)


@dataclass(slots=True)
class _Row:
    line: int  # the number of the text line on which the row began
    texts: int  # how many texts had been written before it


@dataclass(slots=True)
class _Page:
    """The text so far, and what is due before the next piece of it."""

    lines: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    due: int = _NOTHING
    line: int = 0  # text lines ended so far
    texts: int = 0
    size: int = 0
    quotes: int = 0
    preformatted: int = 0
    struck: int = 0
    bullet: bool = False
    rows: list[_Row] = field(default_factory=list)

    def end_line(self) -> None:
        text = _SPACES.sub(" ", "".join(self.current)).strip()
        self.current = []
        if text:
            self.lines.append("> " * min(self.quotes, 5) + text)
            self.line += 1

    def need(self, due: int) -> None:
        """A block begins or ends; at the start of a cell that changes nothing."""
        at_row_start = bool(self.rows) and self.rows[-1].texts == self.texts
        if self.due != _CELL and not at_row_start:
            self.due = max(self.due, due)

    def settle(self) -> None:
        """Write what is due before the next text."""
        if self.due == _CELL:
            self.current.append(" | ")
        elif self.due:
            self.end_line()
            if self.due == _BLANK and self.lines and self.lines[-1]:
                self.lines.append("")
        if self.bullet:
            self.current.append("- ")
        self.due, self.bullet = _NOTHING, False

    def write(self, text: str) -> None:
        if text.strip():
            self.settle()
            self.texts += 1
            self.current.append(text)
            self.size += len(text)
        elif text and self.current and not self.due:
            self.current.append(" ")

    def write_lines(self, text: str) -> None:
        for number, line in enumerate(text.splitlines()):
            if number:
                self.break_line()
            self.write(line)

    def break_line(self) -> None:
        if self.due == _NOTHING and self.current:
            self.due = _LINE
        elif self.due != _CELL:
            self.due = _BLANK

    def open_row(self) -> None:
        # A table inside a cell goes on on the line of its label.
        if self.due != _CELL:
            self.end_line()
            self.due = _BLANK if self.due == _BLANK else _NOTHING
        self.rows.append(_Row(self.line, self.texts))

    def open_cell(self) -> None:
        row = self.rows[-1] if self.rows else None
        if row is None or row.texts == self.texts:
            return
        # Cells stand on one line only while the row is still on its first.
        self.due = _CELL if row.line == self.line and self.current else max(self.due % _CELL, _LINE)

    def close_row(self) -> None:
        self.rows.pop()
        self.due = _LINE

    def change_quotes(self, step: int) -> None:
        self.end_line()
        self.due = _BLANK
        self.quotes += step


@dataclass(frozen=True, slots=True)
class _Element:
    tag: str
    hidden: bool = False
    quote: bool = False
    preformatted: bool = False
    struck: bool = False


def _look_at(node: LexborNode, tag: str) -> _Element:
    if tag in _DROPPED:
        return _Element(tag, hidden=True)
    attributes = node.attributes
    if not attributes:
        return _Element(tag, preformatted=tag == "pre", struck=tag in _STRUCK)
    style = (attributes.get("style") or "")[:2000]
    return _Element(
        tag,
        hidden="hidden" in attributes or bool(_HIDDEN.search(style)),
        quote=tag == "blockquote"
        and ((attributes.get("type") or "").lower() == "cite" or "quote" in (attributes.get("class") or "").lower()),
        preformatted=tag == "pre" or bool(_PREFORMATTED.search(style)),
        struck=tag in _STRUCK or bool(_STRUCK_STYLE.search(style)),
    )


def _open(page: _Page, element: _Element) -> None:
    if element.tag == "br":
        page.break_line()
    elif element.tag == "tr":
        page.open_row()
    elif element.tag in _CELLS:
        page.open_cell()
    elif element.quote:
        page.change_quotes(1)
    else:
        page.need(_DUE.get(element.tag, _NOTHING))
    page.bullet |= element.tag == "li"
    page.preformatted += element.preformatted
    page.struck += element.struck


def _close(page: _Page, element: _Element) -> None:
    if element.tag == "tr":
        page.close_row()
    elif element.quote:
        page.change_quotes(-1)
    else:
        page.need(_DUE.get(element.tag, _NOTHING))
    page.preformatted -= element.preformatted
    page.struck -= element.struck


def _write_text(page: _Page, text: str) -> None:
    if page.struck and text.strip():
        text = f"~~{text.strip()}~~ "
    if page.preformatted:
        page.write_lines(text)
    else:
        page.write(_SPACES.sub(" ", text))


def _enter(page: _Page, node: LexborNode) -> list[LexborNode | _Element]:
    """Open an element; what is to be visited for it, last first."""
    element = _look_at(node, node.tag or "")
    if element.hidden:
        return []
    _open(page, element)
    return [element] if node.child is None else [element, node.child]


def _walk(root: LexborNode) -> _Page:
    """Visit the tree with a stack of our own: hostile markup nests deeper than Python recurses."""
    page = _Page()
    stack: list[LexborNode | _Element] = [root]
    for _ in range(_NODE_CAP):
        if not stack or page.size > _TEXT_CAP:
            break
        node = stack.pop()
        if isinstance(node, _Element):
            _close(page, node)
            continue
        if node is not root and node.next is not None:
            stack.append(node.next)
        if node.is_text_node:
            _write_text(page, node.text_content or "")
        elif node.is_element_node:
            stack.extend(_enter(page, node))
    page.end_line()
    return page


# One tag with its attributes, quoted values whole; possessive, so that every octet is looked at once.
_TAG = re.compile(r"""<(/?)([A-Za-z][A-Za-z0-9]{0,15})((?:[^>"']++|"[^"]*+"|'[^']*+')*+)""")
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
_INLINE_FILE = re.compile(r"data:[a-z0-9/+.-]{3,60};base64,[A-Za-z0-9+/=\s]*+", re.IGNORECASE)
_SEPARATOR = re.compile(r"[\s/]+")
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
# Elements whose end is often left out without deepening the tree.
_SELF_ENDING = frozenset(
    {"p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "tfoot", "html", "body", "head"}
)


def _is_tangled(html: str) -> bool:
    """Whether elements nest, or attributes crowd, past what the tree builder does in good time: it is quadratic."""
    unclosed: dict[str, int] = {}
    room = {True: _SELF_ENDING_CAP, False: _DEPTH_CAP}
    for count, match in enumerate(_TAG.finditer(html)):
        name = match[2].lower()
        if count > _TAGS_CAP or (len(match[3]) > _CROWD and len(_SEPARATOR.findall(match[3])) > _CROWD):
            return True
        if name in _VOID:
            continue
        step = -1 if match[1] else 1
        if unclosed.get(name, 0) + step >= 0:
            unclosed[name] = unclosed.get(name, 0) + step
            room[name in _SELF_ENDING] -= step
            if min(room.values()) < 0:
                return True
    return False


def build_tree(html: str) -> LexborNode | None:
    """The root of a document's tree; None where it is too tangled to be built in good time."""
    html = _INLINE_FILE.sub("", html.replace("\0", ""))[:_HTML_CAP]
    return None if _is_tangled(html) else LexborHTMLParser(html).root


def parse_html(html: str) -> str:
    """The visible text of an HTML document, line by line; total, capped.

    Cells of a table row stand on one line parted by " | ", list items begin with "- ", cited blocks with "> ". Scripts,
    styles and hidden elements are left out, and so are addresses behind links. Of a document too tangled for a tree
    only the tags are taken out.
    """
    root = build_tree(html)
    if root is None:
        return _ANY_TAG.sub("\n", html[:_HTML_CAP])[:_TEXT_CAP].strip()
    return "\n".join(_walk(root).lines).strip()
