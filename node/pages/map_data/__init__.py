"""The outlines our map is drawn from, and how they were made."""
