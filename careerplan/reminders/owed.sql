-- Makes what is owed now and was not made before: one digest a person and local day, with its reminders.
-- One statement, so it is atomic; running it again, or twice at once, makes nothing twice (the unique
-- constraints decide). It asks what has come due by now, never what came due in some window: a scheduler
-- that was away for days loses nothing, and of several leads that passed meanwhile only the last is told.
WITH clock AS (  -- what day and hour it is in each zone, computed by the caller from the IANA data
    SELECT * FROM unnest(%(zones)s::text[], %(days)s::date[], %(hours)s::int[], %(database_zones)s::text[])
        AS c (zone, day, hour, database_zone)
),
deadline AS (
    SELECT 'goal_due' AS kind, goal.id AS goal_id, NULL::bigint AS step_id, goal.plan_id,
           goal.due_on, goal.due_set_at, %(goal_leads)s::int[] AS leads
    FROM goals_goal AS goal
    WHERE goal.state = 'active' AND goal.due_on <= %(last_day)s::date + %(longest_lead)s
    UNION ALL
    SELECT 'step_due', step.goal_id, step.id, goal.plan_id,
           step.due_on, step.due_set_at, %(step_leads)s::int[]
    FROM goals_actionstep AS step
    JOIN goals_goal AS goal ON goal.id = step.goal_id AND goal.state = 'active'
    WHERE step.state IN ('to_do', 'in_progress') AND step.due_on <= %(last_day)s::date + %(longest_lead)s
),
owed AS (
    SELECT plan.user_id, clock.day, deadline.kind, deadline.goal_id, deadline.step_id, deadline.due_on, lead.days
    FROM deadline
    JOIN plans_plan AS plan ON plan.id = deadline.plan_id AND plan.state = 'active'
    JOIN accounts_user AS person ON person.id = plan.user_id AND person.is_active
    JOIN account_emailaddress AS address
        ON address.user_id = person.id AND address."primary" AND address.verified
    JOIN clock ON clock.zone = person.time_zone
    LEFT JOIN reminders_preferences AS wish ON wish.user_id = person.id
    -- The nearest lead whose day has come; after the due date that is 0 days.
    CROSS JOIN LATERAL (
        SELECT min(days) AS days FROM unnest(deadline.leads) AS l (days)
        WHERE days >= deadline.due_on - clock.day
    ) AS lead
    -- When the date was set, on the person's own clock: a lead that had passed by then is not told.
    CROSS JOIN LATERAL (
        SELECT timezone(clock.database_zone, deadline.due_set_at) AS at
    ) AS date_set
    WHERE lead.days IS NOT NULL
      AND clock.hour >= coalesce(wish.hour, %(default_hour)s)
      AND NOT deadline.kind = ANY (coalesce(wish.muted_kinds, '{}'))
      AND NOT EXISTS (  -- nobody is reminded on a day of their pause; what has come due meanwhile is told after it
          SELECT 1 FROM plans_pause AS pause
          WHERE pause.plan_id = plan.id AND clock.day BETWEEN pause.starts_on AND pause.ends_on
      )
      AND date_set.at < (deadline.due_on - lead.days) + make_interval(hours => coalesce(wish.hour, %(default_hour)s))
      AND NOT EXISTS (
          SELECT 1 FROM reminders_reminder AS told
          WHERE told.goal_id = deadline.goal_id AND told.step_id IS NOT DISTINCT FROM deadline.step_id
            AND told.kind = deadline.kind AND told.due_on = deadline.due_on AND told.lead_days = lead.days
      )
),
digest AS (  -- today's, new or not sent yet; no row comes back for who has had today's mail: theirs is told tomorrow
    INSERT INTO reminders_digest (user_id, local_date, state, key, made_at, not_before, attempts, subject)
    SELECT user_id, day, 'owed', gen_random_uuid(), %(now)s::timestamptz, %(now)s::timestamptz, 0, ''
    FROM (SELECT DISTINCT user_id, day FROM owed) AS person_and_day
    ORDER BY user_id
    ON CONFLICT (user_id, local_date) DO UPDATE SET made_at = reminders_digest.made_at
        WHERE reminders_digest.state = 'owed' AND reminders_digest.claim IS NULL
            -- one that may have arrived is repeated as it was: what is new would be taken for read
            AND reminders_digest.unsure = 0
    RETURNING id, user_id
)
INSERT INTO reminders_reminder (user_id, digest_id, kind, goal_id, step_id, due_on, lead_days)
SELECT owed.user_id, digest.id, owed.kind, owed.goal_id, owed.step_id, owed.due_on, owed.days
FROM owed JOIN digest USING (user_id)
ON CONFLICT DO NOTHING
