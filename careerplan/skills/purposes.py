"""What a goal from the results is for, where it is not closing a gap."""

from enum import StrEnum


class GoalPurpose(StrEnum):
    """The value of `purpose` in the address of a new goal, beside `skill`."""

    TEACH = "teach"
    HAND_OVER = "hand-over"
    REFRESH = "refresh"
    PROVE = "prove"


def purpose_of(text: str) -> GoalPurpose | None:
    """Return the purpose in the address of a new goal; None without a known one."""
    return next((purpose for purpose in GoalPurpose if purpose.value == text), None)
