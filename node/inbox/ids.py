"""Ids inside the activities that other activities are about."""

from __future__ import annotations

from federation.read.fields import address


def id_of(value: object) -> str:
    """The id of something given by its id or embedded, in its one spelling; empty where there is none."""
    if isinstance(value, dict):
        value = value.get("id")
    return (address(value) or "") if isinstance(value, str) else ""
