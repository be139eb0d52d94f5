"""An audit that could not ask about a package has not passed."""

from typing import Any

import pytest

from scripts.make_bill_of_materials import findings

LOCKED = "altair==6.3.0 \\\n    --hash=sha256:00\nNumba-cuda==0.1 ; sys_platform == 'linux' \\\n"
SOUND = {"name": "altair", "version": "6.3.0", "vulns": []}
OTHER = {"name": "numba-cuda", "version": "0.1", "vulns": []}
SKIPPED = {"name": "altair", "skip_reason": "Dependency not found on PyPI"}
FAULTY = {**SOUND, "vulns": [{"id": "PYSEC-1"}, {"id": "PYSEC-2"}]}


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ([SOUND, OTHER], []),
        ([SKIPPED, OTHER], ["x: not audited (1): altair"]),
        ([], ["x: not audited (2): altair, Numba-cuda"]),
        ([FAULTY, OTHER], ["x: altair 6.3.0: PYSEC-1", "x: altair 6.3.0: PYSEC-2"]),
    ],
)
def test_what_is_faulty_or_was_not_asked_about_is_told(
    told: list[dict[str, Any]], wrong: list[str]
) -> None:
    assert findings("x", {"dependencies": told}, LOCKED) == wrong
