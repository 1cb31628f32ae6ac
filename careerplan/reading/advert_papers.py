"""Papers that an advert asks for: registrations, licences and cards, and a degree. Read from the clauses that ask.

A paper is sure where the clause says that somebody needs or has it ("you hold a degree", "is required"), or is hardly
more than its name, as in a list. One that is only welcome, or only named ("you teach the MBA"), is a guess. "A degree
is not a must" and what the employer offers ("a degree apprenticeship") do not count (clauses.py).
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from careerplan.reading.advert_facts import FACT_LENGTH, AdvertFact
from careerplan.reading.clauses import Clause, asking_clauses, plain_words

MOST_REGISTRATIONS = 4
CHARACTERS = 20_000
CLAUSE_LENGTH = 400
"""Of a longer clause only the beginning is read: the time of some patterns grows with the square of its length."""
WORDS_MAX = 120
"""A longer clause is shown up to here."""

_BODIES = (
    r"PCV|NMC|HCPC|GMC|GPhC|GDC|GOC|SRA|RCVS|RICS|RIBA|ARB|ICAEW"
    r"|ACCA|CIMA|CIPD|FCA|SIA|CSCS|CPCS|CPC|IPAF|PASMA|ADR|HGV|LGV"
    r"|Gas Safe|NICEIC|QTS|QTLS|Ofsted|Social Work England|Teaching Council|Nursing and Midwifery Council"
    r"|Health and Care Professions Council|General Medical Council|Bar Council|Law Society|Engineering Council"
)
"""Bodies that keep a register or give a card, as adverts write them."""
_PEOPLE = (
    r"(?:state-?|fully\s+)?registered\s+(?:\w+\s+)?(?:nurse|midwife|pharmacist|social worker|manager|paramedic"
    r"|physiotherapist|dietitian|optometrist|architect|teacher|engineer|electrician|dentist|vet"
    r"|veterinary (?:nurse|surgeon)|psychologist|radiographer|occupational therapist)"
    r"|(?:chartered|licensed)\s+(?:\w+\s+)?(?:accountant|engineer|surveyor|architect|electrician|plumber|psychologist"
    r"|practical nurse|nurse|physician|counsellor|counselor|attorney|teacher)"
)
_REGISTRATION = re.compile(
    rf"\b(?:(?:{_BODIES})\s+(?:registration|registered|licen[cs]ed?|cards?|badge|certificates?|certified|pin|membership"
    r"|chartered)(?!\w)"
    r"|(?:registration|registered|licen[cs]ed|chartered|membership|member)\s+(?:with|by|of)\s+(?:the\s+)?"
    rf"(?:{_BODIES})(?!\w)"
    r"|(?:full\s+|clean\s+|valid\s+|current\s+|UK\s+|EU\s+)*driv(?:ing|er['’]?s?)\s+licen[cs]es?"
    r"|(?:full|clean|valid|current)\s+licen[cs]e"
    r"|(?:forklift|fork-lift|pilot['’]?s?|security|personal|premises|taxi|private hire)\s+licen[cs]es?"
    rf"|(?:{_PEOPLE})(?!\w)"
    r"|(?:Cat(?:egory|\.)?|Class)\s+[A-D]1?\+?E?\s+(?:driving\s+)?licen[cs]es?|(?:digital\s+)?tacho(?:graph)?\s+cards?"
    r"|(?:driver\s+)?CPC(?=\s+and\s)"
    r"|qualified teacher status|professional registration|first[- ]aid certificate|food hygiene certificate"
    rf"|(?:{_BODIES})(?=\s+(?:is|are)\s+(?:\w+\s+)?(?:needed|required|essential|a must)))",
    re.IGNORECASE,
)
_SEVERAL = re.compile(rf"\b(?:(?:{_PEOPLE})s|registered\s+midwives)(?!\w)", re.IGNORECASE)
_WANTED_BEFORE = re.compile(
    r"\b(?:we (?:need|want|seek)|(?:we (?:are )?|^|re |now |currently )(?:recruit|hir|seek)ing"
    r"|look(?:ing)? for|vacancies for)"
    r"(?: (?!to\b|\w+ing\b|with\b|by\b|who\b)\w+){0,3}$"
)
"""Up to several people: "we are recruiting registered nurses", but not "you supervise registered nurses"."""
_LEVEL = (
    r"(?:(?:bachelor|master)(?:['’]?s)?(?:['’])?(?:\s+(?:degree|of\s+\w+))?|(?:(?!(?:a|an|the|any|your|no|or|and|in)\b)[a-z-]+\s+)?degree(?!\s+(?:apprentic|student|course|program))"
    r"|doctorate|Ph\.?D|DPhil|M\.?Sc|B\.?Sc(?:\s+\(?hons\)?)?|B\.?Eng|M\.?Eng|LL\.?B|LL\.?M|MBA|PGCE|HND|HNC|BTEC"
    r"|(?:NVQ|SVQ)(?:\s+level\s+\d)?|A[- ]levels?|GCSEs?|(?:high\s+school\s+)?diploma|Abitur)"
)
_DEGREE = re.compile(
    rf"\b{_LEVEL}(?!\w)(?:\s*,?\s*or\s+(?:an?\s+)?{_LEVEL}(?!\w))?"
    r"(?:\s+(?:in|of)\s+(?:(?!(?:is|are|and(?!\s(?:social\scare|beauty|tourism|catering)\b)|with|plus|would|will|needed|required|preferred|essential|desirable|equivalent)\b|or\s+(?:equivalent|similar))[\w&/-]+\s*){1,6})?",
    re.IGNORECASE,
)
_BA = re.compile(r"\b(?:BA|MA)\b(?:\s+(?:in|of)\s+[\w-]+(?:\s+(?:or|and)\s+[\w-]+)?)?")  # "ba" and "ma" are no degrees
_NO_DEGREE = re.compile(
    r"\b(?:high|large|great|certain|some|any|no|this|that)\s+degree\b|degrees?\s+(?:celsius|centigrade)"
    r"|degree\s+of\s+(?:freedom|autonomy|accuracy|independence|care|responsibility|flexibility|patience)",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:no|without|not)\s+(?:an?\s+)?(?:(?:[\w'’-]+,?\s+){1,6}n?or\s+(?:an?\s+)?)?$", re.IGNORECASE
)  # "no degree or driving licence"
_LIST_DENIED = re.compile(
    r"\b(?:no|without)\s+(?:an?\s+)?(?:[\w'’-]+(?:\s+[\w'’-]+){0,2},\s+(?:an?\s+)?){1,4}$", re.IGNORECASE
)
_LIST_GOES_ON = re.compile(r"(?:,?\s+n?or\s|,\s)", re.IGNORECASE)
"""Before and after a paper in the middle of what nobody asks for: "no diploma, degree or BSc"."""
_NEEDED = r"(?:required|needed|essential|necessary|expected|wanted|mandatory|asked for|a must)\b"
_NEEDED_BEFORE = re.compile(
    r"\b(?:you (?:\w+ ){0,2}(?:have|need)|hold|holding|possess|must (?:have|be)|you (?:are|re)|requires?"
    r"|we (?:need|want|expect|ask for|(?:re |are )?look(?:ing)? for)|looking for|educated to)"
    r"(?: (?!\w+ing\b|(?:of|in|with|for|to|by|on|at|from|experience|taught|worked|helped|supported|marked)\b)\w+){0,8}$"
)
"""Up to the paper: "you need five GCSEs", but not "you need to teach GCSEs" or "you have taught GCSEs"."""
_BETWEEN = r"(?:or|and) (?:(?!teaching|students?)\w+ ){1,8}?|(?!experience|\w+ing\b|skills?|knowledge|students?)\w+ "
_NEEDED_AFTER = re.compile(rf"{_NEEDED}|(?:{_BETWEEN})?(?:is|are) (?:also )?{_NEEDED}")
_ALONE_BEFORE = re.compile(r"(?:an? |and |or |also )*")
_ALONE_AFTER = re.compile(r"$|(?:with|who|plus|or (?:equivalent|similar))\b")


def read_registrations(text: str) -> list[AdvertFact]:
    """Return the registrations, licences and cards that an advert asks for, each once, in order."""
    found: dict[str, AdvertFact] = {}
    for clause in _clauses(text):
        for fact in (*_papers_in(clause, _REGISTRATION), *_wanted_people(clause)):
            key = fact.value.casefold()
            if key not in found or (fact.is_sure and not found[key].is_sure):
                found[key] = fact
    return list(found.values())[:MOST_REGISTRATIONS]


def read_degree(text: str) -> AdvertFact | None:
    """Return the first degree or school certificate that an advert needs; else the first that is a guess."""
    clauses = [clause for clause in _clauses(text) if not _NO_DEGREE.search(clause.text)]
    found = [fact for clause in clauses for pattern in (_DEGREE, _BA) for fact in _papers_in(clause, pattern)]
    return next((fact for fact in found if fact.is_sure), found[0] if found else None)


def _clauses(text: str) -> Iterator[Clause]:
    for clause in asking_clauses(text[:CHARACTERS]):
        yield replace(clause, text=clause.text[:CLAUSE_LENGTH])


def _papers_in(clause: Clause, pattern: re.Pattern[str]) -> Iterator[AdvertFact]:
    shown = _shown(clause)
    for match in pattern.finditer(clause.text):
        before, after = clause.text[: match.start()], clause.text[match.end() :]
        value = " ".join(match.group().split()).strip(" ,-/")
        goes_on = _LIST_GOES_ON.search(match.group()) or _LIST_GOES_ON.match(after)
        if not (_DENIED.search(before) or (goes_on and _LIST_DENIED.search(before))):
            is_sure = not clause.is_extra and (clause.is_listed or _is_needed(plain_words(before), plain_words(after)))
            yield AdvertFact(value[:FACT_LENGTH], shown, is_sure)


def _wanted_people(clause: Clause) -> Iterator[AdvertFact]:
    """Yield registered people whom an employer looks for several of; those who are only named are colleagues."""
    for match in _SEVERAL.finditer(clause.text):
        if _WANTED_BEFORE.search(plain_words(clause.text[: match.start()])):
            yield AdvertFact(" ".join(match.group().split())[:FACT_LENGTH], _shown(clause), is_sure=True)


def _shown(clause: Clause) -> str:
    """Return the words of a clause, as far as they are shown."""
    words = " ".join(clause.text.split()).strip("-–—•, ")
    return words if len(words) <= WORDS_MAX else f"{words[:WORDS_MAX].rsplit(' ', 1)[0]} …"


def _is_needed(before: str, after: str) -> bool:
    """Return whether the words around a paper say that it is needed, or are hardly there."""
    is_alone = _ALONE_BEFORE.fullmatch(f"{before} ".lstrip()) and _ALONE_AFTER.match(after)
    return bool(is_alone or _NEEDED_BEFORE.search(before) or _NEEDED_AFTER.match(after))
