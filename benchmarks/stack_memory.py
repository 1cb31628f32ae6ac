"""Memory of the idle stack: what each service holds for itself, in MB.

PSS counts a page that several processes share once, in shares; RSS would count it in each of them.
"""

import time

import psutil

from careerplan.local.stack import Stack

SERVICES = ("postgres", "valkey", "mail", "web", "worker", "beat")
MEGABYTE = 1_000_000
QUIET_SECONDS = 5


def memory_of(pid: int) -> tuple[int, float]:
    """How many processes a service is, and their memory in MB (PSS, or RSS where the system has no PSS)."""
    first = psutil.Process(pid)
    family = [first, *first.children(recursive=True)]
    sizes = [getattr(info := process.memory_full_info(), "pss", info.rss) for process in family]
    return len(family), sum(sizes) / MEGABYTE


def measure(stack: Stack) -> None:
    """Wait until it is quiet, then print a row a service."""
    time.sleep(QUIET_SECONDS)
    total = 0.0
    print("\nMemory of the idle stack (PSS)\n")
    print(f"{'service':12}{'processes':>10}{'MB':>8}")
    for name in SERVICES:
        count, size = memory_of(stack.pid(name))
        total += size
        print(f"{name:12}{count:>10}{size:>8.0f}")
    print(f"{'all':12}{'':>10}{total:>8.0f}")
