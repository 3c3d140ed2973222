"""Reports, cases, measures and votes, lists of domains, and the log of all of it."""
