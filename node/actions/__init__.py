"""What people do here: one file per deed, the same whichever door it came through."""
