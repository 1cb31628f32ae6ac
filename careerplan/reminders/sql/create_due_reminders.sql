-- Creates the reminders that are due now and were not created before: notifications in the app, and one digest for each
-- person and local day with its reminders. One statement, so it is atomic; running it again, or twice at once, creates
-- nothing twice (the unique constraints decide). It asks what is due by now, never what became due in some window: after
-- an outage of days nothing is lost, and of several past dates of a series only the last one gets a reminder.
--
-- It runs for some people at a time (services.py).
--
-- What is due is in due.sql, which forecast.sql shares. services.py puts it in.
WITH /*due*/,
mailed AS (
    SELECT user_id, day, min(day_began_at) AS day_began_at, min(weekly_maximum) AS weekly_maximum,
           min(seen_at) AS seen_at,
           bool_or(kind = ANY (%(dated_kinds)s) AND due_on - day BETWEEN 0 AND %(urgent_days)s) AS is_urgent
    FROM due WHERE channel = 'mail' GROUP BY user_id, day
),
within_budget AS (  -- what is over the budget is due again when a mail may go out, and is in that one
    SELECT mailed.user_id, mailed.day, occurrence.number AS occurrence,
           silence.mails = %(unanswered)s AS asks_for_feedback
    FROM mailed
    CROSS JOIN LATERAL (  -- beyond the date line a day comes again: its first mail went out before it began here
        SELECT 1 + count(*) AS number FROM reminders_digest AS first
        WHERE first.user_id = mailed.user_id AND first.local_date = mailed.day
          AND first.sent_at < mailed.day_began_at AND first.sent_at > mailed.day_began_at - %(longest_day)s
    ) AS occurrence
    CROSS JOIN LATERAL (
        SELECT count(*) AS mails FROM reminders_digest AS unanswered
        WHERE unanswered.user_id = mailed.user_id AND unanswered.state = 'sent'
          AND unanswered.sent_at > mailed.seen_at
    ) AS silence
    WHERE mailed.is_urgent OR (
        SELECT count(*) FROM reminders_digest AS made
        WHERE made.user_id = mailed.user_id AND made.local_date > mailed.day - %(week)s
          AND (made.local_date < mailed.day OR made.local_date = mailed.day AND made.occurrence < occurrence.number)
          AND made.state NOT IN ('dropped', 'failed')
    ) < CASE WHEN silence.mails >= %(unanswered)s THEN 1 ELSE mailed.weekly_maximum END
),
digest AS (  -- today's, new or not sent yet; no row for people who had today's mail: theirs waits for tomorrow
    INSERT INTO reminders_digest
        (user_id, local_date, occurrence, state, key, made_at, not_before, attempts, subject, asks_for_feedback)
    SELECT user_id, day, occurrence, 'pending', gen_random_uuid(), %(now)s::timestamptz, %(now)s::timestamptz, 0, '',
           asks_for_feedback
    FROM within_budget
    ORDER BY user_id
    ON CONFLICT (user_id, local_date, occurrence) DO UPDATE SET made_at = reminders_digest.made_at
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
