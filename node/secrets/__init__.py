"""What nobody may guess: passwords, keys in links, and work that a browser proves it did."""
