"""Ways in: sessions, tokens and apps, second factors, and how often somebody may try."""
