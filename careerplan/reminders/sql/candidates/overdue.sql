    -- A late goal or open step: after one day, then weekly, at most three times.
    SELECT 'overdue', '{goal_due,overdue}'::text[], person.user_id, person.day, goal.id, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint,
           goal.due_on, goal.due_set_at, %(overdue)s::int[], false
    FROM person
    JOIN goals_goal AS goal ON goal.plan_id = person.plan_id
    WHERE goal.state = 'active' AND goal.due_on < %(last_day)s::date
    UNION ALL
    SELECT 'overdue', '{step_due,overdue}'::text[], person.user_id, person.day, goal.id, step.id, NULL::bigint, NULL::bigint, NULL::bigint,
           step.due_on, step.due_set_at, %(overdue)s::int[], false
    FROM person
    JOIN goals_goal AS goal ON goal.plan_id = person.plan_id AND goal.state = 'active'
    JOIN goals_actionstep AS step ON step.goal_id = goal.id
    WHERE step.state IN ('to_do', 'in_progress') AND step.due_on < %(last_day)s::date
      AND step.repeats = ''  -- it has one reminder each time
