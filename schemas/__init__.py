"""What things look like: records, objects of the wire, drafts, contexts. No I/O; imports nothing of ours."""
