"""How long jobs may run, as a command is told."""

from yanzhen.cli.language import Language, word
from yanzhen.cli.outcome import reject
from yanzhen.report.analyses.registry import ANALYSES

KINDS = ("plan", "comparison", "technology", *ANALYSES)


def time_limits(said: list[str], language: Language) -> dict[str, float]:
    """Return the seconds that work may take by kind; those of every other under an empty name.

    Parameters
    ----------
    said : SECONDS, or KIND=SECONDS
    """
    found: dict[str, float] = {}
    for each in said:
        kind, _, seconds = each.rpartition("=")
        if (kind and kind not in KINDS) or not _positive(seconds):
            reject(word(language, "not_a_time_limit", said=each, kinds=", ".join(KINDS)))
        found[kind] = float(seconds)
    return found


def _positive(seconds: str) -> bool:
    try:
        return 0 < float(seconds) < float("inf")
    except ValueError:
        return False
