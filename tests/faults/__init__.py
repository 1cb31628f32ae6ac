"""The fault suite: real workers, beat, PostgreSQL, Valkey and a mail server, and everything that can go wrong.

`make faults` runs every scenario and prints what was measured; `make faults ARGS="kills --people 2000"` one of them.
A shorter, seeded version runs in `make test` (test_short.py). Nothing here imports the application, but for
load.py, which only fills the database.
"""
