"""Each function and constant of the product is named somewhere else in it: what only a test keeps alive is dead."""

import ast
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("careerplan", "accounts")
NOT_OURS = {"migrations", "formats"}  # Django finds these by their place
FOUND_BY_NAME = re.compile(r"handler\d{3}$|provider_classes$")  # by Django and allauth
ENDS = {".html", ".sql", ".txt"}
KEPT = {
    "problems_of": "asked of each migration by tests/core/test_migration_rules.py",
    "json_formatter": "careerplan/granian-logs.json",
}


def names_of(tree: ast.Module) -> list[str]:
    """The functions without decorators, which register them, and the constants of a module."""
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.decorator_list]
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names += [target.id for target in targets if isinstance(target, ast.Name)]
    return names


def test_each_name_is_used():
    sources = {path: path.read_text() for part in PARTS for path in (ROOT / part).rglob("*.py")}
    others = [path for part in (*PARTS, "templates") for path in (ROOT / part).rglob("*") if path.suffix in ENDS]
    counted = Counter(word for text in sources.values() for word in re.findall(r"\w+", text))
    for path in others:
        counted.update(re.findall(r"\w+", path.read_text()))
    dead = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, text in sources.items()
        if NOT_OURS.isdisjoint(path.parts) and "settings" not in path.stem
        for name in names_of(ast.parse(text))
        if counted[name] == 1 and name not in KEPT and not FOUND_BY_NAME.match(name)
    ]
    assert dead == []
