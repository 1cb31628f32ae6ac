"""Papers that an advert asks for: registrations, licences and cards, and a degree. Read from the clauses that ask.

A paper is sure where the clause names it and needs it; one that is only welcome is a guess. "A degree is not a must"
and what the employer offers ("a degree apprenticeship") do not count (clauses.py).
"""

import re
from collections.abc import Iterator

from careerplan.reading.advert_facts import FACT_LENGTH, AdvertFact
from careerplan.reading.clauses import Clause, asking_clauses

MOST_REGISTRATIONS = 4
CHARACTERS = 20_000
WORDS_MAX = 120
"""A longer clause is shown up to here."""

_BODIES = (
    r"PCV|NMC|HCPC|GMC|GPhC|GDC|GOC|SRA|RCVS|RICS|RIBA|ARB|ICAEW"
    r"|ACCA|CIMA|CIPD|FCA|SIA|CSCS|CPCS|CPC|IPAF|PASMA|ADR|HGV|LGV"
    r"|Gas Safe|NICEIC|QTS|QTLS|Ofsted|Social Work England|Teaching Council|Nursing and Midwifery Council"
    r"|Health and Care Professions Council|General Medical Council|Bar Council|Law Society|Engineering Council"
)
"""Bodies that keep a register or give a card, as adverts write them."""
_REGISTRATION = re.compile(
    rf"\b(?:(?:{_BODIES})\s+(?:registration|registered|licen[cs]ed?|cards?|badge|certificates?|certified|pin|membership"
    r"|chartered)(?!\w)"
    r"|(?:registration|registered|licen[cs]ed|chartered|membership|member)\s+(?:with|by|of)\s+(?:the\s+)?"
    rf"(?:{_BODIES})(?!\w)"
    r"|(?:full\s+|clean\s+|valid\s+|current\s+|UK\s+|EU\s+)*driv(?:ing|er['’]?s?)\s+licen[cs]es?"
    r"|(?:full|clean|valid|current)\s+licen[cs]e"
    r"|(?:forklift|fork-lift|pilot['’]?s?|security|personal|premises|taxi|private hire)\s+licen[cs]es?"
    r"|(?:state-?|fully\s+)?registered\s+(?:\w+\s+)?(?:nurse|midwife|pharmacist|social worker|manager|paramedic"
    r"|physiotherapist|dietitian|optometrist|architect|teacher|engineer|electrician"
    r"|dentist|vet|veterinary (?:nurse|surgeon)"
    r"|psychologist|radiographer|occupational therapist)"
    r"|(?:chartered|licensed)\s+(?:\w+\s+)?(?:accountant|engineer|surveyor|architect|electrician|plumber|psychologist"
    r"|practical nurse|nurse|physician|counsellor|counselor|attorney|teacher)"
    r"|qualified teacher status|professional registration|first[- ]aid certificate|food hygiene certificate"
    rf"|(?:{_BODIES})(?=\s+(?:is|are)\s+(?:\w+\s+)?(?:needed|required|essential|a must)))",
    re.IGNORECASE,
)
_LEVEL = (
    r"(?:(?:bachelor|master)(?:['’]?s)?(?:['’])?(?:\s+(?:degree|of\s+\w+))?|(?:(?!(?:a|an|the|any|your|no|or|and|in)\b)[a-z-]+\s+)?degree"
    r"|doctorate|Ph\.?D|DPhil|M\.?Sc|B\.?Sc(?:\s+\(?hons\)?)?|B\.?Eng|M\.?Eng|LL\.?B|LL\.?M|MBA|PGCE|HND|HNC|BTEC"
    r"|(?:NVQ|SVQ)(?:\s+level\s+\d)?|A[- ]levels?|GCSEs?|(?:high\s+school\s+)?diploma|Abitur)"
)
_DEGREE = re.compile(
    rf"\b{_LEVEL}(?!\w)(?:\s*,?\s*or\s+(?:an?\s+)?{_LEVEL}(?!\w))?"
    r"(?:\s+(?:in|of)\s+(?:(?!(?:is|are|and|with|plus|would|will|needed|required|preferred|essential|desirable|equivalent)\b|or\s+(?:equivalent|similar))[\w&/-]+\s*){1,6})?",
    re.IGNORECASE,
)
_BA = re.compile(r"\b(?:BA|MA)\b(?:\s+(?:in|of)\s+[\w-]+(?:\s+(?:or|and)\s+[\w-]+)?)?")  # "ba" and "ma" are no degrees
_NO_DEGREE = re.compile(
    r"\b(?:high|large|great|certain|some|any|no|this|that)\s+degree\b|degrees?\s+(?:celsius|centigrade)"
    r"|degree\s+of\s+(?:freedom|autonomy|accuracy|independence|care|responsibility|flexibility|patience)",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:no|without|not)\s+(?:an?\s+)?$", re.IGNORECASE)


def read_registrations(text: str) -> list[AdvertFact]:
    """Return the registrations, licences and cards that an advert asks for, each once, in order."""
    found: dict[str, AdvertFact] = {}
    for clause in _clauses(text):
        for match in _REGISTRATION.finditer(clause.text):
            if _DENIED.search(clause.text[: match.start()]):
                continue
            value = " ".join(match.group().split())
            key = value.casefold()
            before = found.get(key)
            if before is None or (not before.is_sure and not clause.is_extra):
                found[key] = _fact(value, clause)
    return list(found.values())[:MOST_REGISTRATIONS]


def read_degree(text: str) -> AdvertFact | None:
    """Return the first degree or school certificate that an advert needs; else the first that is only welcome."""
    found = [_fact(value, clause) for clause in _clauses(text) if (value := _degree_in(clause.text))]
    return next((fact for fact in found if fact.is_sure), found[0] if found else None)


def _clauses(text: str) -> Iterator[Clause]:
    return asking_clauses(text[:CHARACTERS])


def _degree_in(clause: str) -> str:
    if _NO_DEGREE.search(clause):
        return ""
    found = _DEGREE.search(clause) or _BA.search(clause)
    if found is None or _DENIED.search(clause[: found.start()]):
        return ""
    return " ".join(found.group().split()).strip(" ,-/")


def _fact(value: str, clause: Clause) -> AdvertFact:
    words = " ".join(clause.text.split()).strip("-–—•, ")
    shown = words if len(words) <= WORDS_MAX else f"{words[:WORDS_MAX].rsplit(' ', 1)[0]} …"
    return AdvertFact(value[:FACT_LENGTH], shown, is_sure=not clause.is_extra)
