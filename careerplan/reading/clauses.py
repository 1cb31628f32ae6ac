"""Which clauses of an advert ask something of the person who applies, and which speak of others.

1. A line that is a heading says what the lines below it are: about the work, or what the employer offers, or what is
   not asked ("What you get", "What you need not do").
2. A sentence is cut into clauses at colons, semicolons and "but".
3. A clause asks if it is about "you", has a word of requirements ("needed", "experience"), or is no sentence at all, as
   in a list: "good numeracy". It does not ask if it denies ("not required"), offers ("we pay", "you get"), or if
   somebody else does it ("are repaired by our fitters", "Our IT department writes").
4. What is welcome but not needed is marked as an extra.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from careerplan.reading.folding import fold

WORD = re.compile(r"[^\W_]+")
_SENTENCES = re.compile(r"(?<=[.!?])[)\"”’']*\s+|[\n\r•·|*]+|^\s*[-–—]\s+", re.MULTILINE)
_CLAUSES = re.compile(r"[;:]|,?\s+but\s+|\s+[–—]\s+|,\s+(?=(?:you|but|while|whereas|and\s+you)\s)", re.IGNORECASE)
HEADING_WORDS, HEADING_LETTERS = 8, 60


class AdvertPart(Enum):
    """What the lines below a heading are about."""

    WORK = "work"
    OFFER = "offer"
    DENIED = "denied"
    EXTRA = "extra"


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b")


_HEADINGS = {
    AdvertPart.DENIED: re.compile(
        r"(?:what )?(?:we|you) (?:do|need|must) not (?:ask|need|do|have|bring|expect)"
        r"(?: for| to (?:do|bring|have|know))?"
    ),
    AdvertPart.OFFER: re.compile(
        r"(?:what )?(?:we offer|we give(?: you)?|you (?:ll |will )?get|you can expect|is on offer)"
        r"|we can offer(?: you)?"
        r"|benefits?(?: and perks)?|perks?|about (?:us|the company|the team|our company)|our (?:offer|company|benefits)"
        r"|why (?:join|work).*|what s in it for you|in return|rewards?|(?:salary|pay)(?: and benefits)?|how to apply"
        r"|who we are|the company|equal opportunit(?:y|ies)|your benefits|compensation"
    ),
    AdvertPart.EXTRA: re.compile(
        r"nice to haves?|desirable(?: criteria| skills)?|preferred(?: qualifications| skills)?|bonus(?: points)?"
        r"|ideally|advantageous|a plus|good to have"
    ),
    AdvertPart.WORK: re.compile(
        r"what (?:the job is(?: about)?|you (?:ll |will )?(?:bring|do|need)|we (?:ask|need|look for|expect))"
        r"|your (?:work|tasks|role|profile|job|duties)|about (?:you|the (?:job|role|work))|what will you do"
        r"|(?:who )?we (?:re |are )?look(?:ing)? for|(?:key |main )?(?:requirements|responsibilities|duties|tasks)"
        r"|the (?:job|role)|you will also|essential(?: criteria)?|who you are|(?:key )?skills|you(?: will)? bring"
        r"|(?:you )?must haves?|job description|person specification|qualifications"
    ),
}
_REQUIREMENTS = re.compile(
    r"what (?:you (?:ll |will )?(?:bring|need)|we (?:ask|need|look for|expect))|your profile|about you"
    r"|(?:who )?we (?:re |are )?look(?:ing)? for|(?:key |main )?requirements|essential(?: criteria)?|who you are"
    r"|(?:key )?skills(?: and experience)?|you(?: will)? bring|(?:you )?must haves?|person specification|qualifications"
    r"|nice to haves?|desirable(?: criteria| skills)?|preferred(?: qualifications| skills)?|good to have"
)
"""Headings of lists whose every line asks for something."""
LISTED_WORDS = 6
"""Longer lines of such a list are sentences: what they say tells whether they ask."""
_DENIES = _any(
    "(?:is|are) (?:not|never) (?:a |an )?(?:required|needed|necessary|essential|expected|must|condition|asked)",
    "(?:isn|aren) t (?:a |an )?(?:required|needed|necessary|essential|expected|must|condition|asked)",
    *("not (?:required|needed|necessary|essential|expected)", "is not a must", "need not", "needn t"),
    *(
        "(?:do|does|will|would) not need",
        "(?:don|doesn|won|wouldn) t need",
        "neither",
        "whether or not you (?:have|hold)",
    ),
    "(?:(?:do|does) not|(?:don|doesn) t) matter",
    *(
        "no need (?:for|to)",
        "nobody has to",
        "nothing for you to",
        "never a condition",
        "you do not have to",
    ),
    *("no experience (?:of|in|with|is)", "can wait", "(?:will|is|are|be) (?:be )?(?:taught|trained|provided)"),
    *("training (?:will be given|is provided|given)", "full training", "left to", "rather than", "instead of you"),
    *(
        "not your (?:job|task)",
        "do not ask",
        "no longer",
        "are not (?:looking|asking)",
        "done by",
        "handled by",
        "run by",
    ),
)
_OFFERS = _any(
    *(
        "we (?:also )?(?:offer|pay|give|provide|train|teach|support you|cover|help you|will (?:train|teach|give|pay))",
        "you get",
    ),
    "you (?:will |ll )?(?:get|receive|have access|benefit|enjoy|report to)",
    "you (?:will |ll )?be (?:paid|trained|taught|offered|reporting)",
    *(
        "(?:you|your) (?:mentor|buddy|salary|pay)",
        "a course in",
        "if you (?:like|want)",
        "free \\w+ (?:class|course|lesson)",
    ),
    *("paid (?:study|training|holiday|leave)", "training contract", "opportunit(?:y|ies) (?:to|for)", "we are proud"),
    *(
        "mentor(?:ing)? (?:for|in) (?:your|the) first",
        "study days",
        "learning budget",
        "training budget",
        "gives? regular",
    ),
    *(
        "supportive",
        "has won",
        "award(?:ed|s)? for",
        "flexible (?:hours|working|work|time|start|schedule|shifts?)",
        "hobby",
    ),
    *("reporting to", "report to", "reports to", "room to grow", "bonus", "pension", "canteen", "days of leave"),
)
_EXTRAS = _any(
    *(
        "nice to have",
        "(?:a|an|is|be|are) (?:big |real |great )?(?:plus|bonus|advantage|asset)",
        "desirable",
        "preferred",
    ),
    *(
        "ideally",
        "(?:is|are|would be) welcome",
        "would be (?:good|great|helpful|useful|nice)",
        "advantageous",
        "preferably",
    ),
)
_ASKS = _any(
    *(
        "you",
        "your",
        "yourself",
        "needed",
        "wanted",
        "asked for",
        "mandatory",
        "required",
        "requires?",
        "essential",
        "must",
        "we (?:want|expect|need|seek|value)",
    ),
    *(
        "(?:we are |we re )?(?:looking for|look for|seeking|recruiting|hiring)",
        "somebody who",
        "someone who",
        "anyone who",
        "a person who",
    ),
    *("experience", "experienced", "skills?", "ability", "able", "knowledge", "willing(?:ness)?", "ready", "readiness"),
    *("candidate", "applicant", "successful", "role", "post holder", "duties", "responsib(?:le|ilities)", "tasks?"),
)
_REQUIRES = _any(
    "(?:is|are) (?:also )?(?:required|needed|essential|necessary|expected|wanted|mandatory|asked for|a must)",
    *("must have", "we expect"),
)
_OTHERS = r"(?: (?!(?:who|whether|how|what|if|because)\b)\w+)"  # words of the same sentence
_IS = r"(?:is|are|was|were|has|had|does|did|will|can|stay|stays|belong|belongs|lies|comes|goes"
_SUBJECT_IS_ANOTHER = re.compile(
    r"^(?:and |or |so |then |also )?(?:"
    r"(?:our|the|its|their|his|her|a|an|some|this|these|those|nobody|it|he|she|they|there)"
    + _OTHERS
    + "{0,8}? "
    + _IS
    + r"|have|do|give|write|make|take|keep|teach|help|run|work|bring|handle|manage|lead|look|meet|report"
    r"|gives|writes|makes|takes|keeps|teaches|helps|runs|works|brings|handles|manages|leads|looks|meets|reports)"
    r"|[a-z]+" + _OTHERS + "{0,8}? " + _IS + r"))\b"
)
_PREPOSITION = re.compile(
    r"(?:if|when|whenever|in|on|at|during|every|once|each|twice|after|before|while|with|from|for|to|by|as|within|between|"
    r"where|together|depending|outside|under|over|through)\b"
)
_STARTS_ASKING = re.compile(r"^(?:and |or |also |then |to |will )*(?:you|your|must|able|be)\b")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that asks: its text, whether it is only welcome, and whether it is a short line of a list of
    requirements.
    """

    text: str
    is_extra: bool
    is_listed: bool = False


