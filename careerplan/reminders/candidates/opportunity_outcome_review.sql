    -- Was a decision right? Once, 90 days after it. If it was imported later than that, only in the app.
    SELECT 'opportunity_outcome_review', '{opportunity_outcome_review}'::text[], person.user_id, NULL::bigint, NULL::bigint,
           NULL::bigint, NULL::bigint, chance.id, timezone(person.database_zone, chance.decided_at)::date,
           person.plan_came_at, %(opportunity_outcome_review)s::int[], false
    FROM person
    JOIN opportunities_opportunity AS chance ON chance.plan_id = person.plan_id
    WHERE chance.decided_at < %(last_day)s::date - 88 AND chance.outcome_reviewed_at IS NULL
