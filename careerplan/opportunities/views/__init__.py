"""Pages of opportunities, a file per subject."""
