"""Checks of single values: hard rules refuse, soft rules ask for a reason once.  Pure; no input or output here."""
