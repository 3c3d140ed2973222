"""What is done when nobody waits, one file a subject: the table of all kinds stands in `node/worker.py`."""
