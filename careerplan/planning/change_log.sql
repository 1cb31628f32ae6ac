-- Changes of a plan, newest first: the row of each event, and that of the event before it (NULL for a new row). The
-- ids decide which events are on the page; only then are whole rows read.
WITH step AS (
    SELECT s.id FROM goals_actionstep AS s JOIN goals_goal AS g ON g.id = s.goal_id WHERE g.plan_id = %(plan)s
),
happened AS (
    SELECT 'plan' AS about, e.pgh_id, e.pgh_created_at,
           lag(e.pgh_id) OVER (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_created_at, e.pgh_id) AS before_id
    FROM plans_planevent AS e
    WHERE e.pgh_obj_id = %(plan)s
    UNION ALL
    SELECT 'pause' AS about, e.pgh_id, e.pgh_created_at,
           lag(e.pgh_id) OVER (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_created_at, e.pgh_id) AS before_id
    FROM plans_pauseevent AS e
    WHERE e.pgh_obj_id IN (SELECT id FROM plans_pause WHERE plan_id = %(plan)s)
    UNION ALL
    SELECT 'goal' AS about, e.pgh_id, e.pgh_created_at,
           lag(e.pgh_id) OVER (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_created_at, e.pgh_id) AS before_id
    FROM goals_goalevent AS e
    WHERE e.pgh_obj_id IN (SELECT id FROM goals_goal WHERE plan_id = %(plan)s)
    UNION ALL
    SELECT 'step' AS about, e.pgh_id, e.pgh_created_at,
           lag(e.pgh_id) OVER (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_created_at, e.pgh_id) AS before_id
    FROM goals_actionstepevent AS e
    WHERE e.pgh_obj_id IN (SELECT id FROM step)
    UNION ALL
    SELECT 'resource' AS about, e.pgh_id, e.pgh_created_at,
           lag(e.pgh_id) OVER (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_created_at, e.pgh_id) AS before_id
    FROM goals_resourceevent AS e
    WHERE e.pgh_obj_id IN (SELECT id FROM goals_resource WHERE step_id IN (SELECT id FROM step))
    UNION ALL
    SELECT 'evaluation' AS about, e.pgh_id, e.pgh_created_at,
           lag(e.pgh_id) OVER (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_created_at, e.pgh_id) AS before_id
    FROM goals_evaluationevent AS e
    WHERE e.pgh_obj_id IN (SELECT id FROM goals_evaluation WHERE step_id IN (SELECT id FROM step))
),
page AS (
    SELECT * FROM happened ORDER BY pgh_created_at DESC, about, pgh_id DESC LIMIT %(limit)s OFFSET %(offset)s
)
SELECT about, pgh_created_at,
    (CASE about
        WHEN 'plan' THEN (SELECT to_jsonb(x) FROM plans_planevent AS x WHERE x.pgh_id = page.pgh_id)
        WHEN 'pause' THEN (SELECT to_jsonb(x) FROM plans_pauseevent AS x WHERE x.pgh_id = page.pgh_id)
        WHEN 'goal' THEN (SELECT to_jsonb(x) FROM goals_goalevent AS x WHERE x.pgh_id = page.pgh_id)
        WHEN 'step' THEN (SELECT to_jsonb(x) FROM goals_actionstepevent AS x WHERE x.pgh_id = page.pgh_id)
        WHEN 'resource' THEN (SELECT to_jsonb(x) FROM goals_resourceevent AS x WHERE x.pgh_id = page.pgh_id)
        WHEN 'evaluation' THEN (SELECT to_jsonb(x) FROM goals_evaluationevent AS x WHERE x.pgh_id = page.pgh_id)
    END)::text,
    (CASE about
        WHEN 'plan' THEN (SELECT to_jsonb(x) FROM plans_planevent AS x WHERE x.pgh_id = page.before_id)
        WHEN 'pause' THEN (SELECT to_jsonb(x) FROM plans_pauseevent AS x WHERE x.pgh_id = page.before_id)
        WHEN 'goal' THEN (SELECT to_jsonb(x) FROM goals_goalevent AS x WHERE x.pgh_id = page.before_id)
        WHEN 'step' THEN (SELECT to_jsonb(x) FROM goals_actionstepevent AS x WHERE x.pgh_id = page.before_id)
        WHEN 'resource' THEN (SELECT to_jsonb(x) FROM goals_resourceevent AS x WHERE x.pgh_id = page.before_id)
        WHEN 'evaluation' THEN (SELECT to_jsonb(x) FROM goals_evaluationevent AS x WHERE x.pgh_id = page.before_id)
    END)::text
FROM page ORDER BY pgh_created_at DESC, about, pgh_id DESC
