"""From classes of patents to industries, and what that says of a pair."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from yanzhen.accounts.panel import leaf_regions
from yanzhen.advantage.relatedness import relatedness
from yanzhen.modes.technology.matching.concordance import industries_by_class, read_concordance
from yanzhen.modes.technology.matching.matching import match
from yanzhen.study import Study, StudyError


def test_a_concordance_of_another_classification_is_refused(study: Study) -> None:
    strange = pl.DataFrame({"level": ["H01M"], "industry": ["ZZ99"]})
    with pytest.raises(StudyError, match="ZZ99"):
        match(study, "needs", concordance=strange)


def test_a_concordance_leads_from_classes_to_industries(tmp_path: Path, study: Study) -> None:
    path = tmp_path / "concordance.csv"
    path.write_text("行业代码,行业名称,IPC\n2614,x,C22B;C22C\n,,C25C 1/00\n35,y,C22B\n", "utf-8")
    table = read_concordance(path)
    assert table.rows() == [("C22B", "2614"), ("C22C", "2614"), ("C25C1", "2614"), ("C22B", "35")]
    shares = industries_by_class(pl.Series(["C22B 26/12;C25C 1/06", None, "A01B"]), table)
    assert shares == [{"2614": 0.75, "35": 0.25}, {}, {}]
    own = pl.DataFrame({"level": ["C22B"], "industry": ["IO42-14"]})
    evaluated = match(study, "needs", concordance=own).not_evaluated["term"].to_list()
    assert "concordance" not in evaluated
    assert "concordance" in match(study, "needs").not_evaluated["term"].to_list()


def test_figures_of_a_pair_are_those_of_its_region_industry_and_classes(study: Study) -> None:
    led_to = {"C22B": "IO42-14", "C02F": "IO42-12", "C23C": "IO42-15", "A01D": "IO42-16"}
    table = pl.DataFrame({"level": [*led_to, "C22B"], "industry": [*led_to.values(), "IO42-16"]})
    of_partners = pl.Series(["IO42-14; IO42-16", "IO42-12"])
    incubators = study.tables["incubators"].with_columns(industries=of_partners)
    study = replace(study, tables={**study.tables, "incubators": incubators})
    found = match(study, "incubators", top=9, concordance=table)
    assert found.pairs["concordance"].n_unique() > 1 and found.pairs["relatedness"].n_unique() > 2
    leaves = leaf_regions(study.tables["regions"])
    activity = study.tables["activity"].drop_nulls("output").filter(pl.col("region").is_in(leaves))
    last = activity.filter(pl.col("year") == pl.col("year").max())
    related = relatedness(last.select("region", "industry", "output"), "output")
    density = {(row["region"], row["industry"]): row["density"] for row in related.to_dicts()}
    led = dict(
        zip(
            found.achievements["achievement"],
            industries_by_class(found.achievements["ipc"], table),
            strict=True,
        )
    )
    offered = {row["achievement"]: row for row in found.achievements.to_dicts()}
    takers = {row["partner"]: row for row in found.partners.to_dicts()}
    for pair in found.pairs.to_dicts():
        shares, taker = led[pair["achievement"]], takers[pair["partner"]]
        codes = [code.strip() for code in (taker["industry"] or "").split(";") if code.strip()]
        met = sum(
            share
            for industry, share in shares.items()
            if any(industry.startswith(code) for code in codes)
        )
        assert pair["concordance"] == pytest.approx(met, abs=1e-12)
        industry = offered[pair["achievement"]]["industry"] or max(
            shares, key=lambda code: shares[code], default=None
        )
        expected = density.get((taker["home_region"], industry))
        assert pair["relatedness"] == (expected and pytest.approx(expected, abs=1e-12))


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "ipc,industry\nXYZ,26\n"])
def test_a_concordance_that_cannot_be_read_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "concordance.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(StudyError, match=r"concordance\.csv"):
        read_concordance(path)
    damaged = path.rename(tmp_path / "concordance.xlsx")
    with pytest.raises(StudyError, match=r"concordance\.xlsx.*cannot be read"):
        read_concordance(damaged)


def test_a_concordance_in_a_workbook_keeps_its_codes(tmp_path: Path) -> None:
    path = tmp_path / "concordance.xlsx"
    table = pl.DataFrame({"国际专利分类": ["C22B 26/12", "C22B 26/12"], "行业代码": [3240, 3250]})
    table.write_excel(path)
    assert read_concordance(path)["industry"].to_list() == ["3240", "3250"]
