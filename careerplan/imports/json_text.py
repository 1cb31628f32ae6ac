"""Read JSON as people leave it: in any encoding, with comments and trailing commas."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from careerplan.account_data.file_format import InvalidFile
from careerplan.imports.content import decode_text

MAX_JSON_BYTES = 1_000_000
# A text, a comment, or a comma with nothing after it. The texts are found so that they stay as they are. What has no
# end goes to the end of the file, so that it is read once.
_LOOSE = re.compile(r'"(?:[^"\\]|\\.)*+"?|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|//[^\n]*+|,(?=\s*+[\]}])', re.DOTALL)


def load_json(data: bytes) -> Any:
    """Return the values of a JSON file. Raises InvalidFile with the line."""
    if len(data) > MAX_JSON_BYTES:
        raise InvalidFile(_("A JSON file can have at most 1 MB."))
    text = decode_text(data).lstrip("\ufeff").rstrip("\0 \r\n\t;")
    try:
        try:
            return json.loads(text, strict=False)
        except json.JSONDecodeError:
            return json.loads(_tighten(text), strict=False)
    except RecursionError as error:
        raise InvalidFile(_("Lists and entries are nested too deeply in the file.")) from error
    except ValueError as error:
        place = _("line %(n)s") % {"n": error.lineno} if isinstance(error, json.JSONDecodeError) else ""
        reason = _("The file is not complete JSON. It is cut off or damaged here, or it is another kind of file.")
        raise InvalidFile(reason, place) from error


def _tighten(text: str) -> str:
    """Leave out comments, then commas before a closing bracket; line ends stay."""
    for _pass in range(2):  # a comment may stand between such a comma and its bracket
        text = _LOOSE.sub(
            lambda found: found.group() if found.group()[0] == '"' else "\n" * found.group().count("\n"), text
        )
    return text


def walk(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Yield the entries in a value, from outside to inside, down to a depth."""
    if isinstance(value, dict):
        yield value
    if depth:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for one in inner:
            yield from walk(one, depth - 1)
