"""Workbooks that go out and come back: what a file would change, before it does."""
