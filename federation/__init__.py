"""The protocol: read, check, build, sign, fetch, deliver. No database, no routes; what only the node knows comes as an argument."""
