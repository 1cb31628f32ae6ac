"""Read a CV from Reactive Resume: its sections are those of JSON Resume, one level deeper and by other names."""

from typing import Any

from careerplan.imports.content import CvContent
from careerplan.imports.json_resume import parse_json_resume


def parse_reactive_resume(found: Any, cv: CvContent) -> None:
    """Read the sections, each with its items. Raises InvalidFile if there is nothing like a CV in it."""
    if isinstance(found, dict) and isinstance(found.get("sections"), dict):
        sections = {name: _items(section) for name, section in found["sections"].items()}
        texts = {name: value for name, value in sections.items() if isinstance(value, list)}
        found = {"basics": found.get("basics", {}), "skills": [], **texts}
    parse_json_resume(found, cv)


def _items(section: Any) -> Any:
    """Return the entries of a section; texts such as the summary have none."""
    return section.get("items") if isinstance(section, dict) else None
