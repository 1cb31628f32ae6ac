"""How often people are matched with their own occupation, by simulation (run.py)."""
