"""The door for readers and members: pages, forms and feeds."""
