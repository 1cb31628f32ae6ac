"""Check an if-then plan: does the obstacle name a moment that one would notice, and the plan an act?

A plan works when its cue is a situation ("the room goes quiet") and its answer something one does there (Gollwitzer and
Sheeran 2006, "Implementation intentions and goal achievement", Advances in Experimental Social Psychology 38). A trait
("lack of confidence") is not a cue, and a wish ("be more confident") is not an act.

Pure functions. The word lists are English, because they are grammar and not translation: a longer sentence without an
English word is left alone. The advice never blocks saving. 200 labelled sentences are in
tests/goals/test_if_then_advice.py.
"""

import re

# A sentence about a moment has someone or something that does something: a subject and a verb of its own.
SUBJECTS = "i|we|you|he|she|they|it|someone|somebody|nobody|no one|everyone|people|there"
DETERMINERS = "the|a|an|my|our|his|her|their|this|that|another|three|two|some|one"
TIMES = "when|whenever|if|while|as soon as|before|after|until|once|during|in the middle of|at the end of|on|at"
# Verbs that say what someone or something is, has or might do at any time; there is no moment in them.
TRAITS = re.compile(
    r"""^(?:i\ (?:am|'m|have|do\ not\ have|don't\ have|never|always|tend|worry|lack|might|may|could|should|will|am\ not)
        |it\ (?:is|'s|may|might|will)|i'm|perhaps|maybe
        |[\w\s]{0,40}\b(?:is|are)\ (?:tight|hard|difficult|not\ my))\b""",
    re.IGNORECASE | re.VERBOSE,
)
DAYS = "moment|morning|evening|night|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
MOMENT = re.compile(rf"\b(?:{TIMES}|{DAYS})\b", re.IGNORECASE)
CLAUSE = re.compile(
    rf"""\b(?:(?:{SUBJECTS})\ (?:\w+\ )?\w+
        |(?:{DETERMINERS})\ (?:[\w'-]+\ ){{1,3}}?(?:\w+(?:s|ed)|has|is|are|goes|does|cannot)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
FEWEST_CUE_WORDS = 4

START = re.compile(r"^(?:then |so )?(?:i will|i shall|i am going to|i'll|i'm going to|to)\b\s*|^just ", re.IGNORECASE)
# First words of a wish, a state or a promise: nobody would see it done.
NO_ACTS = """
try, hope, want, be, stay, remain, keep going, keep calm, not, never, do not, don't, think positive, think positively,
believe, find a way, find the time, manage, make time, make an effort, do my best, do better, do more, focus, avoid,
ignore, accept, overcome, cope, deal with, get on with, push through, work harder, give my best, improve, become,
have (?:more|a|some), take it, see what happens, consider, remember, feel, stop worrying, relax, worry, get better,
get over, carry on, persevere, endure, hold on, hang in
"""
WISHES = re.compile(
    r"^(?:just\s+)?(?:" + "|".join(word.strip().replace(" ", r"\s+") for word in NO_ACTS.split(",")) + r")\b",
    re.IGNORECASE,
)
WISHERS = re.compile(r"^i(?: (?:hope|want|wish|should|would|won't|will not|need)|'d like)\b", re.IGNORECASE)
FEWEST_ACT_WORDS = 3
ENGLISH_WORDS = """
a an and at be but for from get has have i if in is it me my no not of on or so that the them to we when will with you
"""
ENGLISH = frozenset(ENGLISH_WORDS.split())


def has_cue(obstacle: str) -> bool:
    """Return whether the words name a moment: that something happens, or a feeling at some time."""
    text = _plain(obstacle)
    if _is_foreign(text):
        return True
    if len(text.split()) < FEWEST_CUE_WORDS:
        return False
    if TRAITS.match(text) and not MOMENT.search(text):
        return False
    return bool(CLAUSE.search(text))


def has_act(plan: str) -> bool:
    """Return whether the words name something one does, not a wish or a state."""
    text = _plain(plan)
    if _is_foreign(text):
        return True
    if WISHERS.match(text):
        return False
    act = START.sub("", text)
    return len(act.split()) >= FEWEST_ACT_WORDS and not WISHES.match(act)


def _is_foreign(text: str) -> bool:
    words = text.lower().split()
    return not text.isascii() or (len(words) > FEWEST_CUE_WORDS and ENGLISH.isdisjoint(words))


def _plain(text: str) -> str:
    return " ".join(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split()).strip(" .!\"'")
