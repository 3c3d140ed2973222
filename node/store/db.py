"""The one name by which everybody calls a database connection, and which of its errors mean that it is away."""

from collections.abc import Iterable
from errno import EDQUOT, ENOSPC
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from node.store.errors import DatabaseUnavailable

Db: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"

_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.PostgresSystemError,  # it cannot read or write a file
    asyncpg.ReadOnlySQLTransactionError,  # it has become a standby
    asyncpg.TargetServerAttributeNotMatched,  # all hosts are standbys
    asyncpg.InterfaceError,
    OSError,
    TimeoutError,
    DatabaseUnavailable,
)

_CUT = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.TargetServerAttributeNotMatched,
    ConnectionError,
    DatabaseUnavailable,
)

_UNFIT = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)


def ids_as_text(ids: Iterable[int]) -> str:
    """Ids as PostgreSQL writes an array: the driver takes ten times as long for a list, since it looks at each."""
    return "{" + ",".join(map(str, ids)) + "}"


def is_unfit(error: BaseException) -> bool:
    """Whether an error says that a text holds what no text may hold: NUL."""
    return isinstance(error, _UNFIT)


def is_cut(error: BaseException) -> bool:
    """Whether an error says that the connection to the database is lost, or leads to none that takes anything."""
    closed = isinstance(error, asyncpg.InterfaceError) and "clos" in str(error)  # the others are mistakes of ours
    return closed or isinstance(error, _CUT)


def is_full(error: BaseException) -> bool:
    """Whether an error says that there is no room left on a disk: the database's, or ours."""
    return isinstance(error, asyncpg.DiskFullError) or getattr(error, "errno", None) in (ENOSPC, EDQUOT)


def is_away(error: BaseException) -> bool:
    """Whether an error says that the database is down, full or too busy, so that trying again later may do better."""
    return isinstance(error, _AWAY) and not isinstance(error, asyncpg.DataError)
