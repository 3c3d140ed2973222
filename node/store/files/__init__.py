"""Media, uploads and emoji."""
