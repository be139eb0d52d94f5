"""Orderly industrial transfer: plans made by a market, with the certificate that they clear.

`import yanzhen as yz` offers what one calls at home in a notebook; each name is imported when it is
first asked for, so that this import takes no time.
"""

import sys
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yanzhen.notebook import examples as examples
    from yanzhen.notebook.analyses import chain as chain
    from yanzhen.notebook.analyses import diagnose as diagnose
    from yanzhen.notebook.analyses import docking as docking
    from yanzhen.notebook.analyses import fund as fund
    from yanzhen.notebook.checks import check as check
    from yanzhen.notebook.comparisons import compare as compare
    from yanzhen.notebook.contracts import contract as contract
    from yanzhen.notebook.plans import plan as plan
    from yanzhen.study import read_frames as read_frames
    from yanzhen.study import read_study as read_study

__version__ = version("yanzhen")

_MODULES = {"effects": "yanzhen.effects", "examples": "yanzhen.notebook.examples"}
_WHERE = {
    "read_study": "yanzhen.study",
    "read_frames": "yanzhen.study",
    "check": "yanzhen.notebook.checks",
    "diagnose": "yanzhen.notebook.analyses",
    "plan": "yanzhen.notebook.plans",
    "compare": "yanzhen.notebook.comparisons",
    "chain": "yanzhen.notebook.analyses",
    "docking": "yanzhen.notebook.analyses",
    "contract": "yanzhen.notebook.contracts",
    "fund": "yanzhen.notebook.analyses",
}


class _Effects(ModuleType):
    """The room `yanzhen.effects`, which can be called: `yz.effects(plan)`."""

    def __call__(self, *given: Any, **named: Any) -> Any:
        from yanzhen.notebook.analyses import effects

        return effects(*given, **named)


class _Package(ModuleType):
    """The package, which makes its room `effects` callable whoever imports it first."""

    def __setattr__(self, name: str, value: object) -> None:
        if name == "effects" and isinstance(value, ModuleType):
            value.__class__ = _Effects
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> object:
    """Import what is asked for; `help(yanzhen)` and the first page of the reference list it."""
    if name in _MODULES:
        return import_module(_MODULES[name])
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES, *_WHERE})
