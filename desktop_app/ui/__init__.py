"""The screens.  Qt lives only below this package."""
