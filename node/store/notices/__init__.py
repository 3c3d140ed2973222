"""What somebody is told: notices, letters, messages to telephones."""
