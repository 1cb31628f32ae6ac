"""Open a second opinion, and decide on its differences. Writes of the owner."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from careerplan.second_opinion.models import OpinionDecision, OpinionRating, SecondOpinion
from careerplan.second_opinion.services.asking import lock_of_owner
from careerplan.skills.models import Assessment, Rating

Choice = OpinionDecision.Choice


@transaction.atomic
def open_opinion(*, opinion: SecondOpinion, now: datetime) -> SecondOpinion:
    """Open what the mentor sent: from now on neither side changes. Idempotent; nothing for what is not sent.

    The owner's levels are those of the newest finished assessment.
    """
    lock_of_owner(opinion.mentorship)
    current = SecondOpinion.objects.select_for_update().get(pk=opinion.pk)
    if current.is_opened or not current.is_sent:
        return current
    current.opened_at = now
    current.save(update_fields=["opened_at"])
    own = own_levels(opinion.mentorship.owner_id, at=now)
    ratings = OpinionRating.objects.visible().filter(asked__opinion=current, level__isnull=False)
    OpinionDecision.objects.bulk_create(
        OpinionDecision(rating=rating, own_level=own[rating.asked.skill_id])
        for rating in ratings.select_related("asked")
        if own.get(rating.asked.skill_id, rating.level) != rating.level
    )
    return current


def own_levels(owner_id: int, *, at: datetime) -> dict[int, int]:
    """Return the levels (0 to 5, by skill id) of the newest assessment that somebody had finished then. One query."""
    newest = Assessment.objects.finished().filter(user=owner_id, finished_at__lte=at).values("pk")[:1]
    rated = Rating.objects.filter(assessment__in=newest, level__isnull=False)
    return {pk: level for pk, level in rated.values_list("skill_id", "level") if level is not None}


@transaction.atomic
def decide_differences(
    *, opinion: SecondOpinion, choices: Mapping[int, str], shown: Collection[int], now: datetime
) -> int:
    """Save what the owner chose for each difference (by id of its decision; "" for later), and which the mentor sees.

    Return how many have a level now. Raises ValueError for a choice that is not offered.
    """
    lock_of_owner(opinion.mentorship)
    rows = OpinionDecision.objects.filter(rating__asked__opinion=opinion).select_related("rating")
    settled = 0
    for row in rows.select_for_update(of=("self",)):
        choice = choices.get(row.pk, row.choice)
        if choice != row.choice:
            row.choice, row.level = choice, level_of_choice(row, choice)
            row.decided_at = now if choice else None
        if (row.pk in shown) != (row.shown_at is not None):
            row.shown_at = now if row.pk in shown else None
        row.save()
        settled += bool(row.choice)
    return settled


def level_of_choice(row: OpinionDecision, choice: str) -> int | None:
    """Return the level that a choice means. Raises ValueError where it is not offered."""
    theirs = row.rating.level
    if theirs is None:
        raise ValueError("there is no level to choose")
    if choice == Choice.MIDDLE and abs(theirs - row.own_level) < 2:
        raise ValueError("there is no level between both")
    levels: dict[str, int | None] = {
        "": None,
        Choice.MINE: row.own_level,
        Choice.MIDDLE: (row.own_level + theirs) // 2,
        Choice.THEIRS: theirs,
    }
    if choice not in levels:
        raise ValueError(f"no such choice: {choice!r}")
    return levels[choice]
