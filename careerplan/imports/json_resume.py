"""Parse a JSON Resume (https://jsonresume.org/schema, 1.0.0), strictly and only what we use.

The file is limited in size, so it is read whole: no text is longer than the file, and Python itself refuses numbers of
more than 4,300 digits and too much nesting.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from careerplan.account_data.errors import InvalidFile
from careerplan.account_data.schema import FORMAT
from careerplan.imports.content import CvContent
from careerplan.imports.text import decoded

MAX_BYTES = 1_000_000
# characters of a keyword that is a skill; longer ones are sentences, such as the examples in our own exports
MAX_WORDS = 3
SECTIONS = ("basics", "work", "education", "certificates", "skills")
DAY = re.compile(r"([1-9]\d{3})-(0[1-9]|1[0-2])(?:-\d\d)?", re.ASCII)
Entry = dict[str, Any]


def parse_json_resume(data: bytes) -> CvContent:
    """Parse the CV in a file. Raises InvalidFile with the place and the reason."""
    found = _parsed(data)
    resume = CvContent()
    for place, entry in _entries(found, "skills"):
        words = [text for text in _texts(entry, "keywords", place) if len(text.split()) <= MAX_WORDS]
        for name in [_text(entry, "name", place), *words]:
            _placed(place, resume.add_skill, name)
    for place, entry in _entries(found, "work"):
        organisation = _text(entry, "name", place) or _text(entry, "company", place)  # before 1.0.0
        days = _month(_text(entry, "startDate", place)), _month(_text(entry, "endDate", place))
        _placed(place, resume.add_position, _text(entry, "position", place), organisation, *days)
    for place, entry in _entries(found, "education"):
        texts = [_text(entry, name, place) for name in ("institution", "studyType", "area")]
        _placed(place, resume.add_school, *texts)
    for place, entry in _entries(found, "certificates"):
        texts = [_text(entry, name, place) for name in ("name", "issuer")]
        _placed(place, resume.add_certificate, *texts, _month(_text(entry, "date", place)))
    if not resume.positions and isinstance(found.get("basics"), dict):
        _placed("basics", resume.add_position, _text(found["basics"], "label", "basics"), "", "", "")
    return resume


def _parsed(data: bytes) -> Entry:
    try:
        found = json.loads(decoded(data, _("File"), other=False))
    except RecursionError as error:
        raise InvalidFile(_("Lists and entries are nested too deeply in the file.")) from error
    except ValueError as error:
        place = _("line %(n)s") % {"n": error.lineno} if isinstance(error, json.JSONDecodeError) else ""
        reason = _("The file is not complete JSON. It is cut off or damaged here, or it is another kind of file.")
        raise InvalidFile(reason, place) from error
    if not isinstance(found, dict):
        raise InvalidFile(_("This is not a JSON Resume file: it does not start with “{”."))
    if found.get("format") == FORMAT:
        raise InvalidFile(_("This is an export from Careerplan. Import it on the page “Your data”."))
    if not any(name in found for name in SECTIONS):
        raise InvalidFile(_("This is not a JSON Resume file: it has no skills, work or education."))
    return found


def _entries(found: Entry, section: str) -> Iterator[tuple[str, Entry]]:
    entries = found.get(section) or []
    if not isinstance(entries, list):
        raise InvalidFile(_("Expected a list here."), section)
    for number, entry in enumerate(entries, 1):
        place = f"{section}, " + _("entry %(number)s") % {"number": number}
        if not isinstance(entry, dict):
            raise InvalidFile(_("Expected an entry in “{ }” here."), place)
        yield place, entry


def _text(entry: Entry, name: str, place: str) -> str:
    text = entry.get(name)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise InvalidFile(_("Expected text here."), f"{place}, {name}")
    return text


def _month(text: str) -> str:
    """Return "2021-06-30" or "2021-06" as a CV shows it: "Jun 2021". Other texts are unchanged."""
    found = DAY.fullmatch(text.strip())
    return date_format(date(int(found[1]), int(found[2]), 1), "M Y") if found else text


def _texts(entry: Entry, name: str, place: str) -> list[str]:
    texts = entry.get(name) or []
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise InvalidFile(_("Expected a list of texts here."), f"{place}, {name}")
    return texts


def _placed(place: str, add: Any, *texts: str) -> None:
    """Add an entry; an error names its place."""
    try:
        add(*texts)
    except InvalidFile as refused:
        raise InvalidFile(str(refused), place) from None
