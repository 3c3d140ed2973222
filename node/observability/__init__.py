"""What a node says of itself: log lines, figures, counts, and the steps of each activity."""
