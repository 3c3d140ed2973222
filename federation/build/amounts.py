"""Amounts in ValueFlows' words: numbers are strings, and every amount has a unit (FEP-0837)."""

from typing import Any


def amount(unit: str, number: int | None) -> dict[str, Any]:
    """So many of a unit (`one`, `hour`); without a number any amount will do."""
    return {"hasUnit": unit} | ({} if number is None else {"hasNumericalValue": str(number)})


def commitment(id: str, intent: str, people: dict[str, Any], hours: int | None) -> dict[str, Any]:
    """A promise that satisfies an Intent: so many people, so many hours each."""
    told = {"type": "Commitment", "id": id, "satisfies": intent, "resourceQuantity": people}
    return told | ({"effortQuantity": amount("hour", hours)} if hours else {})
