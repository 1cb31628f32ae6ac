"""The dates of a plan as a calendar: a private feed to subscribe to, and a file to download once."""
