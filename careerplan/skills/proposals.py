"""What the wizard proposes from the ratings; the person decides. Pure functions.

Importance and need of the target join in with the gaps (careerplan.skills, next issue); until then the
level alone speaks.
"""

from careerplan.skills.models import Level, Rating

LOW = Level.BASIC


def propose_verdict(level: int) -> Rating.Verdict:
    """Strength for 4 and 5, weakness for 0 and 1, neither between."""
    if level >= Level.ADVANCED:
        return Rating.Verdict.STRENGTH
    return Rating.Verdict.WEAKNESS if level <= Level.BEGINNER else Rating.Verdict.NEITHER


def is_worth_learning(level: int | None, verdict: str) -> bool:
    """Whether a skill is listed first among those to learn: rated low (0 to 2) or marked as a weakness."""
    return verdict == Rating.Verdict.WEAKNESS or (level is not None and level <= LOW)
