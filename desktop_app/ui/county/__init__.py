"""The pages of a desk that collects and reviews."""
