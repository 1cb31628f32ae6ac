"""Lines of a CV: what stands in one, and when it was."""

import re
from dataclasses import dataclass

from careerplan.imports.content import LINE_LENGTH
from careerplan.imports.dates import Period, find_span

BULLET = re.compile(r"^\s*[•·▪◦●○■□–—*>✓✔➢\u2022\u25aa\uf0b7\uf0a7-]+\s+")
APART = re.compile(r"\s{3,}|\s*[|•·/]\s+|\s+[–—-]\s+|,\s+|\t")
AT = re.compile(r"\s+(?:at|bei|chez|@|presso|bij|hos)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CvLine:
    """A line of a section: its text without a bullet, where it stands, its span of time and the text beside that."""

    text: str
    place: str
    is_bullet: bool
    span: Period | None
    beside: str


def read_line(text: str, place: str) -> CvLine:
    """Return a line without its bullet, and what stands beside its date."""
    plain = BULLET.sub("", text).strip()
    span = find_span(plain) if len(plain) <= LINE_LENGTH else None
    beside = (plain[: span.place[0]] + "   " + plain[span.place[1] :]) if span else plain
    return CvLine(plain, place, plain != text.strip(), span, strip_signs(re.sub(r"\(\s*\)|\[\s*\]", " ", beside)))


def is_prose(text: str) -> bool:
    """Whether a text describes something and names nothing."""
    return len(text) > 90 or text.rstrip().endswith((".", ";")) or len(text.split()) > 12


def split_parts(lines: list[str]) -> list[str]:
    """Return what signs, wide gaps or a word such as "at" part in some lines."""
    parts = [strip_signs(part) for line in lines for part in _split_at(line)]
    return [part for part in parts if part]


def strip_signs(text: str) -> str:
    """Take signs off the ends of a text, but no bracket that has its other one."""
    text = text.strip(" ,;:|–—-\t")
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1]
    opened, closed = text.count("("), text.count(")")
    return text.rstrip("( ") if opened > closed else text.lstrip(" )") if text.startswith(")") else text


def _split_at(line: str) -> list[str]:
    named = AT.split(line, maxsplit=1)
    return named if len(named) == 2 else APART.split(line)
