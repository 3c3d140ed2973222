"""What is owed to other servers, sent host by host; and what we tell each of its own people among the followers."""
