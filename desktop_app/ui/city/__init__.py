"""The pages of the desk that looks at the whole city."""
