"""`make faults`: every scenario, or those named; a table, and exit code 1 where something did not hold."""

import argparse
import os
import sys
from dataclasses import replace

from tests.faults import mutants
from tests.faults.books import HEAD
from tests.faults.machines import MachinesWorld, cut_off
from tests.faults.network import INSIDE, run_inside, why_not
from tests.faults.postfix import postfix
from tests.faults.scenarios import SCENARIOS
from tests.faults.size import SHORT, Size
from tests.faults.world import World

ALL = {**SCENARIOS, "postfix": postfix}
ALONE = ("machines", "mutants")
"""What runs by itself, and not with all the others where none is named."""


def run_machines(size: Size, seed: int) -> int:
    """Three machines of network namespaces, where they can be made."""
    if INSIDE not in os.environ:
        if problem := why_not():
            print(f"Not run: {problem}.")
            return 0
        return run_inside(sys.argv[1:])
    with MachinesWorld(seed=seed) as world:
        books = cut_off(world, size)
    print(f"\n{HEAD}\n{books.line()}", flush=True)
    return int(bool(books.failures))


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    names = f"any of {', '.join(ALL)}; or one of {', '.join(ALONE)}"
    parser.add_argument("scenarios", nargs="*", help=f"{names}; none: all but those")
    parser.add_argument("--short", action="store_true", help="as in `make test`")
    parser.add_argument("--seed", type=int, default=1)
    for name in ("people", "kills", "times", "terminations", "races", "workers"):
        parser.add_argument(f"--{name}", type=int)
    options = parser.parse_args()
    given = {name: value for name, value in vars(options).items() if name in Size.__annotations__ and value}
    size = replace(SHORT if options.short else Size(), **given)
    if options.scenarios[:1] == ["mutants"]:
        return int(not mutants.run(lambda line: print(line, flush=True), options.seed, options.scenarios[1:]))
    if options.scenarios == ["machines"]:
        return run_machines(size, options.seed)
    print(f"\n{HEAD}", flush=True)
    failed = False
    for name in options.scenarios or list(ALL):
        with World(seed=options.seed) as world:
            books = ALL[name](world, size)
        print(books.line(), flush=True)
        failed = failed or bool(books.failures)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
