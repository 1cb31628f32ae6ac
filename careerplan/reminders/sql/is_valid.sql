-- Whether a reminder is still valid: an expression over `reminder` with its goal, step, plan and assessment,
-- the review with its plan `reviewed_plan`, and the opportunity with its plan `opportunity_plan`.
CASE reminder.kind
    WHEN 'assessment_abandoned' THEN assessment.finished_at IS NULL
    WHEN 'review_due' THEN reviewed_plan.state = 'active' AND review.finished_at IS NULL AND review.due_on = reminder.due_on
    WHEN 'opportunity_closing' THEN opportunity_plan.state = 'active' AND opportunity.state IN ('considering', 'pursuing')
        AND opportunity.closes_on = reminder.due_on
    -- The day of the decision is a local day, which is not at hand here: a new decision is later than it.
    WHEN 'opportunity_outcome_review' THEN opportunity_plan.state = 'active' AND opportunity.outcome_reviewed_at IS NULL
        AND opportunity.decided_at < reminder.due_on + 3
    WHEN 'step_unrated' THEN plan.state = 'active' AND step.state = 'done'
        AND NOT EXISTS (SELECT 1 FROM goals_evaluation AS evaluation WHERE evaluation.step_id = step.id)
    WHEN 'stop_rule' THEN plan.state = 'active' AND goal.state = 'active'
        AND goal.stop_on = reminder.due_on AND goal.stop_answered_at IS NULL
    WHEN 'goal_without_step' THEN plan.state = 'active' AND goal.state = 'active'
        AND NOT EXISTS (
            SELECT 1 FROM goals_actionstep AS other
            WHERE other.goal_id = goal.id AND other.state IN ('to_do', 'in_progress') AND other.due_on IS NOT NULL
        )
    ELSE plan.state = 'active' AND goal.state = 'active'
        AND (step.id IS NULL OR step.state IN ('to_do', 'in_progress'))
        AND CASE WHEN step.id IS NULL THEN goal.due_on ELSE step.due_on END = reminder.due_on
END
