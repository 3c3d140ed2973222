"""The one name by which everybody calls a database connection, and which of its errors mean that it is away."""

from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

Db: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"

_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.InterfaceError,
    OSError,
    TimeoutError,
)


_UNFIT = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)


def is_unfit(error: BaseException) -> bool:
    """Whether an error says that a text holds what no text may hold: NUL."""
    return isinstance(error, _UNFIT)


def is_away(error: BaseException) -> bool:
    """Whether an error says that the database is down, full or too busy, so that trying again later may do better."""
    return isinstance(error, _AWAY) and not isinstance(error, asyncpg.DataError)
