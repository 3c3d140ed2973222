"""What pages look like: themes, compiled templates, the hub's own colours, and what stands around every page."""
