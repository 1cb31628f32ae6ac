"""Reading a resume: a JSON Resume or the zip of a LinkedIn export, told apart by how the file begins."""

from typing import BinaryIO

from django.utils.translation import gettext as _

from careerplan.account_data.parser import Refused
from careerplan.imports import json_resume
from careerplan.imports.content import Resume
from careerplan.imports.linkedin import read_zip

MOST_BYTES = 50_000_000  # of a zip: the whole of a LinkedIn export has pictures
ZIP = b"PK"
JSON = (b"{", b"[", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read_resume(file: BinaryIO) -> Resume:
    """What of the file we can use. Raises Refused with the place and the reason; never longer than seconds."""
    file.seek(0)
    start = file.read(1000)
    if start.startswith(ZIP):
        resume = read_zip(file)
    elif start.lstrip().startswith(JSON):
        data = start + file.read(json_resume.MOST_BYTES)
        if len(data) > json_resume.MOST_BYTES:
            raise Refused(_("A JSON Resume of more than 1 MB is not read."))
        resume = json_resume.read_json(data)
    else:
        raise Refused(_("This is neither a JSON Resume nor the zip of a LinkedIn export."))
    if resume.is_empty:
        raise Refused(_("There is nothing in it that could be used: no skill, no position, no degree, no certificate."))
    return resume
