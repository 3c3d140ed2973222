"""Passwords: Argon2id with the costs of the design, and nobody learns from the time whether there is an account."""

from __future__ import annotations

from argon2 import PasswordHasher, extract_parameters

from node.secrets import passwords


async def test_a_hash_is_argon2id_with_the_costs_of_the_design() -> None:
    kept = await passwords.hashed("twelve quiet carrots")
    costs = extract_parameters(kept)
    assert kept.startswith("$argon2id$")
    assert (costs.time_cost, costs.memory_cost, costs.parallelism) == (2, 19 * 1024, 1)
    assert kept != await passwords.hashed("twelve quiet carrots")


async def test_only_the_password_matches() -> None:
    kept = await passwords.hashed("twelve quiet carrots")
    assert await passwords.matches(kept, "twelve quiet carrots")
    assert not await passwords.matches(kept, "Twelve quiet carrots")
    assert not await passwords.matches("no hash at all", "twelve quiet carrots")


async def test_without_a_hash_nothing_matches_not_even_the_empty_password() -> None:
    assert not await passwords.matches(None, "")
    assert not await passwords.matches(None, "twelve quiet carrots")


async def test_a_hash_of_other_costs_is_outdated() -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("twelve quiet carrots")
    assert passwords.is_outdated(weaker)
    assert not passwords.is_outdated(await passwords.hashed("twelve quiet carrots"))
