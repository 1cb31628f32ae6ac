-- What could not be sent on its day goes out with today's mail, at the person's time of day: never two mails a day.
-- The newest unsent digest of an earlier day becomes today's; reminders of older ones move into it. Leaves out digests
-- that are being sent, people who have a digest of today already (theirs waits for tomorrow) and people who pause.
WITH clock AS (
    SELECT * FROM unnest(
        %(zones)s::text[], %(days)s::date[], %(days_began_at)s::timestamptz[], %(first_hours)s::int[],
        %(last_hours)s::int[]
    ) AS c (zone, day, day_began_at, first_hour, last_hour)
),
unsent AS (
    SELECT digest.id, digest.user_id, clock.day, occurrence.number AS occurrence,
           row_number() OVER (PARTITION BY digest.user_id ORDER BY digest.local_date DESC) AS place
    FROM reminders_digest AS digest
    JOIN accounts_user AS person ON person.id = digest.user_id
    LEFT JOIN reminders_preferences AS preferences ON preferences.user_id = person.id
    JOIN clock ON clock.zone = person.time_zone
        AND coalesce(preferences.hour, %(default_hour)s) BETWEEN clock.first_hour AND clock.last_hour
    CROSS JOIN LATERAL (  -- as in create_due_reminders.sql
        SELECT 1 + count(*) AS number FROM reminders_digest AS first
        WHERE first.user_id = digest.user_id AND first.local_date = clock.day
          AND first.sent_at < clock.day_began_at AND first.sent_at > clock.day_began_at - %(longest_day)s
    ) AS occurrence
    WHERE digest.state = 'pending' AND (digest.claim_token IS NULL OR digest.not_before <= %(now)s)
      AND digest.local_date < clock.day /*only*/
      AND NOT EXISTS (
          SELECT 1 FROM reminders_digest AS todays
          WHERE todays.user_id = digest.user_id AND todays.local_date = clock.day
            AND todays.occurrence = occurrence.number
      )
      AND NOT EXISTS (  -- nothing is sent during a pause
          SELECT 1 FROM plans_pause AS pause
          JOIN plans_plan AS plan ON plan.id = pause.plan_id AND plan.state = 'active'
          WHERE plan.user_id = digest.user_id AND clock.day BETWEEN pause.starts_on AND pause.ends_on
      )
),
newest AS (
    UPDATE reminders_digest AS digest SET local_date = unsent.day, occurrence = unsent.occurrence,
        not_before = %(now)s, claim_token = NULL,
        uncertain_attempts = uncertain_attempts + (attempt_started_at IS NOT NULL)::int, attempt_started_at = NULL
    FROM unsent WHERE unsent.id = digest.id AND unsent.place = 1
      AND digest.state = 'pending' AND (digest.claim_token IS NULL OR digest.not_before <= %(now)s)
    RETURNING digest.id, digest.user_id
),
emptied AS (
    UPDATE reminders_digest AS digest SET state = 'dropped', claim_token = NULL, attempt_started_at = NULL
    FROM unsent JOIN newest USING (user_id) WHERE unsent.id = digest.id AND unsent.place > 1 AND digest.state = 'pending'
    RETURNING digest.id, newest.id AS into_id
)
UPDATE reminders_reminder AS reminder SET digest_id = emptied.into_id
FROM emptied WHERE reminder.digest_id = emptied.id
