"""民生实事台账 (taizhang): signed monthly ledgers for a city's livelihood tasks."""

__version__ = "1.0.0"
