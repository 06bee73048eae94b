"""The typed records everything else speaks in: units, the plan, entries and their bodies.  Pure data, frozen."""
