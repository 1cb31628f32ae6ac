"""What was to be reached."""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Floors:
    """What was to be reached, by name, and the values that were found: one for each seed."""

    values: dict[str, list[float]] = field(default_factory=dict)
    limits: dict[str, tuple[float, bool]] = field(default_factory=dict)

    def at_least(self, what: str, value: float, floor: float) -> None:
        """Note a value that must not be below its floor, in the mean of all seeds."""
        self.values.setdefault(what, []).append(value)
        self.limits[what] = floor, True

    def at_most(self, what: str, value: float, ceiling: float) -> None:
        """Note a value that must not be above its ceiling, in the mean of all seeds."""
        self.values.setdefault(what, []).append(value)
        self.limits[what] = ceiling, False

    def missed(self) -> list[str]:
        """Return what was missed."""
        found = []
        for what, values in self.values.items():
            (limit, is_floor), value = self.limits[what], float(np.mean(values))
            if (value < limit) if is_floor else (value > limit):
                found.append(f"{what}: {value:.1f}, {'at least' if is_floor else 'at most'} {limit:g}")
        return found
