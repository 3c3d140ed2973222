"""The door where apps get their tokens: OAuth 2 (RFC 6749, 7009, 7636, 8414) with a consent page in the hub's theme."""
