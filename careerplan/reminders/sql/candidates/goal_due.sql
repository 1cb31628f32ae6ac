    -- A goal is due soon: at the lead times of the goal, else of the person.
    SELECT 'goal_due' AS kind, '{goal_due,overdue}'::text[] AS series, person.user_id, person.day,
           goal.id AS goal_id, NULL::bigint AS step_id, NULL::bigint AS assessment_id, NULL::bigint AS review_id,
           NULL::bigint AS opportunity_id,
           goal.due_on, goal.due_set_at AS set_at, coalesce(own.leads, person.goal_leads)::int[] AS leads,
           false AS is_once
    FROM person
    JOIN goals_goal AS goal ON goal.plan_id = person.plan_id
    LEFT JOIN reminders_goalreminders AS own ON own.goal_id = goal.id
    WHERE goal.state = 'active' AND goal.due_on <= %(last_day)s::date + %(longest_lead)s
