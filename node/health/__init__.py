"""Whether this node has what it needs, and what is wrong with it now, in sentences that say what to do."""
