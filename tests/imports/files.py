"""Files as the tests need them."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
LINKEDIN = (HERE / "linkedin.zip").read_bytes()  # the invented export of shared/data
SAMPLE = (HERE / "sample.resume.json").read_bytes()  # of JSON Resume, MIT
SKILLS = "Skills.csv"
TODAY = date(2026, 11, 29)
CASES = HERE.parent / "cases"


def zip_of(files, **how):
    """A zip of these texts or bytes by name."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, **how) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def json_of(**sections):
    """A JSON Resume."""
    return json.dumps(sections).encode()
