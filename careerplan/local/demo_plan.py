"""The demo plan as data; needs no Django."""

import tomllib
from importlib.resources import files
from typing import Any


def read_plan() -> dict[str, Any]:
    """Return the plan in demo_plan.toml: person, direction, goals and assessments."""
    return tomllib.loads(files("careerplan.local").joinpath("demo_plan.toml").read_text(encoding="utf-8"))
