"""The pages of a desk that reports figures: townships, streets, parks and bureaus."""
