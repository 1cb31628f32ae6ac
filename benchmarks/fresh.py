"""A process of its own for what is measured in one."""

from collections.abc import Iterator
from contextlib import contextmanager

from careerplan.local.stack import Stack
from tests.stack_process import StackProcess

IS_MEASURED = True  # not where benchmarks are only seen to run: to start a process takes longer than what it does then


@contextmanager
def fresh_process(stack: Stack, inside: StackProcess) -> Iterator[StackProcess]:
    """A process that has done nothing yet; `inside` where nothing is measured."""
    if not IS_MEASURED:
        yield inside
        return
    with StackProcess(stack) as fresh:
        yield fresh
