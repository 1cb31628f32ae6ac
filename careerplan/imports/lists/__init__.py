"""Import a list of goals and steps from a table, a calendar or another program.

Every file becomes one table (`table.py`, `readers.py`, `programs.py`). Its columns get a use (`columns.py`), and then
its rows are items that a user can choose (`items.py`).
"""
