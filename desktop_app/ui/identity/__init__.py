"""The first start, keys and passphrases."""
