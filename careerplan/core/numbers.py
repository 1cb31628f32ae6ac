"""Numbers in running text."""

from django.utils.translation import gettext as _


def number_words(number: int) -> str:
    """A count as a sentence says it: in words to twelve, in figures beyond."""
    words = (
        _("none"),
        _("one"),
        _("two"),
        _("three"),
        _("four"),
        _("five"),
        _("six"),
        _("seven"),
        _("eight"),
        _("nine"),
        _("ten"),
        _("eleven"),
        _("twelve"),
    )
    return words[number] if 0 <= number < len(words) else str(number)


def as_sentence(text: str) -> str:
    """Words as a sentence begins: with a capital letter."""
    return text[:1].upper() + text[1:]
