    -- An open step is due soon. One that repeats has one reminder each time, on its day.
    SELECT 'step_due', '{step_due,overdue}'::text[], person.user_id, person.day, goal.id, step.id, NULL::bigint, NULL::bigint, NULL::bigint,
           step.due_on, step.due_set_at,
           CASE WHEN step.repeats <> '' AND person.step_leads <> '{}' THEN '{0}' ELSE person.step_leads END::int[], false
    FROM person
    JOIN goals_goal AS goal ON goal.plan_id = person.plan_id AND goal.state = 'active'
    JOIN goals_actionstep AS step ON step.goal_id = goal.id
    WHERE step.state IN ('to_do', 'in_progress') AND step.due_on <= %(last_day)s::date + %(longest_lead)s
