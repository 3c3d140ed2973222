"""Back-ups and their trial, the room that is taken, what the doctor found."""
