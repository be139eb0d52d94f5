import numpy as np
import polars as pl
import pytest

from yanzhen.accounts.input_output import InputOutputTable, multiregional_table
from yanzhen.accounts.readers import from_pymrio


@pytest.fixture(scope="session")
def world():
    import pymrio

    return pymrio.load_test().calc_all(include_ghosh=True)


@pytest.fixture(scope="session")
def world_table(world) -> InputOutputTable:
    return from_pymrio(world, 2005)


@pytest.fixture(scope="session")
def two_regions() -> InputOutputTable:
    """Two regions of three sectors with imports, exports and stocks drawn down, balanced."""
    generator = np.random.default_rng(9)
    regions, sectors = ["A", "B"], ["x", "y", "z"]
    cells = [(r, s) for r in regions for s in sectors]
    rows = []
    z = generator.uniform(1, 10, (6, 6))
    imported = generator.uniform(0, 2, (6, 6)) * np.kron(np.eye(2), np.ones((3, 3)))
    consumption, exports = generator.uniform(20, 40, (6, 2)), generator.uniform(1, 9, 6)
    capital = generator.uniform(1, 5, (6, 2))
    capital[1, 0] = -0.5
    output = z.sum(axis=1) + consumption.sum(axis=1) + exports + capital.sum(axis=1)
    for i, (r, s) in enumerate(cells):
        for j, (q, t) in enumerate(cells):
            rows.append((r, s, q, t, "domestic", z[i, j]))
            if imported[i, j]:
                rows.append((q, s, q, t, "imported", imported[i, j]))
        for k, q in enumerate(regions):
            rows.append((r, s, q, "consumption", "domestic", consumption[i, k]))
            rows.append((r, s, q, "capital_formation", "domestic", capital[i, k]))
        rows.append((r, s, r, "exports", "domestic", exports[i]))
        rows.append((r, s, r, "consumption", "imported", 1.0 + i))
    surplus = output - z.sum(axis=0) - imported.sum(axis=0)
    for j, (q, t) in enumerate(cells):
        rows.append((q, "compensation", q, t, "value_added", 0.6 * surplus[j]))
        rows.append((q, "surplus", q, t, "value_added", 0.4 * surplus[j]))
    names = ["supplier_region", "supplier", "user_region", "user", "origin", "value"]
    frame = pl.DataFrame(rows, schema=names, orient="row").with_columns(year=pl.lit(2017))
    return multiregional_table(frame, 2017)
