"""What a listing says, as the store keeps it, and by what it is found and compared."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from yanzhen.exchange.listings.kinds import Content, industry_of, region_of
from yanzhen.store.ownership.project_words import plain

_ANY: TypeAdapter[Content] = TypeAdapter(Annotated[Content, Field(discriminator="kind")])


def read_content(said: Mapping[str, Any]) -> Content:
    """Read what the store keeps of a listing."""
    return _ANY.validate_python(said)


def columns_of(content: Content) -> dict[str, Any]:
    """Return a version's columns but for whose it is, its number and who made it when."""
    said = asdict(content)
    written = json.dumps(said, ensure_ascii=False, sort_keys=True)
    industry, region = industry_of(content), region_of(content)
    return {
        "name": content.name,
        "industry": industry,
        "region": region,
        "same_key": same_key(content),
        "searched": plain(f"{content.name} {industry} {region} {content.text}"),
        "content": said,
        "content_hash": sha256(written.encode()).hexdigest(),
    }


def same_key(content: Content) -> str:
    """Return what two listings share that are likely the same: a key of exact comparison.

    Kind, name, region and industry, whatever their case, width and spaces; SHA-256, hexadecimal.
    """
    parts = (content.kind, content.name, region_of(content), industry_of(content))
    return sha256("\0".join(map(plain, parts)).encode()).hexdigest()
