"""What tests of the store may ask for besides `database`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table, of each kind."""
    if request.param == "postgresql":
        with databases.new_in_server() as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
