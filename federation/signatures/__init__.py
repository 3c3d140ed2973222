"""Who really sent this: keys, request signatures in both schemes, and proofs. Pure: no network, no clock."""
