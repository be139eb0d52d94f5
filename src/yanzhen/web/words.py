"""Every word of the workbench, in Chinese and English side by side, from `words.toml`."""

from collections.abc import Mapping

from yanzhen.phrasebook import Phrasebook

WORKBENCH = Phrasebook("yanzhen.web")
word, word_or = WORKBENCH.word, WORKBENCH.word_or
TAG = {"zh": "zh-CN", "en": "en"}
"""The tag by which a page names its language."""


def phrases() -> Mapping[str, Mapping[str, str]]:
    """Return all texts of the workbench."""
    return WORKBENCH.phrases
