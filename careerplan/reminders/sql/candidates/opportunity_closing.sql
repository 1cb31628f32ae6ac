    -- An open opportunity closes soon: at the lead times of the person. No reminder after its closing date.
    SELECT 'opportunity_closing', '{opportunity_closing}'::text[], person.user_id, person.day, NULL::bigint, NULL::bigint,
           NULL::bigint, NULL::bigint, opportunity.id, opportunity.closes_on, opportunity.closes_set_at,
           person.opportunity_leads::int[], false
    FROM person
    JOIN opportunities_opportunity AS opportunity ON opportunity.plan_id = person.plan_id
    WHERE opportunity.state IN ('considering', 'pursuing') AND opportunity.closes_on <= %(last_day)s::date + %(longest_lead)s
      AND opportunity.closes_on >= person.day AND opportunity.closes_on >= %(first_day)s::date
