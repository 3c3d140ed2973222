"""Everyone who can act, here and elsewhere, and how they stand to each other."""
