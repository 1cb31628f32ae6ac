"""A scripted reader of the wizard's real pages: every word that is visible at first, and each rating.

Issue 3: 230 words a minute, 4 seconds a rating. Nobody reads the same label twice, so what stands on every page
(the header, the list of stages, the keys), on every scale (0 None to 5 Expert, Not sure) and on every row of a list
("Strength", "What shows it?", "Change") is read the first time.
"""

from html.parser import HTMLParser

WORDS_A_MINUTE, SECONDS_A_RATING = 230, 4
VOID = {"input", "meta", "link", "br", "img", "hr", "path", "circle", "line", "rect", "polyline", "polygon", "ellipse"}
UNSEEN_TAGS = {"script", "style", "title", "template", "svg", "head"}
# Not shown at first: DESIGN.md section 5 (ratings, sorting, choices), and what only a screen reader says.
UNSEEN_CLASSES = {"visually-hidden", "cp-skip", "cp-choice-more", "cp-scale-ends"}
REPEATED_CLASSES = {
    "cp-header",
    "cp-stages",
    "cp-scale",
    "cp-keys",
    "cp-segments",
    "cp-wizard-end",
    "cp-sort-more",
    "cp-change",
}


class Reader(HTMLParser):
    """Reads pages one after the other; `words` and `ratings` add up."""

    def __init__(self) -> None:
        super().__init__()
        self.words = self.ratings = 0
        self.known: set[str] = set()
        self._open: list[tuple[str, bool, bool]] = []

    def read(self, page: str) -> float:
        """Reads one more page; gives the seconds it took."""
        words, ratings = self.words, self.ratings
        self._open, self._sort_shown = [], True
        self.feed(page)
        return (self.words - words) / WORDS_A_MINUTE * 60 + (self.ratings - ratings) * SECONDS_A_RATING

    def handle_starttag(self, tag, attrs) -> None:
        attributes = dict(attrs)
        classes = set((attributes.get("class") or "").split())
        if "cp-rating" in classes:
            self.ratings += 1
        if tag == "input" and "checked" in attributes and "verdict" in (attributes.get("name") or ""):
            self._sort_shown = attributes["value"] == "strength"
        if tag in VOID:
            return
        unseen, repeated = self._open[-1][1:] if self._open else (False, False)
        unseen = unseen or tag in UNSEEN_TAGS or bool(classes & UNSEEN_CLASSES) or "hidden" in attributes
        unseen = unseen or ("data-level" in attributes and "data-anchor" not in attributes)
        unseen = unseen or (tag == "option" and "selected" not in attributes)
        unseen = unseen or ("cp-sort-more" in classes and not self._sort_shown)
        # Of what is folded away only the summary is seen; on a wide screen the second list of stages is not.
        unseen = unseen or (bool(self._open) and self._open[-1][0] == "closed" and tag != "summary")
        unseen = unseen or ("cp-more" in classes and repeated)
        name = "closed" if tag == "details" and "open" not in attributes else tag
        self._open.append((name, unseen, repeated or bool(classes & REPEATED_CLASSES)))

    def handle_startendtag(self, tag, attrs) -> None:
        """Shapes of a picture: nothing to read, nothing that closes."""

    def handle_endtag(self, tag) -> None:
        while tag not in VOID and self._open:
            name = self._open.pop()[0]
            if name == tag or (name == "closed" and tag == "details"):
                return

    def handle_data(self, data) -> None:
        text = " ".join(data.split())
        unseen, repeated = self._open[-1][1:] if self._open else (True, False)
        if unseen or not text or (repeated and text in self.known):
            return
        if repeated:
            self.known.add(text)
        self.words += sum(any(map(str.isalnum, word)) for word in text.split())
