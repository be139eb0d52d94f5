"""Passwords that are guessed first: made of very few of the pieces that everybody tries.

A piece is a common password, a row of keys, letters or digits, one sign over and over, a year, or a
word of the place (this software, the login). `common_passwords.txt` holds the 3,000 most frequent
passwords of four signs and more, and those of twelve and more among the first 30,000, as counted
by Mark Burnett and published with zxcvbn (`common_passwords_LICENSE.md`).
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

FEWEST = 5
"""Pieces that a password needs."""
LOOKED_AT = 64
SHORTEST_ROW = 3
OF_THE_PLACE = ("yanzhen", "雁阵")
ROWS = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"),
    *("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "!@#$%^&*()"),
)


def is_guessable(password: str, login: str = "") -> bool:
    """Whether a password is made of so few pieces that it is guessed among the first."""
    said = unicodedata.normalize("NFKC", password).casefold()
    parts = (login.casefold(), login.casefold().partition("@")[0], *_split(login.casefold()))
    own = [part for part in parts if len(part) >= SHORTEST_ROW]
    return _pieces(_unit(said)[:LOOKED_AT], {*OF_THE_PLACE, *own}) < FEWEST


def _pieces(said: str, words: Iterable[str]) -> int:
    """Return of how few pieces a text is made, a sign that belongs to none being one."""
    known = _common() | set(words)
    fewest = [0]
    for end in range(1, len(said) + 1):
        begins = (at for at in range(end) if end - at == 1 or _is_piece(said[at:end], known))
        fewest.append(1 + min(fewest[at] for at in begins))
    return fewest[-1]


def _is_piece(part: str, known: set[str] | frozenset[str]) -> bool:
    is_year = len(part) == 4 and part.isdecimal() and part[:2] in ("19", "20")
    return part in known or is_year or _is_row(part)


def _is_row(part: str) -> bool:
    if len(part) < SHORTEST_ROW:
        return False
    return len(set(part)) == 1 or any(part in row or part[::-1] in row for row in ROWS)


def _unit(said: str) -> str:
    """Return what a text repeats, or the text where it repeats nothing."""
    again = (said + said).find(said, 1)
    return said[:again] if 0 < again < len(said) else said


def _split(login: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in login).split()


@cache
def _common() -> frozenset[str]:
    text = files("yanzhen.store.people").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(text.split())
