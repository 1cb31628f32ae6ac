"""What other apps may want to know. This app knows nothing of them; they listen."""

from django.dispatch import Signal

# Sent inside the transaction that changes it. Arguments: user (User), previous (the old IANA name).
time_zone_changed = Signal()
