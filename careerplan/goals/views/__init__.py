"""Pages of goals and steps, a file per subject."""
