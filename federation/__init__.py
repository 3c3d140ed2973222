"""The protocol: read, check, build, sign, fetch, deliver. No database, no routes; what the node knows comes in."""
