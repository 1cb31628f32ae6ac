"""Read a JSON Resume in the shapes that programs and people give it: whatever is clear is used, the rest is noted."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from careerplan.account_data.file_format import InvalidFile
from careerplan.imports.content import CvContent
from careerplan.imports.dates import find_span
from careerplan.imports.json_text import walk
from careerplan.reading.folding import fold

Entry = dict[str, Any]
DEPTH = 3  # how far inside a file the CV may be, such as {"data": {"resume": {...}}}
MAX_ENTRIES = 1_000  # of one list that are looked at: five times what is kept
MAX_WORDS = 3  # of a keyword that is a skill; more are a sentence, such as what shows a skill in our own CVs
# By our name: the names that programs give a section or a value. Compared without case, blanks, "-" and "_".
SECTIONS = {
    "basics": "basics personal personalinfo personalinformation contact profile about",
    "skills": "skills skill competencies competences technicalskills softskills hardskills keyskills coreskills"
    " expertise",
    "work": "work experience workexperience experiences employment employmenthistory workhistory jobs positions career"
    " professionalexperience",
    "volunteer": "volunteer volunteering volunteerwork volunteerexperience voluntarywork",
    "education": "education educations schools studies academics educationhistory training",
    "certificates": "certificates certificate certifications certification licenses licences licensesandcertifications",
    "languages": "languages language",
}
SECTION_OF = {name: section for section, names in SECTIONS.items() for name in names.split()}
# Sections by which a file is known to be a CV.
TELLING = {"skills", "work", "education", "certificates", "volunteer"}
NOT_NAMED = {"schema", "meta", "metadata", "basics", "id", "version", "picture", "summary", "profiles"}
NAME, ROLE = "name skill title label keyword", "position title jobtitle role designation occupation positiontitle"
GROUP, WORDS = (
    "category group type area heading section",
    "keywords items skills list values technologies tools details",
)
EMPLOYER = "name company organization organisation employer companyname workplace institution"
START, END = "startdate start from startedon began begin", "enddate end to until finishedon"
SPAN, CURRENT = "date dates period duration years", "current iscurrent present currentlyworking ongoing"
SCHOOL, DEGREE = "institution school university college organization name", "studytype degree title qualification level"
SUBJECT = "area field fieldofstudy major subject course"
GRADES = frozenset(
    {
        *(
            "beginner",
            "basic",
            "elementary",
            "intermediate",
            "good",
            "advanced",
            "expert",
            "proficient",
            "fluent",
            "native",
        ),
        *("nativespeaker", "mothertongue", "master", "novice", "professional", "a1", "a2", "b1", "b2", "c1", "c2"),
    }
)
# Names of groups, not of skills: those that end in one of these, if something is listed under them.
HEADINGS = frozenset(
    fold(
        """
        skills skill languages language tools tool frameworks framework libraries library technologies technology
        software systems platforms platform databases database methods methodologies competencies competences
        expertise strengths technical soft hard interpersonal other others misc miscellaneous general various
        programs applications it hardware tooling stack qualifications abilities interests fähigkeiten kenntnisse
        sprachen werkzeuge sonstiges compétences langues outils autres habilidades idiomas herramientas otros
        ferramentas outros competenze lingue strumenti umiejętności języki narzędzia vaardigheden talen
    """
    ).split()
)


def parse_json_resume(found: Any, cv: CvContent) -> None:
    """Read the CV in the values of a JSON file. Raises InvalidFile if there is none."""
    sections = next((by_name for one in walk(found, DEPTH) if TELLING & (by_name := _by_name(one)).keys()), None)
    if sections is None:
        label = _text(cv, _by_name(found).get("basics", {}), "label", "basics") if isinstance(found, dict) else ""
        if not label:
            raise InvalidFile(_("This is not a JSON Resume file: it has no skills, work or education."))
        sections = _by_name(found)
    for name, read in _READERS.items():
        for place, entry in _entries(cv, sections.get(name), name):
            read(cv, entry, place)
    _read_label(cv, sections.get("basics"))
    for name, value in sections.items():
        if name not in _READERS and _key(name) not in NOT_NAMED and isinstance(value, dict | list) and value:
            leave_out_section(cv, name, len(value) if isinstance(value, list) else 1)


def leave_out_section(cv: CvContent, name: str, count: int) -> None:
    """Note a section of a CV that has no place in an assessment."""
    words = ngettext("We do not use this section, %(n)s entry.", "We do not use this section, %(n)s entries.", count)
    cv.leave_out(name, words % {"n": count})


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _by_name(found: Entry) -> Entry:
    """Return the sections by our names; what we do not know keeps its own. Two of one kind are joined."""
    sections: Entry = {}
    for name, value in found.items():
        ours = SECTION_OF.get(_key(name), name)
        before = sections.get(ours)
        is_joined = isinstance(before, list) and isinstance(value, list)
        sections[ours] = [*before, *value] if is_joined and before is not None else before or value
    return sections


def _entries(cv: CvContent, value: Any, section: str) -> Iterator[tuple[str, Any]]:
    """Yield the entries of a section with their places: of a list, of a dictionary of groups, or a single one."""
    if isinstance(value, dict) and not any(key in _known(section) for key in map(_key, value)):
        for group, inner in value.items():
            if isinstance(inner, int | float) or (isinstance(inner, str) and _key(inner) in GRADES):
                yield f"{section}, {group}", group  # {"Python": "expert"}
                continue
            yield from _entries(cv, inner if isinstance(inner, list) else [inner], f"{section}, {group}")
        return
    if isinstance(value, str):
        value = split_names(value)
    entries = value if isinstance(value, list) else [value]
    if len(entries) > MAX_ENTRIES:
        cv.leave_out_rest(section, len(entries) - MAX_ENTRIES)
    for number, entry in enumerate(entries[:MAX_ENTRIES], 1):
        place = _("%(section)s, entry %(number)s") % {"section": section, "number": number}
        if isinstance(entry, dict | str):
            yield place, entry
        elif isinstance(entry, int | float) and not isinstance(entry, bool):
            cv.leave_out(place, _("A number is not a name: %(number)s.") % {"number": str(entry)[:40]})
        elif isinstance(entry, list):
            cv.leave_out(place, _("This is a list inside a list."))


def _known(section: str) -> frozenset[str]:
    """Return the names of values by which one entry of a section is known."""
    names = {
        "skills": f"{NAME} {GROUP} keywords items level",
        "languages": "language name fluency level",
        "certificates": "name title issuer date",
    }
    other = f"{ROLE} {EMPLOYER} {START} {END} {SCHOOL} {DEGREE} {SUBJECT}"
    return frozenset(names.get(section.partition(",")[0], other).split())


def _text(cv: CvContent, entry: Any, names: str, place: str, *, join: bool = False, number: bool = False) -> str:
    """Return the first text with one of the names. What is not a text is noted."""
    values = {_key(name): value for name, value in entry.items()} if isinstance(entry, dict) else {}
    for name in names.split():
        value = values.get(name)
        if isinstance(value, dict):
            value = _in_language(value)
        if join and isinstance(value, list) and all(isinstance(one, str) for one in value):
            value = ", ".join(value)
        if number and isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)[:40]
        if isinstance(value, str):
            if value.strip():
                return value
        elif value not in (None, [], {}, False):
            cv.leave_out(f"{place}, {name}", _("Expected text here."))
    return ""


def _in_language(texts: Entry) -> Any:
    """Return the text of {"en": ..., "de": ...} in the reader's language, English or the first; of others the name."""
    language = (get_language() or "en").partition("-")[0]
    by_language = {
        name[:2].casefold(): text for name, text in texts.items() if re.fullmatch(r"[A-Za-z]{2}([-_]\w+)?", name)
    }
    if len(by_language) == len(texts) and texts:
        return by_language.get(language) or by_language.get("en") or next(iter(by_language.values()))
    return texts.get("name") or texts.get("title") or texts.get("label") or texts


