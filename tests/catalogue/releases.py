"""Small releases of O*NET for the tests: two rated occupations and one that is not."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from careerplan.catalogue.shipped_data import read_skills

ELEMENTS = [skill.code for group in read_skills() for skill in group.skills if skill.code]
ESSENTIAL = [element for element in ELEMENTS if element.startswith("2.A")]
TRANSFERABLE = [element for element in ELEMENTS if element.startswith("2.B")]
OF_KNOWLEDGE = [element for element in ELEMENTS if element.startswith("2.C")]
INTERESTS = [f"1.B.1.{letter}" for letter in "abcdef"]
RATED = ("11-1011.00", "29-1141.00")
TITLES = {
    "11-1011.00": "Chief Executives",
    "29-1141.00": "Registered Nurses",
    "13-1082.00": "Project Managers",
}
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def table(header: str, *rows: str) -> str:
    """Tab-separated text from lines with bars."""
    return "\n".join(line.replace("|", "\t") for line in (header, *rows)) + "\n"


def ratings(elements: list[str], level: str = "3.50", importance: str = "4.00") -> str:
    """A file of ratings of the two rated occupations, with the columns of release 29.3 that matter."""
    rows = [
        f"{code}|{TITLES[code]}|{element}|{scale}|{value}|N|{'N' if scale == 'LV' else ''}"
        for code in RATED
        for element in elements
        for scale, value in (("IM", importance), ("LV", level))
    ]
    header = "O*NET-SOC Code|Title|Element ID|Scale ID|Data Value|Recommend Suppress|Not Relevant"
    return table(header, *rows)


def files(**changes: str) -> dict[str, str]:
    """The files of a small release 29.3."""
    made = {
        "Read Me.txt": "O*NET 29.3 Database\nMay 2025 Release\n",
        "Occupation Data.txt": table(
            "O*NET-SOC Code|Title|Description",
            *(f"{code}|{title}|What they do." for code, title in TITLES.items()),
        ),
        "Skills.txt": ratings(ESSENTIAL + TRANSFERABLE),
        "Knowledge.txt": ratings(OF_KNOWLEDGE),
        "Job Zones.txt": table("O*NET-SOC Code|Title|Job Zone|Date", *(f"{c}|x|4|08/2023" for c in TITLES)),
        "Education, Training, and Experience.txt": table(
            "O*NET-SOC Code|Element ID|Scale ID|Category|Data Value",
            "11-1011.00|2.D.1|RL|6|40.0",
            "11-1011.00|2.D.1|RL|8|60.0",
            "11-1011.00|3.A.1|RW|2|100.0",
        ),
        "Alternate Titles.txt": table(
            "O*NET-SOC Code|Title|Alternate Title|Short Title|Source(s)",
            "11-1011.00|Chief Executives|CEO (Chief Executive Officer)|CEO|02",
            "29-1141.00|Registered Nurses|Flight Nurse||02",
            "29-1141.00|Registered Nurses|flight nurse||08",
            "29-1141.00|Registered Nurses|Staff Nurse|n/a|08",
        ),
        "Interests.txt": table(
            "O*NET-SOC Code|Title|Element ID|Scale ID|Data Value",
            *(f"29-1141.00|x|{element}|OI|{place}.5" for place, element in enumerate(INTERESTS, start=1)),
            "29-1141.00|x|1.B.1.g|IH|2",
        ),
        "Related Occupations.txt": table(
            "O*NET-SOC Code|Title|Related O*NET-SOC Code|Related Title|Relatedness Tier|Index",
            "11-1011.00|x|13-1082.00|x|Supplemental|11",
            "11-1011.00|x|29-1141.00|x|Primary-Short|2",
            "29-1141.00|x|11-1011.00|x|Primary-Long|6",
            "29-1141.00|x|29-1229.05|x|Primary-Short|1",
        ),
        "Task Statements.txt": table(
            "O*NET-SOC Code|Title|Task ID|Task|Task Type",
            "29-1141.00|x|1|Record patients' vital signs.|Core",
            "29-1141.00|x|2|Order tests.|Supplemental",
            "29-1141.00|x|3|Give medicine and watch how it works.|Core",
            "13-1082.00|x|4|Plan projects.|n/a",
        ),
    }
    return made | changes


def later_files() -> dict[str, str]:
    """The same figures in the layout from release 30.3 on."""
    made = files(**{"Read Me.txt": "O*NET 30.3 Database\n"})
    del made["Skills.txt"]
    made["Essential Skills.txt"] = ratings(ESSENTIAL)
    made["Transferable Skills.txt"] = ratings(TRANSFERABLE)
    made["Software Skills.txt"] = table("O*NET-SOC Code|Example", "11-1011.00|Excel")
    return made


def as_zip(path: Path, texts: Mapping[str, str | bytes], prefix: str = "db_29_3_text/") -> Path:
    """Writes a zip of the files, in one folder as the official one has them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(prefix + name, text)
    return path


def as_folder(path: Path, texts: Mapping[str, str | bytes]) -> Path:
    """Writes a folder of the files."""
    path.mkdir()
    for name, text in texts.items():
        (path / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return path
