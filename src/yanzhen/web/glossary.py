"""The terms that pages use, each with what it means, from `words.toml`."""

from yanzhen.report.text.words import Lang
from yanzhen.web.words import phrases, word

PART = ".means"


def terms(lang: Lang) -> dict[str, tuple[str, str]]:
    """Return key to name and meaning of every term, in the order of the names."""
    keys = [
        key.removesuffix(PART).removeprefix("glossary.")
        for key in phrases()
        if key.startswith("glossary.") and key.endswith(PART)
    ]
    said = {
        key: (word(lang, f"glossary.{key}.name"), word(lang, f"glossary.{key}.means"))
        for key in keys
    }
    return dict(sorted(said.items(), key=lambda each: each[1][0].casefold()))
