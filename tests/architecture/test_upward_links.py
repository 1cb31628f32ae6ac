"""What points upward past the layers without an import: addresses, template tags and included templates.

import-linter sees imports only. A template or a `reverse()` can name a page of an app above its own, and a template can
load its tags. Links that lead to other pages (navigation) are listed here; anything else that points upward is refused.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.template import Library, engines
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
# Folders of templates that are not called as their app.
FOLDER_APPS = {"accounts": "accounts", "account": "accounts", "socialaccount": "accounts"}
SHARED = {"components", "emails"}  # frames of every page and every mail
ADDRESS = re.compile(r"""(?:\{%\s*url\s+|reverse(?:_lazy)?\(\s*|page_url\(\s*|redirect\(\s*)["']([\w:-]+)["']""")
TAGS = re.compile(r"\{%\s*load\s+([\w ]+?)\s*%\}")
INCLUDED = re.compile(r"""\{%\s*(?:include|extends)\s+["'](\w+)/""")

# app: pages of apps above it to which it leads on, by a link or a redirect.
NAVIGATION: dict[str, set[str]] = {
    "accounts": {"account_data:home", "dashboard:today"},
    "careerplan.catalogue": {"explore:occupation"},
    "careerplan.plans": {"plans:plan"},
    "careerplan.explore": {"dashboard:front", "skills:results"},
    "careerplan.skills": {
        *("dashboard:today", "explore:field", "explore:index", "goals:first", "goals:new", "imports:choose"),
        *("skills:result", "skills:results"),
    },
    "careerplan.goals": {
        *("dashboard:today", "plans:earlier-plan", "plans:earlier-plans", "plans:plan", "reviews:continue"),
        *("explore:index", "imports:choose", "reviews:detail", "skills:results"),
    },
    "careerplan.planning": {"calendar_feed:home", "dashboard:today", "plan_document:page"},
    "careerplan.reviews": {"dashboard:today"},
    "careerplan.reminders": {"calendar_feed:home", "dashboard:today"},
    "careerplan.account_data": {"imports:choose"},
    "careerplan.operators": {"dashboard:today", "operations:server"},
}
# Not navigation: the field of the target role asks here for occupations while a user types.
LOOKUPS: dict[str, set[str]] = {"careerplan.plans": {"skills:occupations"}}


@cache
def ranks() -> dict[str, int]:
    """The place of each app in the order of layers, the lowest 0."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = [layer.split(" | ") for layer in reversed(contracts[0]["layers"])]
    return {app.strip(): rank for rank, apps in enumerate(layers) for app in apps}


def app_of(module: str) -> str:
    """The app that a module belongs to; blank for one that is not ours."""
    return next((app for app in ranks() if module == app or module.startswith(f"{app}.")), "")


def routes(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, str]]:
    """The name of each route and the app of its view."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}", app_of(pattern.callback.__module__)


@cache
def app_by_route() -> dict[str, str]:
    return dict(routes(get_resolver()))


def app_of_folder(folder: str) -> str:
    return FOLDER_APPS.get(folder, f"careerplan.{folder}")


def sources() -> Iterator[tuple[str, str]]:
    """Each template and module of an app: the app, and the text."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        folder = path.relative_to(TEMPLATES).parts[0]
        if folder not in SHARED and app_of_folder(folder) in ranks():
            yield app_of_folder(folder), path.read_text()
    for path in sorted([*(ROOT / "careerplan").rglob("*.py"), *(ROOT / "accounts").rglob("*.py")]):
        app = app_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
        if app and "migrations" not in path.parts:
            yield app, path.read_text()


def is_above(other: str, app: str) -> bool:
    return bool(other) and ranks()[other] > ranks()[app]


def unlisted(found: Iterator[tuple[str, str]], *listed: dict[str, set[str]]) -> set[tuple[str, str]]:
    allowed = {(app, name) for names in listed for app in names for name in names[app]}
    return set(found) - allowed


def test_only_navigation_points_upward():
    found = (
        (app, route)
        for app, text in sources()
        for route in ADDRESS.findall(text)
        if is_above(app_by_route().get(route, ""), app)
    )
    assert unlisted(found, NAVIGATION, LOOKUPS) == set()


def test_no_template_loads_tags_of_an_app_above():
    libraries = {name: app_of_library(library) for name, library in engines["django"].engine.template_libraries.items()}
    found = (
        (app, name)
        for app, text in sources()
        for names in TAGS.findall(text)
        for name in names.split()
        if is_above(libraries.get(name, ""), app)
    )
    assert unlisted(found) == set()


def app_of_library(library: Library) -> str:
    """The app whose tags and filters a library holds; blank for one that is not ours."""
    apps = (app_of(tag.__module__) for tag in (*library.tags.values(), *library.filters.values()))
    return next(filter(None, apps), "")


def test_no_template_includes_one_of_an_app_above():
    found = (
        (app, folder)
        for app, text in sources()
        for folder in INCLUDED.findall(text)
        if app_of_folder(folder) in ranks() and is_above(app_of_folder(folder), app)
    )
    assert unlisted(found) == set()
