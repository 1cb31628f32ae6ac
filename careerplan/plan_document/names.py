"""File names of downloads."""

import re
from datetime import date

from django.utils.translation import gettext as _

LONGEST = 80  # characters of the title; most systems limit file names to 255 bytes
# Characters that some systems do not allow in names, or that change the folder; white space becomes one space.
UNSAFE = re.compile(r'[\\/:*?"<>|;%\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff]')


def file_name(title: str, day: date, ending: str) -> str:
    """Return a safe file name: "Ward manager by autumn 2027, 2027-03-09.pdf"."""
    plain = " ".join(UNSAFE.sub(" ", title).split())[:LONGEST].strip(" .")
    return f"{plain or _('Career plan')}, {day.isoformat()}.{ending}"
