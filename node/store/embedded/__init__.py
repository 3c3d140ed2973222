"""The PostgreSQL that the node brings along and runs itself, on a private socket in the data folder.
`cluster.py` is the entrance; `keeper.py` is the small process that outlives whoever started the server."""
