    -- A step is done and not rated: once, two days after.
    SELECT 'step_unrated', '{step_unrated}'::text[], person.user_id, person.day, goal.id, step.id, NULL::bigint, NULL::bigint, NULL::bigint,
           (timezone('UTC', step.done_at) + person.utc_offsets[width_bucket(step.done_at, person.changed_at)])::date,
           person.plan_created_at, %(step_unrated)s::int[], true
    FROM person
    JOIN goals_goal AS goal ON goal.plan_id = person.plan_id
    JOIN goals_actionstep AS step ON step.goal_id = goal.id
    WHERE step.state = 'done'
      AND NOT EXISTS (SELECT 1 FROM goals_evaluation AS evaluation WHERE evaluation.step_id = step.id)
