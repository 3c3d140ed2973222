"""Pictures, sounds, films and papers on their way in: told apart by their bytes, made anew in a process of their own
that has little to lose, and kept under random names. What looks at bytes (`images`, `films`) runs only there."""