def split_names(text: str) -> list[str]:
    """Split names that are listed in one text."""
    return [name.strip() for name in re.split(r"[,;•·|\n\t]", text) if name.strip()]


def is_heading(name: str) -> bool:
    """Whether a name is that of a group, such as "Frameworks / Libraries" or "Soft skills"."""
    words = re.findall(r"[^\W_]+", fold(name))
    return not words or words[-1] in HEADINGS


def _read_skill(cv: CvContent, entry: Any, place: str) -> None:
    if isinstance(entry, str):
        cv.add_skill(entry, place)
        return
    values = {_key(name): value for name, value in entry.items()}
    key = next((name for name in WORDS.split() if values.get(name)), "")
    names = _keywords(cv, values.get(key), f"{place}, {key}")
    heading = _text(cv, entry, NAME, place)
    if heading and not (names and is_heading(heading)):
        cv.add_skill(heading, place)
    for name in names:
        cv.add_skill(name, f"{place}, {key}")
    if not heading and not names:
        cv.leave_out(place, _("No skill is named here."))


def _keywords(cv: CvContent, value: Any, place: str) -> list[str]:
    """Return the names under a skill; numbers and sentences are noted."""
    names = []
    for one in split_names(value) if isinstance(value, str) else value if isinstance(value, list) else []:
        name = _text(cv, one, NAME, place) if isinstance(one, dict) else one
        if not isinstance(name, str):
            cv.leave_out(place, _("Expected text here, not %(value)s.") % {"value": str(one)[:40]})
        elif len(name.split()) > MAX_WORDS:
            cv.leave_out(place, _("This is a sentence, not the name of a skill."))
        elif name:
            names.append(name)
    return names


