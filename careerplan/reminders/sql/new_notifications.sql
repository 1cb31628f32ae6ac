-- The new valid notifications, newest first: of several in one series about one target only the last. attention.sql
-- counts the same.
SELECT id FROM (
    SELECT DISTINCT ON (
               reminder.goal_id, reminder.step_id, reminder.assessment_id, reminder.review_id,
               reminder.opportunity_id,
               CASE WHEN reminder.kind IN ('goal_due', 'step_due', 'overdue') THEN 'due' ELSE reminder.kind END
           )
           reminder.id, reminder.local_date
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
    ORDER BY reminder.goal_id, reminder.step_id, reminder.assessment_id, reminder.review_id,
             reminder.opportunity_id,
             CASE WHEN reminder.kind IN ('goal_due', 'step_due', 'overdue') THEN 'due' ELSE reminder.kind END,
             reminder.local_date DESC, reminder.id DESC
) AS newest
ORDER BY local_date DESC, id DESC
LIMIT %(most)s