def asking_clauses(text: str) -> Iterator[Clause]:
    """Yield the clauses of an advert that ask something of the reader."""
    section, is_list = AdvertPart.WORK, False
    text = "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())  # long runs would be slow
    for sentence in _SENTENCES.split(text):
        if not sentence or not sentence.strip():
            continue
        if (heading := _heading_of(sentence)) is not None:
            section, is_list = heading, bool(_REQUIREMENTS.fullmatch(plain_words(sentence)))
            continue
        if section in {AdvertPart.DENIED, AdvertPart.OFFER}:
            continue
        is_extra = section == AdvertPart.EXTRA or bool(_EXTRAS.search(plain_words(sentence)))
        is_listed = is_list and ":" not in sentence and len(WORD.findall(sentence)) <= LISTED_WORDS
        yield from (Clause(one, is_extra, is_listed) for one in _CLAUSES.split(sentence) if one.strip() and _asks(one))


def plain_words(text: str) -> str:
    """Return the words of a text, folded, with single blanks between them."""
    return " ".join(WORD.findall(fold(text)))


def _heading_of(line: str) -> AdvertPart | None:
    """Return what the lines below a heading are about; None if the line is not a heading."""
    line = line.strip()
    if len(line) > HEADING_LETTERS or line.endswith((".", ",", ";")) or len(line.split()) > HEADING_WORDS:
        return None
    plain = plain_words(line)
    found = next((section for section, pattern in _HEADINGS.items() if pattern.fullmatch(plain)), None)
    return AdvertPart.WORK if found is None and line.endswith(":") else found


def _asks(clause: str) -> bool:
    plain = plain_words(clause)
    if _DENIES.search(plain) or _OFFERS.search(plain):
        return False
    if _STARTS_ASKING.match(plain) or _REQUIRES.search(plain):
        return True
    asked = _ASKS.search(plain)
    if asked is None:
        return not _SUBJECT_IS_ANOTHER.match(plain) and not plain.startswith(("our ", "we "))
    before = plain[: asked.start()]
    return bool(_PREPOSITION.match(plain)) or not _SUBJECT_IS_ANOTHER.match(before)
