"""Triggers of the models of reviews."""

import pgtrigger


def create_schedule_with_plan() -> pgtrigger.Trigger:
    """Build a trigger that makes a schedule with each plan, so that due reviews are found through an index.

    Its cadence is that of the person's plan before, or else every three months, counted from the start of the plan.
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
