"""The level of education that the name of a degree stands for, in many countries."""

import re
from collections.abc import Iterator

from careerplan.catalogue.models import EducationLevel
from careerplan.reading.folding import fold

# Longer names count before shorter ones in them ("leaving certificate" is no certificate). Of several the highest
# counts ("Master of Science, after a bachelor" is a master). Without accents and points.
DEGREE_NAMES: dict[EducationLevel, str] = {
    EducationLevel.DOCTORATE: """
        doctor, doctorate, doctoral, phd, ph d, dphil, md, jd, dds, dvm, pharmd, psyd, edd, mbbs, docteur, doctorat,
        doktor, doctorado, doutorado, doutoramento, dottorato, doktora, doktorat, dr, doktorgrad, доктор, доктор
        наук, кандидат наук, professional degree
    """,
    EducationLevel.MASTER: """
        master, masters, magister, msc, m sc, ma, m a, ms, m s, mba, meng, mphil, mres, llm, med, mpa, mph, mfa,
        msw, mtech, m tech, mcom, m com, mca, mst, mag, maestria, mestrado, maitrise, magistrale, laurea magistrale,
        laurea specialistica, staatsexamen, diplom, dipl, diplom ingenieur, dipl ing, diplome d ingenieur, mgr, mgr
        inz, yuksek lisans, магистр, магистратура, специалист, специалитет, pgce, pgdip, postgraduate, postgraduate
        diploma, civilingenjor, kandidatus, cand, posgrado, grande ecole
    """,
    EducationLevel.BACHELOR: """
        bachelor, bachelors, bsc, b sc, ba, b a, bs, b s, bba, beng, bed, llb, bfa, bca, bn, bsn, barch, btech, b
        tech, be, b e, bcom, b com, undergraduate, licence, licenciatura, licenciado, licenciada, ingenieria,
        ingeniero, ingeniera, grado en, bacharelado, bacharel, bachiller, laurea, laurea triennale, triennale,
        бакалавр, бакалавриат, lisans, licencjat, inzynier, diplomatura, hbo, kandidatexamen, honours degree, ba
        hons, bsc hons, engenharia, degree apprenticeship
    """,
    EducationLevel.ASSOCIATE: """
        associate, associates, foundation degree, higher diploma, aas, aa, as, dut, onlisans, tecnico superior,
        tecnologo, higher national diploma
    """,
    EducationLevel.SOME_COLLEGE: "some college, some higher education",
    EducationLevel.VOCATIONAL: """
        vocational, apprenticeship, apprentice, diploma, certificate, nvq, svq, btec, hnd, hnc, ausbildung,
        berufsausbildung, meister, meisterbrief, meisterprufung, geselle, gesellenbrief, lehre, techniker, fachwirt,
        facharbeiter, bts, cap, bep, bac pro, baccalaureat professionnel, formacion profesional, ciclo formativo,
        tecnico, curso tecnico, mbo, city and guilds, trade school, technikum, szkola zawodowa, eidgenossisches
        fahigkeitszeugnis, efz, среднее специальное, среднее профессиональное, техникум, yrkesutbildning, iti, trade
        certificate, journeyman, certificat de capacite, federal diploma
    """,
    EducationLevel.SECONDARY: """
        secondary school, secondary, high school, a level, a levels, as level, gcse, gcses, o levels, abitur,
        fachabitur, fachhochschulreife, hochschulreife, allgemeine hochschulreife, realschule, realschulabschluss,
        hauptschulabschluss, mittlere reife, matura, maturita, baccalaureate, international baccalaureate, ib
        diploma, baccalaureat, bac, bachillerato, ensino medio, ensino secundario, preparatoria, liceo, lycee,
        liceum, brevet, highers, leaving certificate, high school diploma, secondary school certificate, ged, vwo,
        havo, vmbo, gymnasium, gymnasieexamen, lise, ssc, hsc, sixth form, аттестат, среднее образование, среднее
        общее, school certificate
    """,
}
# Where words are written without blanks.
_SIGNS = (
    (EducationLevel.DOCTORATE, ("博士", "박사")),
    (EducationLevel.MASTER, ("硕士", "碩士", "修士", "석사")),
    (EducationLevel.BACHELOR, ("学士", "學士", "本科", "학사")),
    (EducationLevel.ASSOCIATE, ("大专", "短期大学", "전문학사")),
    (EducationLevel.VOCATIONAL, ("専門学校", "专科", "中专")),
    (EducationLevel.SECONDARY, ("高中", "高校", "高等学校", "고등학교")),
)
# These are everyday words too, so they count in capitals only.
_CAPITALS = frozenset({"be", "as", "ms", "ma", "med", "cap", "mag", "ba", "aa", "bs", "bn", "iti", "lise", "cand"})
_NAMES = {
    tuple(name.split()): level
    for level, names in DEGREE_NAMES.items()
    for name in fold(" ".join(names.split())).split(", ")
}
_LONGEST = max(map(len, _NAMES))
_INNER_POINT = re.compile(r"(?<=\w)\.(?=\w)")
_WORD = re.compile(r"[^\W_]+")
_SUBJECT = re.compile(r"\s(?:in|en|em|für)\s")
_ABBREVIATED = re.compile(r"\w*[A-Z]\w*[A-Z]")  # BSc, PhD
_OPEN = re.compile(r"\s*\([^()]*$")  # "Cookery (Level 3", without its last bracket
_LEADING = re.compile(r"^\W*(?:(?:degree|hons|honours)\b)?\W*")
# What our own CVs say (account_data/partial_exports.py).
_LABELS = {str(level.label).casefold(): level.value for level in EducationLevel}


def level_in(text: str) -> str:
    """Return the level that a degree names; "" if unknown."""
    if label := _LABELS.get(text.casefold()):
        return label
    found = [level for _start, _end, level in _find(_INNER_POINT.sub("", text))]
    found += [level for level, signs in _SIGNS if any(sign in text for sign in signs)]
    return max(found, key=lambda level: level.rank).value if found else ""


def subject_in(text: str) -> str:
    """Return the subject in the name of a degree: "BSc Biology", "Diploma in Logistics"; "" if it names none."""
    joined = _INNER_POINT.sub("", text)
    found = next(iter(_find(joined)), None)
    if found is None:
        return text
    start, end, _level = found
    of = _SUBJECT.search(joined, end)
    if of is None and not (start == 0 and _ABBREVIATED.match(joined)):
        return ""
    subject = _LEADING.sub("", joined[of.end() if of else end :]).strip(" ,;:)(-")
    return _OPEN.sub("", subject)


def _find(text: str) -> Iterator[tuple[int, int, EducationLevel]]:
    """Yield the names of degrees in a text without points: where they start and end, and the level."""
    words = [(one.group(), one.start(), one.end()) for one in _WORD.finditer(text)]
    plain = [fold(word) for word, _start, _end in words]
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST, len(words) - place), 0, -1):
            level = _NAMES.get(tuple(plain[place : place + length]))
            if level and not (length == 1 and plain[place] in _CAPITALS and not words[place][0].isupper()):
                yield words[place][1], words[place + length - 1][2], level
                place += length
                break
        else:
            if plain[place].endswith("meister") or plain[place].endswith("lehre"):
                yield words[place][1], words[place][2], EducationLevel.VOCATIONAL
            place += 1
