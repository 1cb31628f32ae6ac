"""Messages that are made a thousand times a second: the layout, rendered once a shape and filled as often as needed.

The same few shapes stand in all of them, and filling one takes a tenth of the time of rendering it.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from django.utils.safestring import SafeString

from careerplan.core.mail import absolute_url, layout, wrapped

# What stands for a value until there is one. An address may hold these letters as they are; no words of ours have them.
PLACEHOLDERS = {
    name: f"~{name}~"
    for name in (
        *("heading", "preheader", "lead", "items", "why", "stop", "stop_url", "more"),
        *("number", "mark", "when", "title", "what", "token", "path"),
    )
}
NUMBER = re.compile(r"&#([0-9]+);")
EMPTY_SLOTS = {"site_url": "", "heading": "", "preheader": "", "foot": []}


class BodyTemplate(NamedTuple):
    """A text and an HTML body, or what one item adds to them: a %-format each."""

    text: str
    html: str


def compile_mail(slots: Mapping[str, Any]) -> BodyTemplate:
    """The shape of a whole message, from the slots of the layout, with PLACEHOLDERS in them; and in it goes `items`."""
    slots = {"site_url": absolute_url("/"), **slots}
    text = layout("txt").render({**slots, "items": PLACEHOLDERS["items"]})
    html = layout("html").render({**slots, "items": SafeString(PLACEHOLDERS["items"])})
    return BodyTemplate(_format(text.strip() + "\n"), _format(html))


def compile_item(*, is_first: bool, mark_kind: str, links: Sequence[Mapping[str, str]]) -> BodyTemplate:
    """The shape of an item whose mark is "late", "soon" or neither, with links that have `label` and `url` each.

    The first link is a button. PLACEHOLDERS["token"] and PLACEHOLDERS["path"] may be in a URL.
    """
    item = {"is_first": is_first, "mark_kind": mark_kind, "links": links, **PLACEHOLDERS}
    macros: list[Any] = [layout(kind).make_module(EMPTY_SLOTS) for kind in ("txt", "html")]
    return BodyTemplate(*(_format(str(macro.show(item))) for macro in macros))


def _format(rendered: str) -> str:
    shape = rendered.replace("%", "%%")
    for name, place in PLACEHOLDERS.items():
        shape = shape.replace(place, f"%({name})s")
    return shape


def fill_mail(
    shape: BodyTemplate, items: Sequence[BodyTemplate], *, lead: str, why: str, **said: str
) -> tuple[str, str]:
    """Both bodies. Takes plain text."""
    text = shape.text % {
        **said, "lead": wrapped(lead), "why": wrapped(why), "items": "".join([item.text for item in items]).rstrip("\n")
    }  # fmt: skip
    html = shape.html % {
        **{name: escape(value) for name, value in said.items()},
        "lead": escape(lead), "why": escape(why), "items": "".join([item.html for item in items]),
    }  # fmt: skip
    return text, html if html.isascii() else _numbered(html)


def _numbered(html: str) -> str:
    """HTML with its letters beyond ASCII as numbers ("&#8211;"): it goes out as it is then, while quoting it for the
    wire takes as long as making it. As it was where a number would be read as something else (HTML Standard 13.2.5.80).
    """
    numbered = html.encode("ascii", "xmlcharrefreplace").decode("ascii")
    is_safe = all(map(_is_read_as_itself, map(int, set(NUMBER.findall(numbered)))))
    return numbered if is_safe else html


def _is_read_as_itself(code: int) -> bool:
    """Whether a number stands for its letter: neither a control character nor a noncharacter."""
    return code >= 0xA0 and code & 0xFFFE != 0xFFFE and not 0xFDD0 <= code <= 0xFDEF


def fill_item(
    shape: BodyTemplate, *, number: int, mark: str, when: str, title: str, what: str, token: str, path: str
) -> BodyTemplate:
    """An item. Takes plain text, and a token and a path of ours."""
    links = {"number": number, "token": token, "path": path}
    text = shape.text % {"mark": mark.upper(), "when": when, "title": title, "what": what, **links}
    html = shape.html % {
        "mark": escape(mark), "when": escape(when), "title": escape(title), "what": escape(what), **links
    }  # fmt: skip
    return BodyTemplate(text, html)
