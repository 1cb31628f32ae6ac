"""Guess the language of a text by its commonest words, to say so where only English is read."""

from collections import Counter

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careerplan.reading.clauses import WORD
from careerplan.reading.folding import fold

ENGLISH = "en"
NAMES: dict[str, Promise] = {
    "de": _("German"), "fr": _("French"), "es": _("Spanish"), "pt": _("Portuguese"), "it": _("Italian"),
    "nl": _("Dutch"), "pl": _("Polish"), "sv": _("Swedish"), "tr": _("Turkish"),
}  # fmt: skip
_COMMON = {
    ENGLISH: "the and of to in you for with your is are we our be as will at on or from have this who an by not work",
    "de": "die der und in sie mit fur den von zu das ist im auf ein eine wir sind als bei ihre des oder einer nach uns",
    "fr": "de la le les et des vous en du une dans pour nous est un avec au sur votre qui aux par notre sont ou vos",
    "es": "de la que y en el los para con las un una por del su se es como nuestra al lo mas nuestro o tu sus",
    "pt": "de a e o que do da em para com os um uma no na por as dos mais ao nos das seu sua ou voce",
    "it": "di e il la che in per un con una le del dei della si nel al alla i da lo sono come o gli nostra",
    "nl": "de en van het een in je voor met op is te bij aan die wij als ons werk onze zijn dat of jouw naar",
    "pl": "i w z na do oraz dla o sie pracy od przez jest nie za po w zakresie lub twoje nasz praca oferujemy",
    "sv": "och att i som med for en ar av till du pa vi det om den har ett oss eller dig vara inom vart arbete",
    "tr": "ve bir ile icin bu de olarak olan is en veya da tercihen gibi deneyimli sahip bilgisi sirket calisma",
}
_COMMON_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
LEAST_SHARE = 0.12
"""Of the words of a text, that are among the commonest of a language; a list of keywords has fewer."""
OTHER_LETTERS = 0.5
"""Share of letters outside the Latin ones from which a text is in another script."""
MOST_WORDS = 2_000


def language_of(text: str) -> str:
    """Return "en" or the code of another language; "" where the text does not tell, "other" for another script."""
    words = WORD.findall(fold(text))[:MOST_WORDS]
    letters = [letter for word in words for letter in word if letter.isalpha()]
    if letters and sum(letter > "\u024f" for letter in letters) > OTHER_LETTERS * len(letters):
        return "other"
    counts = Counter(words)
    shares = {
        language: sum(counts[word] for word in common) / len(words) if words else 0
        for language, common in _COMMON_WORDS.items()
    }
    best = max(shares, key=lambda language: (shares[language], language == ENGLISH))
    return best if shares[best] >= LEAST_SHARE else ""
