    -- A review is due: on the day, after three days and after a week. Starting it ends the reminder of that day.
    SELECT 'review_due', '{review_due}'::text[], person.user_id, person.day, NULL::bigint, NULL::bigint, NULL::bigint, review.id, NULL::bigint,
           review.due_on, coalesce(review.started_at, person.plan_created_at), %(review_due)s::int[], false
    FROM open_review AS review
    JOIN person USING (user_id, day)
