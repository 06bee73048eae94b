"""Exact arithmetic of the ledger: shares, roll-up, schedule, lights, ranking, numbers.  No input or output here."""
