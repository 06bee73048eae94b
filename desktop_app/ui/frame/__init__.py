"""The frame round every page: top bar, navigation, status bar."""
