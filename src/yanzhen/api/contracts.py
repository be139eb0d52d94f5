"""Schemes of benefit sharing, and a contract settled on projects."""

from typing import Any

from yanzhen.modes.coconstruction import PRESETS, preset


def schemes() -> list[dict[str, Any]]:
    """Return the schemes that come with the package, what they leave open, and their sources."""
    return [
        {
            "key": scheme.key,
            "title_zh": scheme.terms.title_zh,
            "title_en": scheme.terms.title_en,
            "open": list(scheme.open),
            "sources": [
                {"document": document, "address": address} for document, address in scheme.sources
            ],
            "note_zh": scheme.note_zh,
            "note_en": scheme.note_en,
        }
        for scheme in map(preset, PRESETS)
    ]
