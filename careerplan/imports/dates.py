"""Dates as people and programs write them in CVs: months in many languages, spans, and words for "now"."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from careerplan.reading.folding import fold

# By month; the names of a language stand in one row. Names may be cut to three letters or more.
_MONTHS = (
    "january february march april may june july august september october november december",
    "januar februar marz april mai juni juli august september oktober november dezember",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
)
LEAST_LETTERS = 3
_NUMBER_OF = {
    fold(name)[:length]: number
    for row in reversed(_MONTHS)  # where two languages differ, the first row counts
    for number, name in enumerate(row.split(), 1)
    for length in range(LEAST_LETTERS, len(fold(name)) + 1)
}


def month_number(name: str) -> int | None:
    """Return the number of a month by its name or the start of it, in any of the languages; None for other words."""
    return _NUMBER_OF.get(fold(name))


# English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Swedish with Danish and Norwegian, Russian with
# Ukrainian, Turkish, Czech, Romanian, Greek, Finnish, Hungarian, Arabic, Hindi, Chinese, Japanese, Korean.
_NOW = (
    *(
        "now",
        "present",
        "current",
        "currently",
        "ongoing",
        "today",
        "date",
        "continuing",
        "still employed",
        "right now",
    ),
    *("heute", "aktuell", "jetzt", "derzeit", "gegenwart", "gegenwärtig", "laufend", "dato", "momentan", "andauernd"),
    *("présent", "aujourd'hui", "aujourd hui", "actuel", "actuellement", "ce jour", "en cours", "maintenant"),
    *("actualidad", "la actualidad", "actual", "actualmente", "presente", "el presente", "hoy", "la fecha", "ahora"),
    *("atual", "atualmente", "atualidade", "hoje", "o momento", "momento", "em curso", "agora", "o presente"),
    *("attuale", "attualmente", "oggi", "in corso", "ad oggi", "ora", "adesso"),
    *("heden", "nu", "huidig", "vandaag", "lopend", "en curso"),
    *("obecnie", "teraz", "dziś", "dzisiaj", "chwili obecnej", "nadal", "obecna"),
    *("nuvarande", "pågående", "nuværende", "nå", "i dag", "idag", "nåværende", "tillsvidare"),
    *("настоящее время", "по настоящее время", "сейчас", "н в", "нв", "по н в", "сегодня", "зараз", "теперішній час"),
    *("halen", "günümüz", "devam ediyor", "şimdi", "bugün", "günümüze"),
    *("současnost", "dosud", "nyní", "prezent", "în prezent", "σήμερα", "παρόν", "σήμερα", "nykyinen", "nykyhetki"),
    *("jelenleg", "jelen", "napjainkig", "الآن", "حتى الآن", "الحالي", "حاليا", "वर्तमान", "अब तक"),
    *("至今", "现在", "目前", "今", "現在", "迄今", "現職", "在職中", "현재", "재직중", "재직 중"),
    *("n a", "na", "none", "null"),
)
_UNTIL = r"(?:to|till|til|until|up to|bis|bis zu|jusqu a|a|à|au|al|ao|ate|até|hasta|hasta la|tot|do|til|по|до|alla|ad)"
_SINCE = r"(?:since|from|starting|seit|ab|depuis|desde|dal|dal|sinds|vanaf|od|sedan|siden|с|з)"


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


NOW = frozenset(_plain(word) for word in _NOW)
_STARTS_UNTIL = re.compile(rf"{_UNTIL}\s+")


def means_now(text: str) -> bool:
    """Whether an end says that something goes on: a word for now in any of the languages, a dash, or nothing."""
    plain = _plain(text)
    return plain in NOW or not plain or _STARTS_UNTIL.sub("", plain, count=1) in NOW


YEAR = r"(?:19|20)\d\d"
_NUMERIC = re.compile(rf"({YEAR})(?:[-/.年]\s?(1[0-2]|0?[1-9])(?:月|(?:[-/.]\d{{1,2}})?(?:T.*)?)?)?年?", re.ASCII)
_REVERSED = re.compile(rf"(?:\d{{1,2}}[-/.])?(1[0-2]|0?[1-9])[-/.]({YEAR})", re.ASCII)
_NAMED = re.compile(rf"(?:\d{{1,2}}\.?\s+)?(?:de\s+)?([^\W\d_]+)\.?,?\s+(?:de\s+|of\s+)?(?:\d{{1,2}},?\s+)?({YEAR})")


def parse_day(text: str) -> str:
    """Return "2021-06" or "2021" for a date in most ways of writing it; "" for anything else."""
    text = text.strip()
    if found := _NUMERIC.fullmatch(text):
        return f"{found[1]}-{int(found[2]):02}" if found[2] else found[1]
    if found := _REVERSED.fullmatch(text):
        return f"{found[2]}-{int(found[1]):02}"
    if (found := _NAMED.fullmatch(text)) and (month := month_number(found[1])):
        return f"{found[2]}-{month:02}"
    return ""


def show_day(text: str) -> str:
    """Write a date of numbers as "Jun 2021"; leave what has a word in it, and a year."""
    day = parse_day(text)
    if len(day) < len("2021-06") or re.match(r"\D", text.strip()):
        return text
    return date_format(date(int(day[:4]), int(day[5:]), 1), "M Y")


_DATE = re.compile(
    rf"\b(?:\d{{1,2}}[./-]){{1,2}}{YEAR}\b|{YEAR}年(?:\s?\d{{1,2}}月)?|\b{YEAR}[./-]\d{{1,2}}(?:[./-]\d{{1,2}})?\b"
    rf"|(?:\b[^\W\d_]{{3,12}}\.?,?\s(?:de\s|of\s)?)?\b{YEAR}\b"
)
_BETWEEN = re.compile(rf"\s*(?:[-\u2010-\u2015\u2212~〜→]+|至|{_UNTIL}\b)\s*", re.IGNORECASE)
_BEFORE = re.compile(rf"(?:^|[\s(]){_SINCE}\s+$", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+(?:['’. ]{1,2}[^\W\d_]+){0,2}")  # at most three words


SEASONS = frozenset(
    (
        *("spring", "summer", "autumn", "fall", "winter", "fruhjahr", "fruhling", "sommer", "herbst", "printemps"),
        *("ete", "automne", "hiver", "primavera", "verano", "otono", "invierno", "estate", "autunno", "inverno"),
    )
)


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when, as written, and where in the line. `end` is "" for now."""

    start: str
    end: str
    place: tuple[int, int]

    @property
    def is_current(self) -> bool:
        """Whether it goes on."""
        return not self.end


