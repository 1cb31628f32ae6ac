"""Guess the level of education from the words of a degree, in English and similar spellings."""

from careerplan.catalogue.models import EducationLevel
from careerplan.reading.skill_finder import Phrase, to_phrase

# Highest first: "Master of Science, after a bachelor" is a master's degree. Compared by word, without common endings.
WORDS: tuple[tuple[EducationLevel, tuple[str, ...]], ...] = (
    (EducationLevel.DOCTORATE, ("doctor", "doctorate", "doctoral", "phd", "ph d", "dphil", "md")),
    (
        EducationLevel.MASTER,
        ("master", "magister", "msc", "m sc", "ma", "m a", "ms", "mba", "meng", "mphil", "mres", "llm"),
    ),
    (
        EducationLevel.BACHELOR,
        ("bachelor", "bsc", "b sc", "ba", "b a", "bs", "bba", "beng", "bed", "llb", "undergraduate", "licence"),
    ),
    (EducationLevel.ASSOCIATE, ("associate", "foundation degree")),
    (EducationLevel.SOME_COLLEGE, ("some college",)),
    (
        EducationLevel.VOCATIONAL,
        ("vocational", "apprenticeship", "diploma", "certificate", "nvq", "btec", "hnd", "hnc", "ausbildung"),
    ),
    (
        EducationLevel.SECONDARY,
        ("secondary school", "high school", "a level", "gcse", "abitur", "matura", "baccalaureate", "ged"),
    ),
)
_PHRASES = [(level, to_phrase(text)) for level, texts in WORDS for text in texts]


def level_in(text: str) -> str:
    """Return the level that a degree names; "" if unknown."""
    if label := _LABELS.get(text.casefold()):
        return label
    words = to_phrase(text)
    return next((level.value for level, phrase in _PHRASES if _stands_in(phrase, words)), "")


def _stands_in(phrase: Phrase, words: Phrase) -> bool:
    return any(words[start : start + len(phrase)] == phrase for start in range(len(words) - len(phrase) + 1))


# What our own resumes say (documents/data/resume.py).
_LABELS = {str(level.label).casefold(): level.value for level in EducationLevel}
