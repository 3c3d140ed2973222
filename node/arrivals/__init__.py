"""What other servers said, from the moment it is kept until its effects are committed."""
