"""Rules of the database: what belongs to a finished review does not change any more; each plan has its schedule."""

import pgtrigger

from careerplan.core.triggers import refuse

FROZEN = "a finished review does not change"


def keep_finished_review() -> pgtrigger.Trigger:
    """An UPDATE of a finished review is refused."""
    return pgtrigger.Trigger(
        name="review_frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.finished_at IS NOT NULL AND OLD.* IS DISTINCT FROM NEW.*"),
        func=refuse("reviews_review_frozen", FROZEN),
    )


def keep_reviewed_goals() -> list[pgtrigger.Trigger]:
    """What a finished review says of a goal is neither written nor removed alone.

    The exceptions: the goal or the reading may be deleted (the foreign key is set to null), the words stay; and the
    whole review may go with its plan.
    """
    rule = "reviews_reviewgoal_frozen"
    free = "'{goal_id,reading_id}'::text[]"
    return [
        pgtrigger.Trigger(
            name="reviewgoal_frozen",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            declare=[("finished", "timestamptz")],
            func=(
                "SELECT finished_at INTO finished FROM reviews_review WHERE id = NEW.review_id FOR SHARE;"
                " IF finished IS NOT NULL THEN"
                " IF TG_OP = 'UPDATE' THEN"
                f" IF (to_jsonb(NEW) - {free}) IS NOT DISTINCT FROM (to_jsonb(OLD) - {free})"
                " AND (NEW.goal_id IS NULL OR NEW.goal_id IS NOT DISTINCT FROM OLD.goal_id)"
                " AND (NEW.reading_id IS NULL OR NEW.reading_id IS NOT DISTINCT FROM OLD.reading_id)"
                " THEN RETURN NEW; END IF; END IF; " + refuse(rule, FROZEN) + " END IF; RETURN NEW;"
            ),
        ),
        pgtrigger.Trigger(
            name="reviewgoal_stays",
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            timing=pgtrigger.Deferred,
            func=(
                "IF EXISTS (SELECT 1 FROM reviews_review WHERE id = OLD.review_id AND finished_at IS NOT NULL) THEN "
                + refuse(rule, FROZEN)
                + " END IF; RETURN NULL;"
            ),
        ),
    ]


def create_schedule_with_plan() -> pgtrigger.Trigger:
    """Every new plan gets a schedule, so that what is due can be found through an index, without a look at all plans.

    As often as the person reviewed their plan before, else every three months; from the plan's start.
    """
    return pgtrigger.Trigger(
        name="plan_schedule",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        declare=[("how_often", "text")],
        func=(
            "SELECT r.cadence INTO how_often FROM reviews_reviewschedule r JOIN plans_plan p ON p.id = r.plan_id"
            " WHERE p.user_id = NEW.user_id ORDER BY p.id DESC LIMIT 1;"
            " how_often := coalesce(how_often, 'quarterly');"
            " INSERT INTO reviews_reviewschedule (plan_id, cadence, anchor_on, next_on)"
            " VALUES (NEW.id, how_often, NEW.started_on, NEW.started_on + CASE how_often"
            " WHEN 'weekly' THEN interval '7 days' WHEN 'monthly' THEN interval '1 month'"
            " WHEN 'quarterly' THEN interval '3 months' WHEN 'half_yearly' THEN interval '6 months'"
            " WHEN 'yearly' THEN interval '1 year' END)"
            " ON CONFLICT DO NOTHING; RETURN NULL;"
        ),
    )
