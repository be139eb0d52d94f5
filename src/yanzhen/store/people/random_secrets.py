"""Secrets that are given away once and kept as hashes: session cookies, tokens, recovery codes."""

import secrets
from hashlib import sha256

BYTES = 32


def new_secret(prefix: str = "") -> str:
    """Return a secret of 256 random bits that can stand in a header or an address."""
    return prefix + secrets.token_urlsafe(BYTES)


def new_id() -> str:
    """Return a random identity."""
    return secrets.token_hex(16)


def hash_of_secret(secret: str) -> str:
    """Return what is kept of a secret (SHA-256: nobody can guess what has 256 random bits)."""
    return sha256(secret.encode()).hexdigest()
