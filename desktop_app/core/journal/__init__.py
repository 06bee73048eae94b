"""Entries as lines, and heads and forks among them.  Pure: no database, no files."""
