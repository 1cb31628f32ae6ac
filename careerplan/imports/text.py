"""Decode a file of unknown encoding."""

import codecs

from django.utils.translation import gettext as _

from careerplan.account_data.errors import InvalidFile

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(data: bytes, name: str, *, other: bool = True) -> str:
    """Decode UTF-8 with or without a byte order mark, or UTF-16 with one.

    With `other`, fall back to Windows-1252 and Latin 1. Raises InvalidFile that names the file.
    """
    try:
        text = data.decode("utf-16" if data.startswith(UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        if not other:
            raise InvalidFile(
                _("We cannot read the characters in this file. Save it as Unicode text and choose it again."), name
            ) from error
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    if "\0" in text:
        raise InvalidFile(_("This is not a text file."), name)
    return text