def _read_job(cv: CvContent, entry: Any, place: str, *, is_over: bool = False) -> None:
    if isinstance(entry, str):
        span = find_span(entry)
        entry = {"position": entry if span is None else entry[: span.place[0]].strip(" ,;:|-–(")} | (
            {"start": span.start, "end": span.end} if span else {}
        )
    start, end = (_text(cv, entry, names, place, number=True) for names in (START, END))
    whole = "" if start or end else _text(cv, entry, SPAN, place, number=True)
    if whole:
        span = find_span(whole)
        start, end = (span.start, span.end) if span else (whole, whole)
    is_current = any(value is True for name, value in entry.items() if _key(name) in CURRENT.split())
    role = _text(cv, entry, ROLE, place)
    employer = _text(cv, entry, EMPLOYER, place)
    cv.add_position(role, employer, start, "" if is_current else end, place, is_over=is_over)
    inner = next((value for name, value in entry.items() if _key(name) in {"positions", "roles"}), None)
    if not role and isinstance(inner, list):  # several jobs at one employer
        for one in inner:
            if isinstance(one, dict):
                _read_job(cv, {"company": employer} | one, place, is_over=is_over)


def _read_school(cv: CvContent, entry: Any, place: str) -> None:
    if isinstance(entry, str):
        cv.add_school("", entry, "", place)
        return
    school = _text(cv, entry, SCHOOL, place)
    cv.add_school(school, _text(cv, entry, DEGREE, place), _text(cv, entry, SUBJECT, place, join=True), place)


def _read_certificate(cv: CvContent, entry: Any, place: str) -> None:
    if isinstance(entry, str):
        cv.add_certificate(entry, "", "", place)
        return
    issuer = _text(cv, entry, "issuer authority organization organisation by from", place)
    day = _text(cv, entry, "date issuedate issued year startdate releasedate", place, number=True)
    cv.add_certificate(_text(cv, entry, f"{NAME} certificate", place), issuer, day, place)


def _read_language(cv: CvContent, entry: Any, place: str) -> None:
    cv.add_skill(entry if isinstance(entry, str) else _text(cv, entry, "language name title", place), place)


def _read_label(cv: CvContent, basics: Any) -> None:
    """Offer the title of the whole CV as a job if it has no other."""
    if not cv.positions and isinstance(basics, dict):
        cv.add_position(_text(cv, basics, "label headline jobtitle title position", "basics"), "", "", "", "basics")


_READERS: dict[str, Callable[[CvContent, Any, str], None]] = {
    "skills": _read_skill,
    "work": _read_job,
    "education": _read_school,
    "certificates": _read_certificate,
    "volunteer": partial(_read_job, is_over=True),
    "languages": _read_language,
}
