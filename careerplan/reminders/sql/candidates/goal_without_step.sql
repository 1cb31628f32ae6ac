    -- An active goal without an open step that has a day: once a week, from the day after its last step was closed or lost
    -- its day (or the goal was added).
    SELECT 'goal_without_step', '{goal_without_step}'::text[], person.user_id, person.day, goal.id, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint,
           person.day, NULL::timestamptz, %(goal_without_step)s::int[], false
    FROM person
    JOIN goals_goal AS goal ON goal.plan_id = person.plan_id
    WHERE goal.state = 'active'
      AND NOT EXISTS (
          SELECT 1 FROM goals_actionstep AS step
          WHERE step.goal_id = goal.id AND step.state IN ('to_do', 'in_progress')
            AND (step.due_on IS NOT NULL OR step.due_set_at >= person.day_began_at)
      )
      AND goal.created_at < person.day_began_at
      AND NOT EXISTS (
          SELECT 1 FROM goals_actionstep AS step
          WHERE step.goal_id = goal.id AND step.state = 'done'
            AND step.done_at >= person.day_began_at
      )
