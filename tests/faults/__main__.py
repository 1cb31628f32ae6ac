"""`make faults`: every scenario, or those named; a table, and exit code 1 where something did not hold."""

import argparse
import sys
from dataclasses import replace

from tests.faults import mutants
from tests.faults.books import HEAD
from tests.faults.postfix import postfix
from tests.faults.scenarios import SCENARIOS
from tests.faults.size import SHORT, Size
from tests.faults.world import World

ALL = {**SCENARIOS, "postfix": postfix}


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("scenarios", nargs="*", help=f"any of {', '.join(ALL)}; or `mutants`; none: all scenarios")
    parser.add_argument("--short", action="store_true", help="as in `make test`")
    parser.add_argument("--seed", type=int, default=1)
    for name in ("people", "kills", "times", "terminations", "races", "workers"):
        parser.add_argument(f"--{name}", type=int)
    options = parser.parse_args()
    given = {name: value for name, value in vars(options).items() if name in Size.__annotations__ and value}
    size = replace(SHORT if options.short else Size(), **given)
    if options.scenarios[:1] == ["mutants"]:
        return int(not mutants.run(lambda line: print(line, flush=True), options.seed, options.scenarios[1:]))
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
