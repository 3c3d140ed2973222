"""What an operator is told when the memory of the hub cannot be used. Each message is a plain sentence to show."""


class StoreError(Exception):
    """Base of them all."""


class DatabaseUnavailable(StoreError):
    """The database cannot be found, started, reached or used by this version."""


class MigrationRefused(StoreError):
    """The database and the migrations do not belong together; nothing was changed."""


class BackupRefused(StoreError):
    """The back-up or the restore cannot be done; what was there before still is."""
