"""Names of files that are downloaded."""

import re
from datetime import date

from django.utils.translation import gettext as _

LONGEST = 80  # characters of the title; a name of a file holds 255 bytes on most systems
# Not allowed in names on some system, or able to lead elsewhere; white space becomes one space.
UNSAFE = re.compile(r'[\\/:*?"<>|;%\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff]')


def file_name(title: str, day: date, ending: str) -> str:
    """A name for a file: "Ward manager by autumn 2027, 2027-03-09.pdf". Whatever the title is, it is safe."""
    plain = " ".join(UNSAFE.sub(" ", title).split())[:LONGEST].strip(" .")
    return f"{plain or _('Career plan')}, {day.isoformat()}.{ending}"
