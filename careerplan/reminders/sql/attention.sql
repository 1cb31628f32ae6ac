-- The number of new valid notifications (each target once, as new_notifications.sql lists them), whether we ask for
-- feedback, and the address that mail servers reject.
SELECT least(%(most)s, count(DISTINCT (
           reminder.goal_id, reminder.step_id, reminder.assessment_id, reminder.review_id,
           reminder.opportunity_id,
           CASE WHEN reminder.kind IN ('goal_due', 'step_due', 'overdue') THEN 'due' ELSE reminder.kind END
       ))),
       EXISTS (
           SELECT 1 FROM reminders_useractivity AS activity
           WHERE activity.user_id = %(user)s AND feedback_asked_at IS NOT NULL
       ),
       (
           SELECT refused.address::text FROM reminders_refusedaddress AS refused
           JOIN account_emailaddress AS address
               ON address.user_id = refused.user_id AND address.email = refused.address AND address."primary"
           WHERE refused.user_id = %(user)s AND refused.stopped_at IS NOT NULL
       )
FROM reminders_reminder AS reminder
LEFT JOIN goals_goal AS goal ON goal.id = reminder.goal_id
LEFT JOIN plans_plan AS plan ON plan.id = goal.plan_id
LEFT JOIN goals_actionstep AS step ON step.id = reminder.step_id
LEFT JOIN skills_assessment AS assessment ON assessment.id = reminder.assessment_id
LEFT JOIN reviews_review AS review ON review.id = reminder.review_id
LEFT JOIN plans_plan AS reviewed_plan ON reviewed_plan.id = review.plan_id
LEFT JOIN opportunities_opportunity AS opportunity ON opportunity.id = reminder.opportunity_id
LEFT JOIN plans_plan AS opportunity_plan ON opportunity_plan.id = opportunity.plan_id
WHERE reminder.user_id = %(user)s AND reminder.channel = 'app' AND reminder.seen_at IS NULL AND (
/*is_valid*/
)
