"""Posts of every kind: their rows, what is told of them, and what people do with them."""
