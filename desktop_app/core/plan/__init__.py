"""The plan of the year: reading it, checking it, and importing one from a notice."""
