    -- A review is due: on the day, after three days and after a week. Starting it ends the reminder of that day.
    SELECT 'review_due', '{review_due}'::text[], person.user_id, NULL::bigint, NULL::bigint, NULL::bigint, review.id, NULL::bigint,
           review.due_on, coalesce(review.started_at, person.plan_created_at), %(review_due)s::int[], false
    FROM person
    JOIN reviews_review AS review ON review.plan_id = person.plan_id
    WHERE review.finished_at IS NULL AND review.due_on <= %(last_day)s::date
