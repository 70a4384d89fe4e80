"""HTML to text, and a text cut into what is fresh, quoted and signature."""

from followup_mail.core.body.html import build_tree, parse_html
from followup_mail.core.body.quoting import Body, split_body, tidy_lines

__all__ = ["Body", "build_tree", "parse_html", "split_body", "tidy_lines"]
