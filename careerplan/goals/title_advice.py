"""Check the title of a goal: what would make it measurable. The advice never blocks saving.

Pure functions. The word lists are per language, because they are grammar and not translation: English for now.
A title in a language without a list is left alone, except for its dates and semicolons.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from careerplan.core.numbers import format_amount, format_number


@dataclass(frozen=True, slots=True)
class WordList:
    """Patterns and words of one language, all lower case."""

    vague_start: re.Pattern[str]  # start of a title that names only a direction
    vague_amount: re.Pattern[str]  # many, regularly
    number: re.Pattern[str]  # numbers in words
    particular: re.Pattern[str]  # a single thing, so no number is missing
    joints: re.Pattern[str]  # words that join a second goal
    outcome_verbs: frozenset[str]  # a short title that starts with one of these is no topic
    counted_verbs: frozenset[str]  # verbs that need a count
    second_verbs: frozenset[str]  # verbs that start a second goal


def any_of(words: str) -> str:
    """Return a pattern for alternatives; a space matches any white space."""
    return "(?:" + "|".join(word.strip().replace(" ", r"\s+") for word in words.split(",")) + ")"


def at_start(words: str) -> re.Pattern[str]:
    """Match a title that starts with one of the words."""
    return re.compile(rf"{any_of(words)}\b\s*", re.IGNORECASE)


def anywhere(words: str) -> re.Pattern[str]:
    """Find one of the words anywhere."""
    return re.compile(rf"\b{any_of(words)}\b", re.IGNORECASE)


ENGLISH_OUTCOMES = """
apply ask become book build buy change close complete create deliver earn find finish found get give graduate hire
hold host keep launch lead leave make meet move obtain open organise organize own pass pay present publish qualify quit
reach read recruit register renew retire return run save sell send speak start stay stop submit swim take teach train
translate turn visit volunteer walk win write
"""
ENGLISH_COUNTED = "read write give lead teach visit apply save sell run swim walk save host meet recruit attend publish"
ENGLISH_SECOND = """
apply ask become book build buy change complete create deliver develop earn find finish found get give graduate grow
hire hold host improve increase join launch lead learn leave lose make meet move obtain open organise organize pass pay
present publish qualify quit reach read reduce register retire save sell speak start stop submit take teach travel visit
volunteer win write
"""

# Starts of a direction, longer ones first, so that the topic remains.
ENGLISH_DIRECTIONS = """
get (?:much |even )?better (?:at|in|with|on), get (?:much |even )?better, get more, become (?:a )?better (?:at|in|with),
become (?:a )?better, become more, become less, be (?:a )?better (?:at|in|with), be (?:a )?better, be more, be less,
feel more, feel better (?:about|at), feel better, do better (?:at|in), do better, do more, do less,
learn (?:more|something|a bit|a lot) (?:about|of|on), learn more, learn about, know more (?:about|of), know more,
find out more about, read up on, improve (?:on |upon )?(?:my|the|our), improve(?: on| at| in| upon)?,
work (?:more |harder )?(?:on|at|towards?) (?:my|the|our), work (?:more |harder )?(?:on|at|towards?), work harder,
try (?:to|out), try, aim (?:to|for|at), strive (?:to|for), seek to, look into, explore the, explore,
develop (?:my|our), develop, grow (?:my|as an?|in|into), grow, deepen my, deepen, strengthen (?:my|our|the), strengthen,
broaden my, broaden, expand my, expand, extend my, extend, enhance (?:my|our|the), enhance, boost (?:my|our|the), boost,
increase (?:my|our|the), increase, raise my, reduce (?:my|our|the), reduce, decrease (?:my|our|the), decrease,
lower my, cut down on, optimi[sz]e (?:my|our|the), optimi[sz]e, maximi[sz]e (?:my|our|the), maximi[sz]e,
focus (?:more )?on, concentrate on, think about, understand (?:more about|better), understand,
gain (?:more |some )?(?:experience|confidence|knowledge|insight) (?:in|of|with|into|about), gain (?:more|some), gain,
familiari[sz]e myself with, keep up with, stay up to date (?:with|on), advance my, make progress (?:in|with|on),
more, better, less, fewer, stronger, higher, lower, greater
"""
ENGLISH_AMOUNTS = """
some, several, many, a few, few, a lot of, lots of, more, fewer, less, plenty of, various, regularly, often, frequently
"""
ENGLISH_NUMBERS = """
one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen, sixteen,
seventeen, eighteen, nineteen, twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety, hundred, thousand, million,
dozen, once, twice, half, quarter, double, triple, first, second, third, every, each, daily, weekly, monthly
"""

ENGLISH = WordList(
    vague_start=at_start(ENGLISH_DIRECTIONS),
    vague_amount=anywhere(ENGLISH_AMOUNTS),
    number=anywhere(ENGLISH_NUMBERS),
    particular=anywhere("a, an, the, my, our, this, at, as, for, to"),
    joints=anywhere("and also, and then, and, as well as, plus, then"),
    outcome_verbs=frozenset(ENGLISH_OUTCOMES.split()),
    counted_verbs=frozenset(ENGLISH_COUNTED.split()),
    second_verbs=frozenset(ENGLISH_SECOND.split()),
)
WORD_LISTS = {"en": ENGLISH}


LONGEST = 200  # characters; longer titles are refused elsewhere
SHORT = 2  # words; a title this short names a topic unless its first word says what to do


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalDraft:
    """A goal as the check sees it; only the title is required."""

    title: str
    unit: str = ""
    start_value: Decimal | None = None
    target_value: Decimal | None = None
    done_when: str = ""
    due_on: date | None = None

    @property
    def is_measured(self) -> bool:
        """Return whether the fields beside the title say how it is measured."""
        return bool(self.done_when) or (bool(self.unit) and self.target_value is not None)


@dataclass(frozen=True, slots=True)
class TitleAdvice:
    """Result of the check: advice and, if the measure allows it, a suggested wording."""

    hints: list[str]
    example: str = ""


def check_title(draft: GoalDraft, *, language: str = "en") -> TitleAdvice:
    """Return advice on a title, most important first; empty if it is fine. `language`: "en", "en-gb"."""
    words = WORD_LISTS.get(language.split("-", maxsplit=1)[0].lower())
    title = " ".join(draft.title[:LONGEST].split())
    if not title:
        return TitleAdvice([])
    direction = _direction(title, draft, words) if words else ""
    hints = [hint for hint in (direction, *_others(title, draft, words)) if hint]
    return TitleAdvice(hints, _example(title, draft, words) if words and direction else "")


def _others(title: str, draft: GoalDraft, words: WordList | None) -> Iterator[str]:
    if ";" in title.strip("; ") or (words and _is_several(title, words)):
        yield _("This may be more than 1 goal. Each is easier to reach on its own.")
    stated = conflicting_date(title, draft.due_on)
    if stated:
        yield _("“%(stated)s” and the due date do not match. Which one is right?") % {"stated": stated}


def _direction(title: str, draft: GoalDraft, words: WordList) -> str:
    """Return what a title that names a direction lacks; blank if nothing."""
    if has_figure(title, words):
        return ""
    if words.vague_start.match(title):
        return _("This is a direction. What will you see or count when you get there?")
    return "" if draft.is_measured else _vague(title, words)


def _vague(title: str, words: WordList) -> str:
    """Return what a title lacks that starts well but has neither a number nor a measure."""
    first, count = title.split(maxsplit=1)[0].lower().strip(",.:"), len(title.split())
    is_topic = count <= SHORT and first not in words.outcome_verbs
    if is_topic and not words.vague_amount.search(title):
        return _("This is a topic. What will you have done, or be able to do, when you reach the goal?")
    is_counted = first in words.counted_verbs and not words.particular.search(title)
    if is_counted or words.vague_amount.search(title):
        return _("How many, or how often? A number shows when you have reached it.")
    return ""


def has_figure(title: str, words: WordList) -> bool:
    """Return whether the text has a number, in digits or words, other than a year."""
    return bool(re.search(r"\d", re.sub(r"\b(19|20)\d\d\b", "", title)) or words.number.search(title))


def _is_several(title: str, words: WordList) -> bool:
    """Return whether a second verb with its own object follows an "and"."""
    for joint in words.joints.finditer(title):
        before, after = title[: joint.start()].split(), title[joint.end() :].split()
        if len(before) >= 2 and len(after) >= 2 and after[0].lower() in words.second_verbs:
            return True
    return False


def _example(title: str, draft: GoalDraft, words: WordList) -> str:
    """Return the topic of a vague title with the user's own measure; blank if that would not read well."""
    start, target, unit = draft.start_value, draft.target_value, draft.unit.strip()
    topic = words.vague_start.sub("", title, count=1).strip(" .,:") if words.vague_start.match(title) else ""
    if not topic or not unit or start is None or target is None or start == target:
        return ""
    figures = {"start": format_number(start), "target": format_amount(target, unit)}
    return _("%(topic)s: from %(start)s to %(target)s") % {"topic": topic[0].upper() + topic[1:], **figures}


MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTH = "(?P<month>" + "|".join(f"{name}|{name[:3]}" for name in MONTHS) + "|sept)"
YEAR = r"(?P<year>20\d\d)"
UNTIL = r"(?P<word>by|until|till|before|in|during|this|next)\s+(?:the\s+)?(?:(?:end|middle|beginning|start)\s+of\s+)?"
# "by June" and "by the beginning of June" may mean the days before it.
GRACE = timedelta(days=31)

PATTERNS = [
    re.compile(rf"\b{YEAR}-(?P<number>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}\.?(?:,?\s+{YEAR})?\b", re.IGNORECASE),
    re.compile(rf"\b{MONTH}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+{YEAR})?\b(?!\d)", re.IGNORECASE),
    re.compile(rf"\b(?:{UNTIL})?{MONTH}\.?\s+{YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b(?:{UNTIL})?Q(?P<quarter>[1-4])\s+{YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b{UNTIL}{MONTH}\b", re.IGNORECASE),
    re.compile(rf"\b{UNTIL}{YEAR}\b", re.IGNORECASE),
]


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A range of days that a title names, including the last."""

    words: str
    first: date
    last: date
    is_before: bool = False

    def agrees(self, due_on: date) -> bool:
        """Return whether a due date matches the title. Earlier than "before June" matches."""
        if self.is_before:
            return due_on <= self.last
        grace = GRACE if self.last > self.first else timedelta()
        return self.first - grace <= due_on <= self.last


def conflicting_date(title: str, due_on: date | None) -> str:
    """Return the first date in a title that differs from the due date; blank if there is none."""
    if due_on is None:
        return ""
    return next((stated.words for stated in find_dates(title, due_on) if not stated.agrees(due_on)), "")


def find_dates(title: str, due_on: date) -> Iterator[StatedDate]:
    """Return the dates in a title, each read as precisely as possible. Without a year, that of the due date is
    meant.
    """
    taken: list[tuple[int, int]] = []
    for pattern in PATTERNS:
        for match in pattern.finditer(title):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            stated = _parse_date(match, due_on)
            if stated:
                yield stated


def _parse_date(match: re.Match[str], due_on: date) -> StatedDate | None:
    found = {name: value for name, value in match.groupdict().items() if value}
    year = int(found.get("year", due_on.year))
    first, last = 1, 12
    if "quarter" in found:
        last = 3 * int(found["quarter"])
        first = last - 2
    elif "month" in found or "number" in found:
        first = last = int(found["number"]) if "number" in found else _month_number(found["month"])
    try:
        days = date(year, first, 1), date(year, last, monthrange(year, last)[1])
        if "day" in found:
            days = (date(year, first, int(found["day"])),) * 2
    except ValueError:  # 31 June: not a date
        return None
    return StatedDate(match.group().strip(), *days, is_before=found.get("word", "").lower() == "before")


def _month_number(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))
