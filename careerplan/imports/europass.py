"""Read a Europass CV: the XML of the old form and the new one (also inside a PDF), and the same as JSON."""

from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from careerplan.account_data.file_format import InvalidFile
from careerplan.imports.content import CvContent
from careerplan.imports.json_resume import leave_out_section
from careerplan.imports.json_text import walk

MAX_XML_BYTES = 3_000_000  # a picture is inside as text
DEPTH = 6
PERIODS = ("Period", "EmploymentPeriod", "period")
Node = dict[str, Any]


def parse_europass_xml(data: bytes, cv: CvContent) -> None:
    """Read the XML of a Europass CV. Raises InvalidFile."""
    if len(data) > MAX_XML_BYTES:
        raise InvalidFile(_("A Europass file can have at most %(most)s MB.") % {"most": MAX_XML_BYTES // 1_000_000})
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise InvalidFile(_("This Europass file is damaged or cut off.")) from error
    try:
        parse_europass(_as_node(root, 0), cv)
    except RecursionError as error:
        raise InvalidFile(_("Lists and entries are nested too deeply in the file.")) from error


def _as_node(element: Element, depth: int) -> Any:
    """Return an element as the values of JSON: a text, or its children and attributes by name; several are a list."""
    if depth > 40:
        raise RecursionError
    children = list(element)
    node: Node = {_local(name): value for name, value in element.attrib.items()}
    if not children and (not node or (element.text or "").strip()):
        return (element.text or "").strip()
    for child in children:
        name, value = _local(child.tag), _as_node(child, depth + 1)
        before = node.get(name)
        if before is None:
            node[name] = value
        elif isinstance(before, list):
            before.append(value)
        else:
            node[name] = [before, value]
    return node


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2]


def parse_europass(found: Any, cv: CvContent) -> None:
    """Read a Europass CV from its values by name."""
    nodes = list(walk(found, DEPTH))
    for node in nodes:
        for name, value in node.items():
            if reader := _SECTIONS.get(name):
                for number, entry in enumerate(value if isinstance(value, list) else [value], 1):
                    place = _("%(section)s, entry %(number)s") % {"section": name, "number": number}
                    reader(cv, entry, place)
            elif name in _NOT_USED and value:
                leave_out_section(cv, name, len(value) if isinstance(value, list) else 1)
    headline = next((_first(node["Headline"], "Label", "Description") for node in nodes if "Headline" in node), "")
    if headline and not cv.positions:
        cv.add_position(headline, "", "", "", "Headline")


def _first(node: Any, *names: str) -> str:
    """Return the text of the first of the names: here, or in a node inside."""
    if isinstance(node, str):
        return node
    if isinstance(node, list):
        return next((text for one in node if (text := _first(one, *names))), "")
    if not isinstance(node, dict):
        return ""
    for name in names:
        if name in node and (text := _first(node[name], *names, "Label", "Name", "value", "$", "content")):
            return text
    return ""


def _day(node: Any) -> str:
    """Return a date: <From year="2020" month="--03"/>, {"year": 2020, "month": 3}, or <StartDate>2020-03-01."""
    if isinstance(node, dict):
        if year := str(node.get("year") or node.get("Year") or ""):
            month = str(node.get("month") or node.get("Month") or "").strip("-")
            return f"{year}-{month.zfill(2)}" if month else year
        return _first(node, "FormattedDateTime", "value", "date")
    return str(node) if isinstance(node, str | int) else ""


def _read_job(cv: CvContent, entry: Any, place: str) -> None:
    if not isinstance(entry, dict):
        return
    employer = _first(entry, "Employer", "OrganizationName", "organisationName", "employer")
    inner = entry.get("PositionHistory")
    for one in inner if isinstance(inner, list) else [inner or entry]:
        if isinstance(one, dict):
            period: dict[str, Any] = next((one[name] for name in PERIODS if isinstance(one.get(name), dict)), {})
            start, end = (
                _day(next((period[name] for name in names if name in period), ""))
                for names in (("From", "StartDate", "from"), ("To", "EndDate", "to"))
            )
            is_current = str(period.get("Current", period.get("CurrentIndicator", ""))).casefold() == "true"
            role = _first(one, "Position", "PositionTitle", "occupation")
            cv.add_position(role, employer, start, "" if is_current else end, place)


def _read_school(cv: CvContent, entry: Any, place: str) -> None:
    if isinstance(entry, dict):
        degree = entry.get("EducationDegree", {})
        title = _first(entry, "Title", "title") or _first(degree, "DegreeName", "Title")
        school = _first(entry, "Organisation", "OrganizationName", "organisationName")
        area = _first(degree, "DegreeConcentration", "MajorProgramName") or _first(entry, "Field", "FieldOfStudy")
        cv.add_school(school, title, area, place)


def _read_skill(cv: CvContent, entry: Any, place: str) -> None:
    text = _first(entry, "Description", "Label", "Name", "CompetencyName", "CompetencyID")
    if len(text.split()) > 6:
        cv.leave_out(place, _("This is a sentence, not the name of a skill."))
    elif text:
        cv.add_skill(text, place)


def _read_certificate(cv: CvContent, entry: Any, place: str) -> None:
    if isinstance(entry, dict):
        name = _first(entry, "CertificationTypeCode", "CertificationName", "LicenseName", "Title", "Name")
        issuer = _first(entry, "IssuingAuthority", "Issuer", "OrganizationName")
        day = _day(entry.get("FirstIssuedDate") or entry.get("EffectiveTimePeriod") or entry.get("IssueDate") or "")
        cv.add_certificate(name, issuer, day, place)


# By the name of its entries: in the old form (SkillsPassport), then in the new one (Candidate).
_SECTIONS = {
    "WorkExperience": _read_job,
    "Education": _read_school,
    "ForeignLanguage": _read_skill,
    "EmployerHistory": _read_job,
    "EducationOrganizationAttendance": _read_school,
    "PersonCompetency": _read_skill,
    "Certification": _read_certificate,
    "License": _read_certificate,
}
_NOT_USED = frozenset(
    {"Achievement", "MotherTongue", "Publication", "Communication", "Organisational", "JobRelated", "Computer", "Hobby"}
)


# --- Certificates -----------------------------------------------------------------------------------------------
def parse_badge(found: Any, cv: CvContent) -> None:
    """Read Open Badges 2 and 3, and European Digital Credentials, as certificates: name, issuer and date."""
    for number, one in enumerate(found if isinstance(found, list) else [found], 1):
        if isinstance(one, dict):
            place = _("entry %(n)s") % {"n": number}
            subject = one.get("credentialSubject")
            subject = subject[0] if isinstance(subject, list) and subject else subject
            subject = subject if isinstance(subject, dict) else {}
            achieved = subject.get("achievement") or subject.get("hasClaim") or one.get("badge") or one
            achieved = achieved[0] if isinstance(achieved, list) and achieved else achieved
            name = _worded(achieved, "name", "title") or _worded(one, "name", "title")
            issuers = (one.get("issuer"), achieved.get("issuer") if isinstance(achieved, dict) else None, achieved)
            issuer = next((text for node in issuers if (text := _worded(node, "name", "legalName", "prefLabel"))), "")
            day = next(
                (str(one[key]) for key in ("validFrom", "issuedOn", "issuanceDate", "issued") if one.get(key)), ""
            )
            cv.add_certificate(name, issuer if issuer != name else "", day[:10], place)


def _worded(node: Any, *names: str) -> str:
    """Return a text that may be written by language: {"en": ["First aid"]}."""
    if not isinstance(node, dict):
        return ""
    value = next((node[name] for name in names if node.get(name)), "")
    if isinstance(value, dict):
        value = value.get("en") or next(iter(value.values()), "")
    if isinstance(value, list):
        value = value[0] if value else ""
    return value if isinstance(value, str) else ""
