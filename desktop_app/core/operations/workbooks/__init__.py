"""Workbooks that go out to be filled in and come back, and tables of sites: read cell by cell, nothing coerced."""
