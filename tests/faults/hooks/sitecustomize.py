"""Loaded by the processes of a fault run that has this folder on PYTHONPATH, and by nothing else.

FAULT_CLOCK moves their clock by so many seconds. FAULT_MUTANT breaks one thing in them, to see that the suite fails.
"""

import importlib.machinery
import importlib.util
import os
import sys
from pathlib import Path

if shift := float(os.environ.get("FAULT_CLOCK", "0")):
    import time

    import time_machine

    time_machine.travel(time.time() + shift, tick=True).start()


class Mutate:
    """Finds one module as ever, and breaks it: its source before it is loaded, or itself right after."""

    def __init__(self, name, edits, changes):
        self.name, self.edits, self.changes = name, edits, changes

    def find_spec(self, name, path, target=None):
        """The usual spec, with a loader that goes on to break."""
        if name != self.name:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        load = spec.loader.exec_module

        def exec_module(module):
            if self.edits:
                source = spec.loader.get_source(name)
                for edit in self.edits:
                    source = edit(source)
                exec(compile(source, spec.origin, "exec"), module.__dict__)  # not from the cache of compiled files
            else:
                load(module)
            for change in self.changes:
                change(module)

        spec.loader.exec_module = exec_module
        return spec


if mutant := os.environ.get("FAULT_MUTANT", ""):
    spec = importlib.util.spec_from_file_location("mutations", Path(__file__).with_name("mutations.py"))
    mutations = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(mutations)
    for broken in {module for module, _change in mutations.MUTATIONS[mutant]}:
        all_changes = [change for module, change in mutations.MUTATIONS[mutant] if module == broken]
        edits = [change for change in all_changes if isinstance(change, mutations.Edit)]
        sys.meta_path.insert(0, Mutate(broken, edits, [change for change in all_changes if change not in edits]))
