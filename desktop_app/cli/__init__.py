"""The command line: one subcommand per operation, nothing that only forwards."""
