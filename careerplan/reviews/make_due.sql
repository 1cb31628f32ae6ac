-- Creates the due review of every plan that has none yet. It is one statement and so atomic; running it again, or
-- twice at once, creates nothing twice. After three missed dates there is one review, with the last date. An open
-- review gets the new date instead of a second review. It reads only due schedules, through the index
-- reviews_schedule_next.
WITH clock AS (  -- today's date in each zone, computed by the caller from the IANA data
    SELECT * FROM unnest(%(zones)s::text[], %(days)s::date[]) AS c (zone, day)
),
span AS (
    SELECT * FROM unnest(%(cadences)s::text[], %(months)s::int[], %(span_days)s::int[]) AS s (cadence, months, days)
),
passed AS (
    SELECT schedule.id, schedule.plan_id, plan.state, schedule.anchor_on, span.months, span.days, last.number,
           (schedule.anchor_on + make_interval(months => last.number * span.months, days => last.number * span.days))::date
               AS due_on
    FROM reviews_reviewschedule AS schedule
    JOIN plans_plan AS plan ON plan.id = schedule.plan_id
    JOIN accounts_user AS person ON person.id = plan.user_id
    -- a zone that the IANA data do not know counts as UTC, as in core/dates.py
    JOIN clock ON clock.zone
        = CASE WHEN person.time_zone = ANY (%(zones)s::text[]) THEN person.time_zone ELSE 'UTC' END
    JOIN span ON span.cadence = schedule.cadence
    -- Counted from the anchor, never from the last date: the months between, minus one if the day has not come yet.
    CROSS JOIN LATERAL (
        SELECT CASE WHEN span.days > 0 THEN (clock.day - schedule.anchor_on) / span.days
               ELSE ((extract(year FROM clock.day) - extract(year FROM schedule.anchor_on)) * 12
                     + extract(month FROM clock.day) - extract(month FROM schedule.anchor_on))::int / span.months END AS most
    ) AS guess
    CROSS JOIN LATERAL (
        SELECT guess.most - (
            (schedule.anchor_on + make_interval(months => guess.most * span.months, days => guess.most * span.days))::date
            > clock.day)::int AS number
    ) AS last
    WHERE schedule.next_on <= %(last_day)s AND schedule.next_on <= clock.day
    ORDER BY schedule.next_on, schedule.id
    LIMIT %(limit)s
    FOR UPDATE OF schedule SKIP LOCKED
),
moved AS (
    UPDATE reviews_review AS review SET due_on = passed.due_on
    FROM passed WHERE review.plan_id = passed.plan_id AND review.finished_at IS NULL AND review.due_on < passed.due_on
    RETURNING review.plan_id
),
made AS (  -- an archived plan, or one without open goals, skips this date
    INSERT INTO reviews_review (plan_id, due_on, made_at, went_well, obstacles, next)
    SELECT passed.plan_id, passed.due_on, %(now)s, '', '', ''
    FROM passed
    WHERE passed.state = 'active'
      AND EXISTS (SELECT 1 FROM goals_goal AS goal WHERE goal.plan_id = passed.plan_id AND goal.state = 'active')
      AND NOT EXISTS (
          SELECT 1 FROM reviews_review AS review
          WHERE review.plan_id = passed.plan_id AND (review.finished_at IS NULL OR review.due_on >= passed.due_on)
      )
    ON CONFLICT DO NOTHING
    RETURNING plan_id
),
advanced AS (
    UPDATE reviews_reviewschedule AS schedule SET next_on = (
        passed.anchor_on + make_interval(
            months => (passed.number + 1) * passed.months, days => (passed.number + 1) * passed.days))::date
    FROM passed WHERE schedule.id = passed.id
    RETURNING schedule.id
)
SELECT (SELECT count(*) FROM made), (SELECT count(*) FROM advanced)
