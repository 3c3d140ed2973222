"""The door for other servers: inboxes, actors, objects, collections, discovery."""