def find_span(line: str) -> Period | None:
    """Find the first span of time in a line: "Jan 2020 to now", "2018 – 2020", "since 2019"; or a date alone."""
    for found in _DATE.finditer(line):
        first, begin = _trim(line, *found.span())
        since = _BEFORE.search(line[max(0, begin - 12) : begin])
        if between := _BETWEEN.match(line, found.end()):
            if second := _DATE.match(line, between.end()):
                return Period(first, _trim(line, *second.span())[0], (begin, second.end()))
            if now := _now_at(line, between.end()):
                return Period(first, "", (begin, now))
        if since:
            return Period(first, "", (begin - len(since.group().lstrip(" (")), found.end()))
        return Period(first, first, (begin, found.end()))
    return None


def _trim(line: str, start: int, end: int) -> tuple[str, int]:
    """Leave out a word before a year that is not a month. A season belongs to the date, and only its year counts."""
    text = line[start:end]
    if parse_day(text) or not (year := re.search(YEAR, text)):
        return text, start
    is_season = fold(text[: year.start()]).strip(" ,.") in SEASONS
    return text[year.start() :], start if is_season else start + year.start()


def _now_at(line: str, place: int) -> int:
    """Return where a word for now ends that stands at a place; 0 if none does."""
    if found := re.compile(r"至今|現在|现在|현재").match(line, place):
        return found.end()
    words = _WORDS.match(line, place)
    ends = [one.end() for one in re.finditer(r"[^\W\d_]+", words.group())] if words else []
    return next((place + end for end in reversed(ends) if means_now(line[place : place + end])), 0)
