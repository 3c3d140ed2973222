"""What is read one after the other: timelines, lists, search, threads, streams."""
