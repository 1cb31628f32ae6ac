"""Each mutant still has something to break: one that cannot be loaded would be "caught" by its own error."""

import importlib.util
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

from careerplan.reminders import delivery
from tests.faults.mutants import MUTANTS
from tests.faults.world import HOOKS
from tests.mutants import WALLS


def mutations():
    spec = importlib.util.spec_from_file_location("mutations", HOOKS / "mutations.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.MUTATIONS


def test_each_mutant_breaks_something():
    assert set(mutations()) == {*MUTANTS, *WALLS}


@pytest.mark.parametrize("name", sorted(WALLS))
def test_a_wall_is_there_to_be_taken_away(name):
    for module, edit in mutations()[name]:
        source = Path(find_spec(module).origin).read_text("utf-8")
        assert edit(source) != source


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_a_mutant_changes_what_it_says(name):
    for module, change in mutations()[name]:
        before = vars(import_module(module))
        broken = SimpleNamespace(**before | {"_Batch": type("_Batch", (delivery._Batch,), {})})
        own = broken._Batch.__dict__.copy()
        change(broken)
        changed = {key for key, value in vars(broken).items() if key != "_Batch" and value is not before.get(key)}
        assert changed or dict(broken._Batch.__dict__) != dict(own)
