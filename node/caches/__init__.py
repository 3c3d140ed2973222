"""What was read and made before, for as long as no row of it has changed."""
