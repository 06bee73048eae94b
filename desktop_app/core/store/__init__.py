"""The workspace's database and files: the only place that speaks SQL."""
