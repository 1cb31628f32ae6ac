"""What other apps may want to know. This app knows nothing of them; they listen."""

from django.dispatch import Signal

# Sent inside the transaction that begins a chapter. Arguments: old and new (Plan; the old one is archived already),
# goals (dict[int, Goal]: the copies by the ids of the goals they are copies of), now.
chapter_begun = Signal()
