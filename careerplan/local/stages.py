"""Says what a start is doing: which stage of how many, and every few seconds that it still runs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from careerplan.local.supervisor import Output

STILL_EVERY_SECONDS = 10.0
WORTH_SAYING_SECONDS = 3.0  # how long a stage took is said from here on


class Stages:
    """The stages of a start, numbered: "[2/6] Creating the tables ..."."""

    def __init__(self, output: Output, total: int, *, still_every: float = STILL_EVERY_SECONDS) -> None:
        self.output, self.total, self.still_every = output, total, still_every
        self.number = 0

    @contextlib.asynccontextmanager
    async def stage(self, words: str) -> AsyncIterator[None]:
        """Say that a stage starts, while it takes long that it still runs, and at its end how long it took."""
        self.number += 1
        self.output.say(f"[{self.number}/{self.total}] {words} ...")
        loop = asyncio.get_running_loop()
        started = loop.time()
        clock = asyncio.create_task(self._tick(started))
        try:
            yield
        finally:
            clock.cancel()
        seconds = loop.time() - started
        if seconds >= WORTH_SAYING_SECONDS:
            self.output.say(f"      done in {seconds:.0f} s")

    async def _tick(self, started: float) -> None:
        while True:
            await asyncio.sleep(self.still_every)
            self.output.say(f"      still working, {asyncio.get_running_loop().time() - started:.0f} s so far")
