-- The reminders of a few digests, which of them are still valid and wanted, and the recipient of each: a row a reminder.
-- Read right before sending. No row for people we cannot write to.
WITH claimed AS MATERIALIZED (  -- first of all: everything else is found from here by key
    SELECT id, user_id, local_date, made_at, asks_for_feedback FROM reminders_digest WHERE id = ANY (%(digests)s)
), digest AS MATERIALIZED (  -- what is of the person once, and not again for each reminder
    SELECT claimed.id, claimed.user_id, claimed.local_date, address.email, person.time_zone,
           coalesce(preferences.hour, %(default_hour)s) AS hour, refused.id IS NOT NULL AS was_refused,
           coalesce(preferences.muted_kinds, '{}') AS muted_kinds, pause.id IS NOT NULL AS is_paused,
           -- no question to someone who was active after the digest was created
           claimed.asks_for_feedback AND coalesce(activity.seen_at, person.date_joined) < claimed.made_at
               AS asks_for_feedback,
           (  -- the email before this one; a traveller's may have a later date
               SELECT max(other.sent_at) FROM reminders_digest AS other WHERE other.user_id = claimed.user_id
                 AND other.local_date BETWEEN claimed.local_date - 2 AND claimed.local_date + 2
           ) AS last_sent_at,
           -- no email may come tomorrow, except about what is near: the maximum is reached, or a pause starts
           week.mails >= CASE WHEN silence.mails + 1 >= %(unanswered)s THEN 1
                              ELSE coalesce(preferences.weekly_maximum, %(week)s) END
           OR EXISTS (
               SELECT 1 FROM plans_pause AS coming WHERE coming.plan_id = active.id
                 AND coming.starts_on BETWEEN claimed.local_date + 1 AND claimed.local_date + %(week)s
           ) AS is_before_gap
    FROM claimed
    JOIN accounts_user AS person
        ON person.id = claimed.user_id AND person.is_active AND person.deletion_due_at IS NULL
    JOIN account_emailaddress AS address
        ON address.user_id = person.id AND address."primary" AND address.verified
    LEFT JOIN reminders_refusedaddress AS refused
        ON refused.user_id = person.id AND refused.address = address.email
    LEFT JOIN reminders_preferences AS preferences ON preferences.user_id = person.id
    LEFT JOIN reminders_useractivity AS activity ON activity.user_id = person.id
    LEFT JOIN plans_plan AS active ON active.user_id = person.id AND active.state = 'active'
    LEFT JOIN plans_pause AS pause  -- it may be newer than the digest
        ON pause.plan_id = active.id AND claimed.local_date BETWEEN pause.starts_on AND pause.ends_on
    CROSS JOIN LATERAL (
        SELECT count(*) AS mails FROM reminders_digest AS made
        WHERE made.user_id = claimed.user_id AND made.local_date > claimed.local_date + 1 - %(week)s
          AND made.local_date <= claimed.local_date AND made.state NOT IN ('dropped', 'failed')
    ) AS week
    CROSS JOIN LATERAL (
        SELECT count(*) AS mails FROM reminders_digest AS unanswered
        WHERE unanswered.user_id = claimed.user_id AND unanswered.state = 'sent'
          AND unanswered.sent_at > coalesce(activity.seen_at, person.date_joined)
    ) AS silence
    WHERE refused.stopped_at IS NULL
)
-- Texts have no longest length: the plan of this is kept, and a migration may change that of a column.
SELECT digest.id, digest.email::text, digest.time_zone::text, digest.hour, digest.was_refused,
       coalesce(plan.title, reviewed_plan.title, opportunity_plan.title)::text,
       reminder.id, reminder.kind::text, reminder.goal_id, reminder.step_id, reminder.assessment_id, reminder.review_id,
       reminder.opportunity_id, reminder.due_on, reminder.lead_days,
       coalesce(step.title, '')::text, coalesce(goal.title, '')::text, coalesce(goal.stop_condition, '')::text,
       coalesce(opportunity.title, '')::text, coalesce(opportunity.organisation, '')::text,
       coalesce(
           coalesce(plan.user_id, assessment.user_id, reviewed_plan.user_id, opportunity_plan.user_id) = digest.user_id
           AND NOT reminder.kind = ANY (digest.muted_kinds)
           AND NOT coalesce(goal_reminders.is_muted, false)
           AND NOT digest.is_paused
           AND (
/*is_valid*/
           ),
           false
       ) AS is_valid,
       digest.asks_for_feedback, digest.last_sent_at,
       -- the person's own if-then plan: of the step, or else of its goal
       coalesce(nullif(step.obstacle, ''), goal.obstacle, '')::text,
       coalesce(CASE WHEN step.obstacle <> '' THEN step.obstacle_plan ELSE goal.obstacle_plan END, '')::text,
       digest.is_before_gap
FROM digest
LEFT JOIN reminders_reminder AS reminder ON reminder.digest_id = digest.id AND reminder.user_id = digest.user_id
LEFT JOIN goals_goal AS goal ON goal.id = reminder.goal_id
LEFT JOIN reminders_goalreminders AS goal_reminders ON goal_reminders.goal_id = goal.id
LEFT JOIN plans_plan AS plan ON plan.id = goal.plan_id
LEFT JOIN goals_actionstep AS step ON step.id = reminder.step_id
LEFT JOIN skills_assessment AS assessment ON assessment.id = reminder.assessment_id
LEFT JOIN reviews_review AS review ON review.id = reminder.review_id
LEFT JOIN plans_plan AS reviewed_plan ON reviewed_plan.id = review.plan_id
LEFT JOIN opportunities_opportunity AS opportunity ON opportunity.id = reminder.opportunity_id
LEFT JOIN plans_plan AS opportunity_plan ON opportunity_plan.id = opportunity.plan_id
ORDER BY digest.id, reminder.id
