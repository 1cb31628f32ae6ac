    -- An open step is due soon, as in candidates/step_due.sql. One that repeats is due on the last of its days that will
    -- have come, because the ones before are missed (goals/queries/coming_times.py).
    SELECT 'step_due', '{step_due,overdue}'::text[], person.user_id, person.day, goal.id, step.id, NULL::bigint, NULL::bigint, NULL::bigint,
           coalesce(coming.due_on, step.due_on), step.due_set_at,
           CASE WHEN step.repeats <> '' AND person.step_leads <> '{}' THEN '{0}' ELSE person.step_leads END::int[], false
    FROM person
    JOIN goals_goal AS goal ON goal.plan_id = person.plan_id AND goal.state = 'active'
    JOIN goals_actionstep AS step ON step.goal_id = goal.id
    LEFT JOIN unnest(%(coming_steps)s::bigint[], %(coming_on)s::date[], %(coming_due_ons)s::date[])
        AS coming (step_id, day, due_on) ON coming.step_id = step.id AND coming.day = person.day
    WHERE step.state IN ('to_do', 'in_progress') AND step.due_on <= %(last_day)s::date + %(longest_lead)s
