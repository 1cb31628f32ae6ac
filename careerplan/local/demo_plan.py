"""The invented person's plan as it is written down; needs no Django."""

import tomllib
from importlib.resources import files
from typing import Any


def read_plan() -> dict[str, Any]:
    """The plan of demo_plan.toml: person, direction, goals and inventory."""
    return tomllib.loads(files("careerplan.local").joinpath("demo_plan.toml").read_text(encoding="utf-8"))
