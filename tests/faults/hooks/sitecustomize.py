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
    """Finds one module as ever, and breaks it right after it was loaded."""

    def __init__(self, name, change):
        self.name, self.change = name, change

    def find_spec(self, name, path, target=None):
        """The usual spec, with a loader that goes on to break."""
        if name != self.name:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        load, change = spec.loader.exec_module, self.change

        def exec_module(module):
            load(module)
            change(module)

        spec.loader.exec_module = exec_module
        return spec


if mutant := os.environ.get("FAULT_MUTANT", ""):
    spec = importlib.util.spec_from_file_location("mutations", Path(__file__).with_name("mutations.py"))
    mutations = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(mutations)
    for module_name, change in mutations.MUTATIONS[mutant]:
        sys.meta_path.insert(0, Mutate(module_name, change))
