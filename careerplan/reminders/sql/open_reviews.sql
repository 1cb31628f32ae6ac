    -- The reviews that are to be started or finished.
    SELECT person.user_id, person.day, review.id, review.due_on, review.started_at
    FROM person
    JOIN reviews_review AS review ON review.plan_id = person.plan_id
    WHERE review.finished_at IS NULL AND review.due_on <= %(last_day)s::date
