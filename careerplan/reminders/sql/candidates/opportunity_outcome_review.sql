    -- Ninety days after a decision: was it right? Once a decision. After a later import only Today asks.
    SELECT 'opportunity_outcome_review', '{opportunity_outcome_review}'::text[], person.user_id, person.day, NULL::bigint, NULL::bigint,
           NULL::bigint, NULL::bigint, opportunity.id,
           (timezone('UTC', opportunity.decided_at)
            + person.utc_offsets[width_bucket(opportunity.decided_at, person.changed_at)])::date,
           person.plan_created_at, %(opportunity_outcome_review)s::int[], false
    FROM person
    JOIN opportunities_opportunity AS opportunity ON opportunity.plan_id = person.plan_id
    WHERE opportunity.decided_at < %(last_day)s::date - 88 AND opportunity.outcome_reviewed_at IS NULL
