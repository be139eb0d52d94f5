"""SYNTHETIC studies drawn at random: small, with every table at times, with gaps and odd values.

What is structural (which tables, how many regions, how the hierarchy stands) is drawn by
Hypothesis, so that a failure shrinks to the table that makes it; figures come from one seed.
"""

from pathlib import Path

import numpy as np
import polars as pl
from hypothesis import strategies as st

from tests.whole import drawn_policies
from tests.whole.drawn_economy import Economy, Rows
from yanzhen.study.tables import TABLES

DrawnStudy = tuple[dict[str, Rows], str]
"""Tables as rows, and the text of study.toml."""

SETTINGS = """title_zh = "随机合成研究（SYNTHETIC）"
title_en = "Drawn SYNTHETIC study"
currency = "CNY"
base_year = {base_year}
region_classification = "SYNTHETIC"
industry_classification = "SYNTHETIC"
licence = "Apache-2.0"
synthetic = true
missing_years = [2019, 2020, 2021, 2022]
flagged_regions = [{flagged}]
flag_reason_zh = "合成"
flag_reason_en = "SYNTHETIC"

[units]
money = "100 million CNY"
persons = "10,000 persons"

[[sources]]
key = "drawn"
title = "SYNTHETIC: drawn at random"
table = "activity"
columns = ["output"]
"""

OPTIONAL_TABLES = (
    *("sites", "resources", "enterprises", "moves", "distances", "factor_prices", "indicators"),
    "intensities",
    *("catalogue", "rules", "policies", "technologies", "agreements", "projects", "funds"),
    *("trade", "foreign_investment", "targets", "parameters", "input_output"),
)


@st.composite
def drawn_studies(draw: st.DrawFn) -> DrawnStudy:
    """Draw a study; the first of each choice is the plain one."""
    leaves = [f"R{k}" for k in range(draw(st.sampled_from([3, 4, 5, 2, 1])))]
    industries = [f"I{k}" for k in range(draw(st.sampled_from([3, 4, 2, 1])))]
    years = draw(st.sampled_from([(2018, 2023), (2017, 2018, 2023), (2023,)]))
    hierarchy = draw(st.sampled_from(["nation", "flat", "two_roots", "three_levels"]))
    gaps = draw(st.sampled_from([0.0, 0.0, 0.15, 0.5]))
    odd = draw(st.sampled_from([0.0, 0.0, 0.2]))
    tables = draw(st.sets(st.sampled_from(OPTIONAL_TABLES), max_size=8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    economy = Economy(rng, leaves, industries, years, hierarchy, gaps, odd)
    rows = {
        "regions": economy.regions(located=draw(st.sampled_from(["all", "some", "none", "alike"]))),
        "industries": economy.industry_rows(),
        "activity": economy.activity(measures=draw(st.integers(0, 2))),
    }
    makers = {
        "sites": economy.sites,
        "resources": lambda: economy.resources("sites" in tables),
        "enterprises": economy.enterprises,
        "moves": economy.moves,
        "distances": economy.distances,
        "factor_prices": economy.factor_prices,
        "intensities": economy.intensities,
        "indicators": economy.indicators,
        "rules": lambda: drawn_policies.rules(economy),
        "policies": lambda: drawn_policies.policies(economy),
        "technologies": lambda: drawn_policies.technologies(economy),
        "agreements": lambda: drawn_policies.agreements(economy),
        "projects": lambda: drawn_policies.projects(economy),
        "funds": lambda: drawn_policies.funds(economy),
        "trade": lambda: drawn_policies.trade(economy),
        "foreign_investment": lambda: drawn_policies.foreign_investment(economy),
        "targets": lambda: drawn_policies.targets(economy),
        "parameters": lambda: drawn_policies.parameters(economy, draw(st.booleans())),
        "input_output": lambda: economy.input_output(
            draw(st.sampled_from(["nation", "rounded", "regions", "without_one"]))
        ),
    }
    for name in sorted(tables):
        if name in makers:
            rows[name] = makers[name]()
    if "technologies" in tables:
        rows["technology_needs"] = drawn_policies.needs(economy)
        rows["incubators"] = drawn_policies.incubators(economy)
    if "catalogue" in tables:
        rows["rules"] = drawn_policies.rules(economy)
        rows["catalogue"] = drawn_policies.catalogue(economy)
    flagged = '"R0"' if len(leaves) > 2 and draw(st.booleans()) else ""
    return rows, SETTINGS.format(base_year=years[-1], flagged=flagged)


def write_drawn(drawn: DrawnStudy, folder: Path) -> Path:
    """Write a drawn study as a folder of CSV files, as a user would bring it."""
    rows, settings = drawn
    folder.mkdir(parents=True)
    (folder / "study.toml").write_text(settings, encoding="utf-8")
    for name, table in rows.items():
        declared = TABLES[name].columns()
        used = [column for column in declared if any(column in row for row in table)]
        columns = used or list(declared)
        frame = pl.DataFrame(
            {column: [row.get(column) for row in table] for column in columns},
            schema={column: declared[column].dtype for column in columns},
            strict=False,
        )
        frame.write_csv(folder / f"{name}.csv")
    return folder
