"""Which direction a page gives to a person's own words: worked out from its HTML as a browser does, without one."""

import unicodedata
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNSEEN = {"title", "script", "style", "option", "template"}
FIRST_STRONG, POP = "\u2068", "\u2069"


def direction_of(text: str) -> str:
    """The direction that the first letter with one gives to a text (rule P2 of UAX 9); ltr without any."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in {"L", "R", "AL"}:
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


@dataclass
class Element:
    """An element with what decides about direction. `own`: its text, without parts that have a direction themselves."""

    tag: str
    dir: str
    is_unseen: bool
    own: list[str] = field(default_factory=list)

    @property
    def is_auto(self) -> bool:
        """Whether the first letters decide."""
        return self.dir == "auto" or (self.tag == "bdi" and not self.dir)


@dataclass
class Found:
    """A text that holds the words: `element` is the nearest with a direction of its own, None if it is the page's."""

    text: str
    tag: str
    element: Element | None

    @property
    def direction(self) -> str:
        """The direction in which a browser writes the text."""
        if FIRST_STRONG in self.text:
            return direction_of(self.text.partition(FIRST_STRONG)[2].partition(POP)[0])
        if self.element is None:
            return "ltr"
        return direction_of("".join(self.element.own)) if self.element.is_auto else self.element.dir


class DirectionParser(HTMLParser):
    """Collects the texts and field values of a page that hold the words and can be seen."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words
        self.found: list[Found] = []
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        values = {name: value or "" for name, value in attrs}
        unseen = tag in UNSEEN or "visually-hidden" in values.get("class", "").split() or values.get("type") == "hidden"
        element = Element(tag, values.get("dir", ""), unseen or any(one.is_unseen for one in self._open))
        if tag == "input" and self.words in values.get("value", "") and not element.is_unseen:
            element.own.append(values["value"])
            self.found.append(Found(values["value"], tag, element if element.dir else self._nearest()))
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close the element, and what was left open in it."""
        if any(one.tag == tag for one in self._open):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Note a text; it belongs to each open element up to the first that decides for itself."""
        for element in reversed(self._open):
            element.own.append(data)
            if element.dir or element.tag == "bdi":
                break
        if self.words in data and self._open and not self._open[-1].is_unseen:
            self.found.append(Found(data, self._open[-1].tag, self._nearest()))

    def _nearest(self) -> Element | None:
        decides = (one for one in reversed(self._open) if (one.dir or one.tag == "bdi") and one.tag != "html")
        return next(decides, None)


def texts_with(words: str, html: str) -> list[Found]:
    """The seen texts and field values of a page that hold the words."""
    parser = DirectionParser(words)
    parser.feed(html)
    return parser.found
