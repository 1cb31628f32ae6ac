    -- An assessment was started and not finished: once, three days after its last change.
    SELECT 'assessment_abandoned', '{assessment_abandoned}'::text[], person.user_id, person.day, NULL::bigint, NULL::bigint, draft.id, NULL::bigint, NULL::bigint,
           (timezone('UTC', changed.at) + person.utc_offsets[width_bucket(changed.at, person.changed_at)])::date,
           NULL::timestamptz,
           %(assessment_abandoned)s::int[], true
    FROM person
    JOIN skills_assessment AS draft ON draft.user_id = person.user_id
    CROSS JOIN LATERAL (SELECT coalesce(draft.saved_at, draft.started_at) AS at) AS changed
    WHERE draft.finished_at IS NULL
