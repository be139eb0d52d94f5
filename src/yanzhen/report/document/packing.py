"""Texts packed into a page: compressed, so that a report can be sent by mail."""

import base64
import json
import zlib

from markupsafe import Markup


def packed(text: str) -> Markup:
    """Return a text compressed (zlib, RFC 1950) as base64, which no element can be ended by."""
    return Markup(base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii"))


def unpacked(text: str) -> str:
    """Return what `packed` was given."""
    return zlib.decompress(base64.b64decode(text)).decode()


def packed_json(value: object) -> Markup:
    """Return a value as JSON, packed."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return packed(text)
