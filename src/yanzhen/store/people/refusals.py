"""What is wrong with what people enter about themselves, in English and Chinese."""

from yanzhen.phrasebook import BilingualError, Phrasebook

PHRASES = Phrasebook("yanzhen.store.people")


class PeopleError(BilingualError):
    """Something about persons, passwords or logins that cannot be taken.

    Parameters
    ----------
    key : of the words
    field : that it was entered in; empty where it is about none
    values : of the placeholders in the words
    """

    phrases = PHRASES

    def __init__(self, key: str, field: str = "", **values: object) -> None:
        self.field = field
        super().__init__(key, **values)


class NotThere(PeopleError):
    """There is no such person, token or organisation, or it is not to be seen."""


class NoUse(PeopleError):
    """What is asked for has no use here, however it is asked."""


class Taken(PeopleError):
    """What somebody else has already."""


class TooManyAttempts(PeopleError):
    """Too many attempts failed; the next is taken after a while.

    Parameters
    ----------
    wait : seconds
    """

    def __init__(self, wait: int) -> None:
        super().__init__("too_many_attempts", seconds=wait)
        self.wait = wait
