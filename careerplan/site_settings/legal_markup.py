"""Legal texts as HTML: paragraphs, headings, lists, bold and links of Markdown; all else stays as it was typed."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString

LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(((?:https?://|mailto:|/)[^\s()<>]{1,500})\)")
BOLD = re.compile(r"\*\*([^*\n]{1,500})\*\*")
BULLET = re.compile(r"[-*] +")
HEADING = re.compile(r"#{1,3} +")


def as_html(text: str) -> SafeString:
    """Return the text as HTML. What was typed is escaped first, so that it can bring no tag of its own."""
    blocks = re.split(r"\n[ \t]*\n", text.strip())
    return SafeString("\n".join(_block(block) for block in blocks if block.strip()))


def _block(block: str) -> str:
    lines = [line.strip() for line in block.strip().split("\n")]
    if HEADING.match(lines[0]):
        rest = "\n".join(lines[1:])
        return f"<h2>{_inline(HEADING.sub('', lines[0], count=1))}</h2>" + (f"\n{_block(rest)}" if rest else "")
    if all(BULLET.match(line) for line in lines):
        return "<ul>" + "".join(f"<li>{_inline(BULLET.sub('', line, count=1))}</li>" for line in lines) + "</ul>"
    return "<p>" + "<br>".join(map(_inline, lines)) + "</p>"


def _inline(line: str) -> str:
    html = BOLD.sub(r"<strong>\1</strong>", escape(line))
    return LINK.sub(r'<a href="\2">\1</a>', html)
