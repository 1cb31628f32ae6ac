"""Parse a CV: a JSON Resume or a LinkedIn zip, recognised by the first bytes."""

from typing import BinaryIO

from django.utils.translation import gettext as _

from careerplan.account_data.errors import InvalidFile
from careerplan.imports import json_resume
from careerplan.imports.content import CvContent
from careerplan.imports.linkedin import parse_linkedin_zip

MAX_BYTES = 50_000_000  # of a zip: a whole LinkedIn export includes pictures
ZIP = b"PK"
JSON = (b"{", b"[", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def parse_cv(file: BinaryIO) -> CvContent:
    """Return the usable content of a file, within seconds. Raises InvalidFile with the place and the reason."""
    file.seek(0)
    start = file.read(1000)
    if start.startswith(ZIP):
        resume = parse_linkedin_zip(file)
    elif start.lstrip().startswith(JSON):
        data = start + file.read(json_resume.MAX_BYTES)
        if len(data) > json_resume.MAX_BYTES:
            raise InvalidFile(_("A JSON Resume file can have at most 1 MB."))
        resume = json_resume.parse_json_resume(data)
    else:
        raise InvalidFile(_("This is not a JSON Resume file and not a zip from LinkedIn."))
    if resume.is_empty:
        raise InvalidFile(_("We found no skills, jobs, education or certificates in this file."))
    return resume
