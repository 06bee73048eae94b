"""The core knows no screen: nothing below this package imports Qt."""
