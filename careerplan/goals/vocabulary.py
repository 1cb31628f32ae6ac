"""Word lists for the wording check, one per language. To add a language, add its list."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vocabulary:
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

ENGLISH = Vocabulary(
    vague_start=at_start(ENGLISH_DIRECTIONS),
    vague_amount=anywhere(ENGLISH_AMOUNTS),
    number=anywhere(ENGLISH_NUMBERS),
    particular=anywhere("a, an, the, my, our, this, at, as, for, to"),
    joints=anywhere("and also, and then, and, as well as, plus, then"),
    outcome_verbs=frozenset(ENGLISH_OUTCOMES.split()),
    counted_verbs=frozenset(ENGLISH_COUNTED.split()),
    second_verbs=frozenset(ENGLISH_SECOND.split()),
)
VOCABULARIES = {"en": ENGLISH}
