"""Base58 in the Bitcoin alphabet, which multibase calls `z`: bytes ↔ short text without look-alike letters."""

from __future__ import annotations

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


def encode(data: bytes) -> str:
    """Bytes → text. Leading zero bytes become leading `1`s, so every byte string has exactly one form."""
    number = int.from_bytes(data)
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def decode(text: str) -> bytes:
    """Text → bytes; ValueError for other characters. Takes quadratic time: the caller bounds the length."""
    number = 0
    for character in text:
        if character not in _VALUES:
            raise ValueError("not base58")
        number = number * 58 + _VALUES[character]
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)
