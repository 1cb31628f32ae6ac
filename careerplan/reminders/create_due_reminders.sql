-- Creates all reminders that are due and do not exist yet: notifications in the app, and one digest per user and local
-- day. It is one statement and so atomic. Running it again, or twice at once, creates nothing twice (unique
-- constraints). It finds everything that is due by now, not within a window, so nothing is lost if the scheduler was
-- down for days. If several dates of a series have passed, only the last counts.
--
-- It runs for a batch of users at a time (services.py).
--
-- Each file in candidates/ finds one kind of reminder, with its date and its lead days (negative: after the date).
-- statements.py inserts them.
WITH clock AS (  -- open delivery windows by zone and hour, computed by the caller from the IANA data
    SELECT * FROM unnest(
        %(zones)s::text[], %(days)s::date[], %(first_hours)s::int[], %(last_hours)s::int[], %(database_zones)s::text[]
    ) AS c (zone, day, first_hour, last_hour, database_zone)
),
person AS (  -- users in an open delivery window without a pause, with their preferences
    SELECT person.id AS user_id, plan.id AS plan_id, plan.created_at AS plan_came_at, clock.day,
           clock.database_zone,
           coalesce(wish.hour, %(default_hour)s) AS hour,
           coalesce(wish.weekly_maximum, %(week)s) AS weekly_maximum,
           coalesce(wish.muted_kinds, '{}') AS muted_kinds,
           coalesce(wish.goal_leads, %(goal_leads)s::smallint[]) AS goal_leads,
           coalesce(wish.step_leads, %(step_leads)s::smallint[]) AS step_leads,
           coalesce(wish.opportunity_leads, %(opportunity_leads)s::smallint[]) AS opportunity_leads,
           coalesce(activity.seen_at, person.date_joined) AS seen_at,
           address.id IS NOT NULL AS has_address
    FROM accounts_user AS person
    LEFT JOIN reminders_preferences AS wish ON wish.user_id = person.id
    -- a zone that the IANA data do not know counts as UTC, as in core/dates.py
    JOIN clock ON clock.zone
        = CASE WHEN person.time_zone = ANY (%(zones)s::text[]) THEN person.time_zone ELSE 'UTC' END
        AND coalesce(wish.hour, %(default_hour)s) BETWEEN clock.first_hour AND clock.last_hour
    LEFT JOIN plans_plan AS plan ON plan.user_id = person.id AND plan.state = 'active'
    LEFT JOIN reminders_useractivity AS activity ON activity.user_id = person.id
    LEFT JOIN account_emailaddress AS address
        ON address.user_id = person.id AND address."primary" AND address.verified
    WHERE person.id = ANY (%(users)s) AND person.is_active AND person.deletion_due_at IS NULL
      AND NOT EXISTS (  -- no reminders during a pause; they follow after it
          SELECT 1 FROM plans_pause AS pause
          WHERE pause.plan_id = plan.id AND clock.day BETWEEN pause.starts_on AND pause.ends_on
      )
),
candidate AS (
/*candidates*/
),
come AS (  -- the last date of each series that has passed
    SELECT person.*, candidate.kind, candidate.series, candidate.goal_id, candidate.step_id, candidate.assessment_id,
           candidate.review_id, candidate.opportunity_id, candidate.due_on, candidate.is_once, lead.days,
           coalesce(of_goal.is_muted, false) AS is_muted
    FROM candidate
    JOIN person USING (user_id)
    LEFT JOIN reminders_goalreminders AS of_goal ON of_goal.goal_id = candidate.goal_id
    CROSS JOIN LATERAL (
        SELECT min(days) AS days FROM unnest(candidate.leads) AS l (days) WHERE days >= candidate.due_on - person.day
    ) AS lead
    WHERE lead.days IS NOT NULL
      -- No reminder for a day that had passed, in the user's time zone, when the date was set.
      AND (candidate.set_at IS NULL OR timezone(person.database_zone, candidate.set_at)
           < (candidate.due_on - lead.days) + make_interval(hours => person.hour))
),
owed AS (  -- what was not sent on each channel; due and late are one series, of which the later counts
    SELECT DISTINCT ON (come.user_id, channel.name, come.goal_id, come.step_id, come.assessment_id,
                       come.review_id, come.opportunity_id, come.series)
           come.*, channel.name AS channel
    FROM come
    CROSS JOIN (VALUES ('app'), ('mail')) AS channel (name)
    WHERE (channel.name = 'app' OR (come.has_address AND NOT come.is_muted AND NOT come.kind = ANY (come.muted_kinds)))
      AND NOT EXISTS (
          SELECT 1 FROM reminders_reminder AS told
          WHERE told.user_id = come.user_id AND told.channel = channel.name AND told.kind = ANY (come.series)
            AND told.goal_id IS NOT DISTINCT FROM come.goal_id
            AND told.step_id IS NOT DISTINCT FROM come.step_id
            AND told.assessment_id IS NOT DISTINCT FROM come.assessment_id
            AND told.review_id IS NOT DISTINCT FROM come.review_id
            AND told.opportunity_id IS NOT DISTINCT FROM come.opportunity_id
            AND CASE
                WHEN come.is_once THEN true
                WHEN come.kind = 'goal_without_step' THEN told.local_date > come.day - %(week)s
                ELSE told.due_on = come.due_on AND told.lead_days <= come.days
            END
      )
    ORDER BY come.user_id, channel.name, come.goal_id, come.step_id, come.assessment_id, come.review_id,
             come.opportunity_id, come.series, come.days
),
mailed AS (
    SELECT user_id, day, min(weekly_maximum) AS weekly_maximum, min(seen_at) AS seen_at
    FROM owed WHERE channel = 'mail' GROUP BY user_id, day
),
within_budget AS (  -- reminders over the weekly limit are in the next email that may be sent
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
digest AS (  -- today's digest, new or not sent yet; no row if today's email was sent, so the reminder follows tomorrow
    INSERT INTO reminders_digest
        (user_id, local_date, state, key, made_at, not_before, attempts, subject, asks_for_feedback)
    SELECT user_id, day, 'owed', gen_random_uuid(), %(now)s::timestamptz, %(now)s::timestamptz, 0, '', asks_for_feedback
    FROM within_budget
    ORDER BY user_id
    ON CONFLICT (user_id, local_date) DO UPDATE SET made_at = reminders_digest.made_at
        WHERE reminders_digest.state = 'owed' AND reminders_digest.claim_token IS NULL
            -- an email that may have arrived is repeated unchanged, because additions would look read
            AND reminders_digest.uncertain_attempts = 0
    RETURNING id, user_id
),
told AS (
    INSERT INTO reminders_reminder
        (user_id, channel, digest_id, kind, goal_id, step_id, assessment_id, review_id, opportunity_id, due_on,
         lead_days, local_date)
    SELECT owed.user_id, owed.channel, digest.id, owed.kind, owed.goal_id, owed.step_id, owed.assessment_id,
           owed.review_id, owed.opportunity_id, owed.due_on, owed.days, owed.day
    FROM owed
    LEFT JOIN digest ON digest.user_id = owed.user_id AND owed.channel = 'mail'
    WHERE owed.channel = 'app' OR digest.id IS NOT NULL
    ORDER BY owed.user_id
    ON CONFLICT DO NOTHING
    RETURNING channel
)
SELECT count(*) FILTER (WHERE channel = 'mail') FROM told
