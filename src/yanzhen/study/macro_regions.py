"""The names of China's four macro-regions, which studies write in either language."""

from collections.abc import Mapping
from types import MappingProxyType

_CHINESE: Mapping[str, str] = MappingProxyType(
    {"东部": "East", "中部": "Central", "西部": "West", "东北": "Northeast"}
)


def standard_name(macro_region: str) -> str:
    """Return the name under which a macro-region is known here; any other stays as it is."""
    bare = macro_region.removesuffix("地区")
    return _CHINESE.get(bare, macro_region)
