"""The two ways in which a document of another server is not taken."""


class BadDocument(Exception):
    """Refused: at `where` (a path of keys) the document is not what it claims to be; `why` is our own English."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


class Unwanted(Exception):
    """Ignored: well-formed as far as we can tell, but nothing for us. `reason` is short and fit for a counter."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
