"""The demo: three invented co-ops, each with a hub of its own on a loopback address, meet and work together. What they
are and say stands in `coops/`, what happens in `story.py`; all of it goes through the doors that everybody uses."""
