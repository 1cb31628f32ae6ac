"""A scripted reader of the wizard's real pages: every word that is visible at first, and each rating.

Issue 3: 230 words a minute, 4 seconds a rating. What is read:

- every text, each time it stands on a page (titles, headings, names, meanings, examples, notes, choices); but
- the frame (header, list of stages, buttons, keys) stands at the same place on every page: on the next only what is new
  in it is read, its new words and each number ("Stage 4 of 8, about 9 minutes left" is 4, 8 and 9);
- a label that comes back in each row of a page is read once on that page, and again on the next: the levels of a scale
  and in front of an example, "Not sure", "Strength", "Your example", "Change". The second scale has none.
"""

from dataclasses import dataclass
from html.parser import HTMLParser

WORDS_A_MINUTE, SECONDS_A_RATING = 230, 4
VOID = {"input", "meta", "link", "br", "img", "hr", "path", "circle", "line", "rect", "polyline", "polygon", "ellipse"}
UNSEEN_TAGS = {"script", "style", "title", "template", "svg", "head"}
# Not shown at first: what a rating, a sorting or a choice unfolds, and what only a screen reader says.
UNSEEN_CLASSES = {"visually-hidden", "cp-skip", "cp-choice-more", "cp-done-more"}
FRAME_CLASSES = {"cp-header", "cp-stages", "cp-keys", "cp-wizard-end"}
LABEL_CLASSES = {"cp-scale", "cp-segments", "cp-sort-more", "cp-change"}


@dataclass(frozen=True)
class Element:
    """One that is open: whether its text is seen, and as a part of what."""

    tag: str
    is_unseen: bool = False
    is_frame: bool = False
    is_label: bool = False
    is_closed: bool = False
    is_example: bool = False


class Reader(HTMLParser):
    """Reads pages one after the other; `words` and `ratings` add up."""

    def __init__(self) -> None:
        super().__init__()
        self.words = self.ratings = 0
        self.frame: set[str] = set()
        self.labels: set[tuple[str, ...]] = set()
        self._open: list[Element] = []

    def read(self, page: str) -> float:
        """Reads one more page; gives the seconds it took."""
        words, ratings = self.words, self.ratings
        self._open, self._sort_shown, self.labels = [], True, set()
        self.feed(page)
        return (self.words - words) / WORDS_A_MINUTE * 60 + (self.ratings - ratings) * SECONDS_A_RATING

    def handle_starttag(self, tag, attrs) -> None:
        attributes = dict(attrs)
        classes = set((attributes.get("class") or "").split())
        self.ratings += "cp-rating" in classes
        if tag == "input" and "category" in (attributes.get("name") or "") and attributes["value"] == "strength":
            self._sort_shown = "checked" in attributes
        if tag in VOID:
            return
        parent = self._open[-1] if self._open else Element("")
        element = Element(
            tag,
            is_unseen=parent.is_unseen or self._is_unseen(parent, tag, attributes, classes),
            is_frame=parent.is_frame or bool(classes & FRAME_CLASSES),
            is_label=parent.is_label or bool(classes & LABEL_CLASSES) or (tag == "b" and parent.is_example),
            is_closed=tag == "details" and "open" not in attributes,
            is_example="data-level" in attributes,
        )
        self._open.append(element)

    def _is_unseen(self, parent, tag, attributes, classes) -> bool:
        return (
            tag in UNSEEN_TAGS
            or bool(classes & UNSEEN_CLASSES)
            or "hidden" in attributes
            or ("data-level" in attributes and "data-anchor" not in attributes)
            or (tag == "option" and "selected" not in attributes)
            or ("cp-sort-more" in classes and not self._sort_shown)
            # Of what is folded away only the summary is seen; on a wide screen the second list of stages is not.
            or (parent.is_closed and tag != "summary")
            or ("cp-more" in classes and parent.is_frame)
        )

    def handle_startendtag(self, tag, attrs) -> None:
        """Shapes of a picture: nothing to read, nothing that closes."""

    def handle_endtag(self, tag) -> None:
        while tag not in VOID and self._open:
            if self._open.pop().tag == tag:
                return

    def handle_data(self, data) -> None:
        text = " ".join(data.split()).removesuffix(":")
        element = self._open[-1] if self._open else Element("", is_unseen=True)
        if not element.is_unseen:
            self.words += len(self._read_of(element, [word for word in text.split() if any(map(str.isalnum, word))]))

    def _read_of(self, element: Element, words: list[str]) -> list[str]:
        """The words of a text that are read, which are known from now on."""
        if element.is_frame:
            words = [word for word in words if word not in self.frame or any(map(str.isdigit, word))]
            self.frame.update(words)
        elif element.is_label:
            words = [] if tuple(words) in self.labels else words
            self.labels.add(tuple(words))
        return words
