"""One word for one thing: a top-level class name exists once in the product, and docs/glossary.md knows every model."""

import ast
from collections import defaultdict
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
# Names that a framework looks for.
GIVEN = {"Command"}


def product_files() -> list[Path]:
    """The Python files of the product, without migrations."""
    files = [*ROOT.glob("accounts/**/*.py"), *ROOT.glob("careerplan/**/*.py")]
    return [path for path in files if "migrations" not in path.parts]


def test_a_class_name_exists_once():
    places = defaultdict(list)
    for path in product_files():
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name not in GIVEN:
                places[node.name].append(str(path.relative_to(ROOT)))
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_the_glossary_names_every_model():
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in ("accounts", "careerplan")]
    ours = [model for model in ours if not model.__name__.endswith("Event") and not model._meta.auto_created]
    assert [model.__name__ for model in ours if f"`{model.__name__}`" not in glossary] == []
