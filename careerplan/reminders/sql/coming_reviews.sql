    -- For the forecast: the review that will be open on each day; without id where it does not exist yet.
    SELECT person.user_id, person.day, coming.id, coming.due_on, coming.started_at
    FROM person
    JOIN unnest(
        %(review_days)s::date[], %(review_ids)s::bigint[], %(review_due_ons)s::date[], %(review_starts)s::timestamptz[]
    ) AS coming (day, id, due_on, started_at) USING (day)
