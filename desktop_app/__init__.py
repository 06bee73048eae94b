"""民生实事台账 (taizhang): signed monthly ledgers for a city's livelihood tasks."""

__version__ = "0.1.0"
