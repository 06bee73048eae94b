"""A whole sample city, made by the same operations people use: keys, packages, merges, reviews."""

from desktop_app.core.operations.demo.city import PASSPHRASE, MadeCity, make_city

__all__ = ["PASSPHRASE", "MadeCity", "make_city"]
