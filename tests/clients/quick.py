"""`allmende` whose passwords cost nothing to hash and whose RSA keys come out of a pool, for clients whose own tests
make a member each. Every other test here has a node as it is."""

from __future__ import annotations

import itertools

from argon2 import PasswordHasher

from node.cli import main
from node.secrets import passwords
from node.store.people import actors

RSA_KEYS = 6

if __name__ == "__main__":
    pairs = itertools.cycle([actors.make_rsa_pair() for _ in range(RSA_KEYS)])
    actors.make_rsa_pair = lambda: next(pairs)
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    main(prog_name="allmende")
