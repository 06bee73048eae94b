"""The verbs of a `Desk` (ui/session.py) by the work they belong to."""
