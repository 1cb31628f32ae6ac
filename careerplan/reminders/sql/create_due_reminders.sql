-- Creates the reminders that are due now and were not created before: notifications in the app, and one digest for each
-- person and local day with its reminders. One statement, so it is atomic; running it again, or twice at once, creates
-- nothing twice (the unique constraints decide). It asks what is due by now, never what became due in some window: after
-- an outage of days nothing is lost, and of several past dates of a series only the last one gets a reminder.
--
-- It runs for some people at a time (services.py).
--
-- The files in candidates/ list possible reminders, one file a kind: the date, and the days before it (below zero: after)
-- on which a reminder is due. services.py puts them in.
WITH clock AS (  -- the day whose time of day has come, by zone and hour; worked out by the caller from the IANA data
    SELECT * FROM unnest(
        %(zones)s::text[], %(days)s::date[], %(first_hours)s::int[], %(last_hours)s::int[], %(database_zones)s::text[]
    ) AS c (zone, day, first_hour, last_hour, database_zone)
),
person AS (  -- whose time of day has come and who does not pause, with their preferences
    SELECT person.id AS user_id, plan.id AS plan_id, plan.created_at AS plan_created_at, clock.day,
           clock.database_zone,
           coalesce(preferences.hour, %(default_hour)s) AS hour,
           coalesce(preferences.weekly_maximum, %(week)s) AS weekly_maximum,
           coalesce(preferences.muted_kinds, '{}') AS muted_kinds,
           coalesce(preferences.goal_leads, %(goal_leads)s::smallint[]) AS goal_leads,
           coalesce(preferences.step_leads, %(step_leads)s::smallint[]) AS step_leads,
           coalesce(preferences.opportunity_leads, %(opportunity_leads)s::smallint[]) AS opportunity_leads,
           coalesce(activity.seen_at, person.date_joined) AS seen_at,
           address.id IS NOT NULL AS has_address
    FROM accounts_user AS person
    LEFT JOIN reminders_preferences AS preferences ON preferences.user_id = person.id
    -- a zone that the IANA data do not know (any more) counts as UTC, as in core/dates.py
    JOIN clock ON clock.zone
        = CASE WHEN person.time_zone = ANY (%(zones)s::text[]) THEN person.time_zone ELSE 'UTC' END
        AND coalesce(preferences.hour, %(default_hour)s) BETWEEN clock.first_hour AND clock.last_hour
    LEFT JOIN plans_plan AS plan ON plan.user_id = person.id AND plan.state = 'active'
    LEFT JOIN reminders_useractivity AS activity ON activity.user_id = person.id
    LEFT JOIN account_emailaddress AS address
        ON address.user_id = person.id AND address."primary" AND address.verified
    WHERE person.id = ANY (%(users)s) AND person.is_active AND person.deletion_due_at IS NULL
      AND NOT EXISTS (  -- no reminders on a day of a pause; what became due in it gets one after it
          SELECT 1 FROM plans_pause AS pause
          WHERE pause.plan_id = plan.id AND clock.day BETWEEN pause.starts_on AND pause.ends_on
      )
),
candidate AS (
/*candidates*/
),
reached AS (  -- the last day of each series that has come
    SELECT person.*, candidate.kind, candidate.series, candidate.goal_id, candidate.step_id, candidate.assessment_id,
           candidate.review_id, candidate.opportunity_id, candidate.due_on, candidate.is_once, lead.days,
           coalesce(goal_reminders.is_muted, false) AS is_muted
    FROM candidate
    JOIN person USING (user_id)
    LEFT JOIN reminders_goalreminders AS goal_reminders ON goal_reminders.goal_id = candidate.goal_id
    CROSS JOIN LATERAL (
        SELECT min(days) AS days FROM unnest(candidate.leads) AS l (days) WHERE days >= candidate.due_on - person.day
    ) AS lead
    WHERE lead.days IS NOT NULL
      -- No reminder for a day that had passed when the date was set, by the person's own clock.
      AND (candidate.set_at IS NULL OR timezone(person.database_zone, candidate.set_at)
           < (candidate.due_on - lead.days) + make_interval(hours => person.hour))
),
due AS (  -- by channel, what has no reminder yet; due and overdue are one series, with one reminder for the later
    SELECT DISTINCT ON (reached.user_id, channel.name, reached.goal_id, reached.step_id, reached.assessment_id,
                       reached.review_id, reached.opportunity_id, reached.series)
           reached.*, channel.name AS channel
    FROM reached
    CROSS JOIN (VALUES ('app'), ('mail')) AS channel (name)
    WHERE (channel.name = 'app' OR (reached.has_address AND NOT reached.is_muted AND NOT reached.kind = ANY (reached.muted_kinds)))
      AND NOT EXISTS (
          SELECT 1 FROM reminders_reminder AS sent
          WHERE sent.user_id = reached.user_id AND sent.channel = channel.name AND sent.kind = ANY (reached.series)
            AND sent.goal_id IS NOT DISTINCT FROM reached.goal_id
            AND sent.step_id IS NOT DISTINCT FROM reached.step_id
            AND sent.assessment_id IS NOT DISTINCT FROM reached.assessment_id
            AND sent.review_id IS NOT DISTINCT FROM reached.review_id
            AND sent.opportunity_id IS NOT DISTINCT FROM reached.opportunity_id
            AND CASE
                WHEN reached.is_once THEN true
                WHEN reached.kind = 'goal_without_step' THEN sent.local_date > reached.day - %(week)s
                ELSE sent.due_on = reached.due_on AND sent.lead_days <= reached.days
            END
      )
    ORDER BY reached.user_id, channel.name, reached.goal_id, reached.step_id, reached.assessment_id, reached.review_id,
             reached.opportunity_id, reached.series, reached.days
),
mailed AS (
    SELECT user_id, day, min(weekly_maximum) AS weekly_maximum, min(seen_at) AS seen_at
    FROM due WHERE channel = 'mail' GROUP BY user_id, day
),
within_budget AS (  -- what is over the budget is due again when a mail may go out, and is in that one
    SELECT mailed.user_id, mailed.day, silence.mails = %(unanswered)s AS asks_for_feedback FROM mailed
    CROSS JOIN LATERAL (
        SELECT count(*) AS mails FROM reminders_digest AS unanswered
        WHERE unanswered.user_id = mailed.user_id AND unanswered.state = 'sent'
          AND unanswered.sent_at > mailed.seen_at
    ) AS silence
    WHERE (
        SELECT count(*) FROM reminders_digest AS made
        WHERE made.user_id = mailed.user_id AND made.local_date < mailed.day
          AND made.local_date > mailed.day - %(week)s AND made.state NOT IN ('dropped', 'failed')
    ) < CASE WHEN silence.mails >= %(unanswered)s THEN 1 ELSE mailed.weekly_maximum END
),
digest AS (  -- today's, new or not sent yet; no row for people who had today's mail: theirs waits for tomorrow
    INSERT INTO reminders_digest
        (user_id, local_date, state, key, made_at, not_before, attempts, subject, asks_for_feedback)
    SELECT user_id, day, 'pending', gen_random_uuid(), %(now)s::timestamptz, %(now)s::timestamptz, 0, '', asks_for_feedback
    FROM within_budget
    ORDER BY user_id
    ON CONFLICT (user_id, local_date) DO UPDATE SET made_at = reminders_digest.made_at
        WHERE reminders_digest.state = 'pending' AND reminders_digest.claim_token IS NULL
            -- one that may have arrived is repeated as it was: new reminders might be overlooked in it
            AND reminders_digest.uncertain_attempts = 0
    RETURNING id, user_id
),
created AS (
    INSERT INTO reminders_reminder
        (user_id, channel, digest_id, kind, goal_id, step_id, assessment_id, review_id, opportunity_id, due_on,
         lead_days, local_date)
    SELECT due.user_id, due.channel, digest.id, due.kind, due.goal_id, due.step_id, due.assessment_id,
           due.review_id, due.opportunity_id, due.due_on, due.days, due.day
    FROM due
    LEFT JOIN digest ON digest.user_id = due.user_id AND due.channel = 'mail'
    WHERE due.channel = 'app' OR digest.id IS NOT NULL
    ORDER BY due.user_id
    ON CONFLICT DO NOTHING
    RETURNING channel
)
SELECT count(*) FILTER (WHERE channel = 'mail') FROM created
