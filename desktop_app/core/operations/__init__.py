"""The verbs: what a person can do, joined from the parts below and shared by command line and screens."""
