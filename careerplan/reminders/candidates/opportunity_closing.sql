    -- The closing date of an open opportunity: at the lead times of the user, and not after it.
    SELECT 'opportunity_closing', '{opportunity_closing}'::text[], person.user_id, NULL::bigint, NULL::bigint,
           NULL::bigint, NULL::bigint, chance.id, chance.closes_on, chance.closes_set_at,
           person.opportunity_leads::int[], false
    FROM person
    JOIN opportunities_opportunity AS chance ON chance.plan_id = person.plan_id
    WHERE chance.state IN ('considering', 'pursuing') AND chance.closes_on <= %(last_day)s::date + %(longest_lead)s
      AND chance.closes_on >= person.day AND chance.closes_on >= %(last_day)s::date - 2
