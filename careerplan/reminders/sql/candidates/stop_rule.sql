    -- A stop rule: on its day, until it is answered.
    SELECT 'stop_rule', '{stop_rule}'::text[], person.user_id, person.day, goal.id, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint,
           goal.stop_on, person.plan_created_at, %(stop_rule)s::int[], false
    FROM person
    JOIN goals_goal AS goal ON goal.plan_id = person.plan_id
    WHERE goal.state = 'active' AND goal.stop_on <= %(last_day)s::date AND goal.stop_answered_at IS NULL
