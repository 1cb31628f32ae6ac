-- What of a few claimed digests is still so, and to whom each may go: read right before sending, a row a reminder.
-- No row comes back for who cannot be written to (any more), and no reminder for a digest in which nothing is left.
SELECT digest.id, address.email, person.time_zone, coalesce(wish.hour, %(default_hour)s),
       refused.id IS NOT NULL, plan.title, reminder.id, reminder.kind, reminder.goal_id, reminder.step_id,
       reminder.due_on, coalesce(step.title, goal.title), goal.title,
       coalesce(
           goal.state = 'active' AND plan.state = 'active' AND plan.user_id = digest.user_id
           AND (reminder.step_id IS NULL OR step.state IN ('to_do', 'in_progress'))
           AND coalesce(step.due_on, goal.due_on) = reminder.due_on
           AND NOT reminder.kind = ANY (coalesce(wish.muted_kinds, '{}')),
           false
       )
FROM reminders_digest AS digest
JOIN accounts_user AS person ON person.id = digest.user_id AND person.is_active
JOIN account_emailaddress AS address
    ON address.user_id = person.id AND address."primary" AND address.verified
LEFT JOIN reminders_refusedaddress AS refused
    ON refused.user_id = person.id AND refused.address = address.email
LEFT JOIN reminders_preferences AS wish ON wish.user_id = person.id
LEFT JOIN reminders_reminder AS reminder ON reminder.digest_id = digest.id AND reminder.user_id = digest.user_id
LEFT JOIN goals_goal AS goal ON goal.id = reminder.goal_id
LEFT JOIN plans_plan AS plan ON plan.id = goal.plan_id
LEFT JOIN goals_actionstep AS step ON step.id = reminder.step_id
WHERE digest.id = ANY (%(digests)s) AND refused.stopped_at IS NULL
ORDER BY digest.id, reminder.due_on, reminder.goal_id, reminder.step_id, reminder.lead_days
