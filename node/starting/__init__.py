"""The node as processes of the machine: one, or a parent and its children, and what the service manager is told."""
