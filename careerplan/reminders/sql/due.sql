-- What is due and has no reminder yet, by person, day and channel: common table expressions that create_due_reminders.sql
-- and forecast.sql begin with. Creating asks for one day a person, the forecast for several of one person.
--
-- The files in candidates/ list possible reminders, one file a kind: the date, and the days before it (below zero: after)
-- on which a reminder is due. services.py puts them in.
--
-- All that a time zone decides comes from the caller, by the tzdata package: PostgreSQL has a copy of its own, which may
-- be of another year (docs/adr/0033). The local time of a moment is the moment in UTC plus the offset of the last change
-- before it: utc_offsets[width_bucket(moment, changed_at)].
clock AS MATERIALIZED (  -- the day whose time of day has come, by zone and hour, and when that day began
    SELECT zone, day, day_began_at, first_hour, last_hour, changed_at::timestamptz[], utc_offsets::interval[]
    FROM unnest(
        %(zones)s::text[], %(days)s::date[], %(days_began_at)s::timestamptz[], %(first_hours)s::int[],
        %(last_hours)s::int[], %(changed_at)s::text[], %(utc_offsets)s::text[]
    ) AS c (zone, day, day_began_at, first_hour, last_hour, changed_at, utc_offsets)
),
person AS (  -- whose time of day has come and who does not pause, with their preferences
    SELECT person.id AS user_id, plan.id AS plan_id, plan.created_at AS plan_created_at, clock.day,
           clock.day_began_at, clock.changed_at, clock.utc_offsets,
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
    JOIN clock ON clock.zone = person.time_zone
        AND coalesce(preferences.hour, %(default_hour)s) BETWEEN clock.first_hour AND clock.last_hour
    LEFT JOIN plans_plan AS plan ON plan.user_id = person.id AND plan.state = 'active'
    LEFT JOIN reminders_useractivity AS activity ON activity.user_id = person.id
    LEFT JOIN account_emailaddress AS address
        ON address.user_id = person.id AND address."primary" AND address.verified
    WHERE person.id = ANY (%(users)s) AND person.is_active AND person.deletion_due_at IS NULL
      AND (%(in_pauses)s OR NOT EXISTS (  -- no reminders on a day of a pause; what became due in it gets one after it
          SELECT 1 FROM plans_pause AS pause
          WHERE pause.plan_id = plan.id AND clock.day BETWEEN pause.starts_on AND pause.ends_on
      ))
),
open_review AS (
/*open_reviews*/
),
candidate AS (
/*candidates*/
),
reached AS (  -- the last day of each series that has come
    SELECT person.user_id, person.day, person.day_began_at, person.weekly_maximum, person.muted_kinds, person.seen_at, person.has_address,
           candidate.kind, candidate.series, candidate.goal_id, candidate.step_id, candidate.assessment_id,
           candidate.review_id, candidate.opportunity_id, candidate.due_on, candidate.is_once, lead.days,
           coalesce(goal_reminders.is_muted, false) AS is_muted
    FROM candidate
    JOIN person USING (user_id, day)
    LEFT JOIN reminders_goalreminders AS goal_reminders ON goal_reminders.goal_id = candidate.goal_id
    CROSS JOIN LATERAL (
        SELECT min(days) AS days FROM unnest(candidate.leads) AS l (days) WHERE days >= candidate.due_on - person.day
    ) AS lead
    WHERE lead.days IS NOT NULL
      -- No reminder for a day that had passed when the date was set, by the person's own clock.
      AND (candidate.set_at IS NULL OR timezone('UTC', candidate.set_at)
           + person.utc_offsets[width_bucket(candidate.set_at, person.changed_at)]
           < (candidate.due_on - lead.days) + make_interval(hours => person.hour))
),
due AS (  -- by channel, what has no reminder yet; due and overdue are one series, with one reminder for the later
    SELECT DISTINCT ON (reached.user_id, reached.day, channel.name, reached.goal_id, reached.step_id, reached.assessment_id,
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
            /*still_stored*/
            AND CASE
                WHEN reached.is_once THEN true
                WHEN reached.kind = 'goal_without_step' THEN sent.local_date > reached.day - %(week)s
                ELSE sent.due_on = reached.due_on AND sent.lead_days <= reached.days
            END
      )
    ORDER BY reached.user_id, reached.day, channel.name, reached.goal_id, reached.step_id, reached.assessment_id, reached.review_id,
             reached.opportunity_id, reached.series, reached.days
)
