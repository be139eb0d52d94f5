"""The words of this room: why something cannot be introduced, or is left out of the market."""

from yanzhen.phrasebook import Phrasebook, Words

PHRASES = Phrasebook("yanzhen.exchange.docking")


def why_left_out(reason: str, resource: str = "") -> Words:
    """Return why the market cannot take a listing, in English and Chinese.

    Parameters
    ----------
    reason, resource : as `yanzhen.exchange.docking.offers.LEFT_OUT`; resources separated by ", "
    """
    named = [PHRASES.words(f"resource.{each}") for each in resource.split(", ") if each]
    both = ", ".join(en for en, _ in named), "、".join(zh for _, zh in named)
    return PHRASES.words(f"left_out.{reason}", resource=both)


def why_not_screened(reason: str) -> Words:
    """Return why a fund is not screened, in English and Chinese."""
    return PHRASES.words(f"not_screened.{reason}")
