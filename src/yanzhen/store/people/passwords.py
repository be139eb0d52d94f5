"""Passwords: hashed by Argon2id, hashed anew where the parameters have changed since."""

import secrets
from functools import cached_property

from pwdlib import PasswordHash
from pwdlib.hashers import HasherProtocol
from pwdlib.hashers.argon2 import Argon2Hasher

from yanzhen.store.people.guessable import is_guessable
from yanzhen.store.people.refusals import PeopleError

SHORTEST = 12
LONGEST = 1000
"""Beyond it hashing would be a way to keep a server busy."""


class Passwords:
    """Hashes of passwords.

    Parameters
    ----------
    hasher : Argon2 with its parameters
    """

    def __init__(self, hasher: HasherProtocol | None = None) -> None:
        self._hash = PasswordHash((hasher or Argon2Hasher(),))

    @cached_property
    def _of_nobody(self) -> str:
        return self._hash.hash(secrets.token_urlsafe())

    def hashed(self, password: str, login: str = "") -> str:
        """Return the hash of a password that is fit for use.

        Raises
        ------
        PeopleError
            It is too short, too long, the login, or guessed among the first.
        """
        if len(password) < SHORTEST:
            raise PeopleError("password.short", "password", least=SHORTEST)
        if len(password) > LONGEST:
            raise PeopleError("password.long", "password", most=LONGEST)
        if login and password.casefold() == login.casefold():
            raise PeopleError("password.login", "password")
        if is_guessable(password, login):
            raise PeopleError("password.guessable", "password")
        return self._hash.hash(password)

    def verified(self, password: str, kept: str | None) -> tuple[bool, str | None]:
        """Return whether a password is right, and its new hash where the old one is outdated.

        Where there is none to compare with, as long is spent on that of nobody, so that the time
        does not tell who has an account.
        """
        said = password[:LONGEST]
        right, newer = self._hash.verify_and_update(said, kept or self._of_nobody)
        return (right, newer) if kept else (False, None)


def new_password() -> str:
    """Return a password that nobody chose."""
    return secrets.token_urlsafe(15)


STANDARD = Passwords()
"""With the parameters that the library recommends."""
