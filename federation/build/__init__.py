"""Records → documents, as they go over the wire and as we serve them. Pure: ids and addresses come in as arguments."""
