"""Matches: cleared at the capacities, explained to the last part."""

import re
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from tests.declared import undeclared
from tests.modes.technology.small_study import rows
from tests.study.small_modes import small_modes
from yanzhen.market.large.solver import solve_listed
from yanzhen.market.problem.market import Prices
from yanzhen.modes.coconstruction.contract.terms import STATISTICS
from yanzhen.modes.technology.matching import matching
from yanzhen.modes.technology.matching.match_clearing import certify_listed, listed, match_market
from yanzhen.modes.technology.matching.matching import Matching, match
from yanzhen.modes.technology.matching.outbid import outbid
from yanzhen.modes.technology.matching.pair_terms import TERMS
from yanzhen.modes.technology.matching.parameters import match_weights
from yanzhen.modes.technology.text.embedding import cosines, load_model
from yanzhen.pipeline.checking import check_for_all
from yanzhen.report.analyses.technology import technology_document
from yanzhen.report.document.html import page as page_of
from yanzhen.report.tables.technology import KEYS, technology_table
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study, StudyError, write_study


def best(matching: Matching) -> dict[str, str]:
    first = matching.pairs.filter(rank=1)
    return dict(zip(first["achievement"], first["partner"], strict=True))


def test_needs_meet_their_achievements_across_languages(needs: Matching) -> None:
    assert best(needs).items() >= {"T1": "N1", "T2": "N2", "T3": "N3"}.items()
    assert needs.unmatched.filter(achievement="T4")["share"].item() > 0.9


def test_the_market_is_cleared_at_the_capacities(study: Study) -> None:
    for kind in ("needs", "incubators", "regions"):
        matching = match(study, kind)
        assert undeclared(matching) == []
        assert matching.certificate.passed, matching.certificate.checks
        limited = matching.partners.drop_nulls("capacity")
        assert (limited["expected"] <= limited["capacity"] * (1 + 1e-6)).all()


def test_scarce_places_have_a_price(study: Study) -> None:
    tight = study.tables["incubators"].with_columns(pl.lit(1).alias("capacity"))
    tables = {**study.tables, "incubators": tight}
    easy = match_weights({"present": 0.0})
    matching = match(replace(study, tables=tables), "incubators", weights=easy)
    priced = matching.partners.filter(pl.col("price") > 0)
    assert priced.height > 0
    np.testing.assert_allclose(priced["expected"], priced["capacity"], rtol=1e-6)


def test_terms_sum_to_the_value_and_words_to_the_relevance(study: Study) -> None:
    for kind in ("needs", "incubators"):
        matching = match(study, kind)
        terms = matching.pairs.select(pl.sum_horizontal(f"term_{name}" for name in TERMS))
        np.testing.assert_allclose(terms.to_series(), matching.pairs["value"], atol=1e-12)
        words = matching.words.group_by("achievement", "partner").agg(pl.sum("contribution"))
        both = matching.pairs.join(words, on=["achievement", "partner"], how="left")
        np.testing.assert_allclose(
            both["contribution"].fill_null(0.0), both["relevance"], atol=1e-6
        )


def test_words_are_named_as_they_stand_in_each_text(needs: Matching) -> None:
    words = needs.words.filter(achievement="T1", partner="N1", channel="term")
    found = set(zip(words["in_achievement"], words["in_partner"], strict=True))
    assert ("lithium", "锂") in found
    assert ("recovery", "回收") in found


def test_a_reverse_enclave_is_near_its_place_and_related_to_its_home(study: Study) -> None:
    matching = match(study, "incubators", top=9)
    enclave = matching.partners.filter(partner="P2").row(0, named=True)
    assert (enclave["region"], enclave["home_region"]) == ("310000", "360000")
    assert enclave["contract_terms"] is not None
    from_shanghai = matching.pairs.filter(achievement="T2", partner="P2")
    assert from_shanghai["kilometres"].to_list() in ([0.0], [])
    from_guangdong = matching.pairs.filter(achievement="T1", partner="P2")
    assert (from_guangdong["kilometres"] > 500).all()


def test_no_achievement_is_sent_to_the_region_where_it_is(study: Study) -> None:
    pairs = match(study, "regions", top=31).pairs
    owner = dict(study.tables["technologies"].select("technology", "region").iter_rows())
    assert pairs.height > 0
    assert all(owner[a] != p for a, p in pairs.select("achievement", "partner").iter_rows())


def test_check_says_what_matching_would_refuse(tmp_path: Path) -> None:
    study = small_modes()
    unknown = study.tables["incubators"].with_columns(contract=pl.lit("zibbo"))
    none = study.tables["technologies"].clear()
    for name, tables in (("a", {"incubators": unknown}), ("b", {"technologies": none})):
        write_study(replace(study, tables={**study.tables, **tables}), tmp_path / name)
    wrong = [(each.row, each.column) for each in check_for_all(tmp_path / "a").problems]
    assert wrong == [(2, "contract"), (3, "contract")]
    lacking = check_for_all(tmp_path / "b")
    assert lacking.problems == ()
    assert any("`yanzhen technology` cannot" in each.found for each in lacking.warnings)


def test_an_unknown_contract_is_named_with_its_row(study: Study) -> None:
    wrong = study.tables["incubators"].with_columns(pl.lit("zibbo").alias("contract"))
    with pytest.raises(StudyError, match=r"row 1, column contract.*zibbo"):
        match(replace(study, tables={**study.tables, "incubators": wrong}), "incubators")


def test_named_terms_say_who_gets_what(study: Study) -> None:
    named = ["songjiang_luan", "equity_venture"]
    incubators = study.tables["incubators"].with_columns(pl.Series("contract", named))
    tables = {**study.tables, "incubators": incubators}
    shares = match(replace(study, tables=tables), "incubators").sharing
    tax = shares.filter(partner="P1", shared="tax").row(0, named=True)
    assert (tax["first_year"], tax["last_year"], tax["tax_kinds"]) == (1, 5, None)
    assert (tax["sender"], tax["receiver"], tax["third"]) == (0.4, 0.6, 0.0)
    assert set(shares.filter(partner="P1")["shared"]) == {"tax", *STATISTICS}
    assert shares.filter(partner="P2").row(0)[2:] == ("dividends", *[None] * 6)


def test_an_agreement_of_the_study_can_be_named(study: Study) -> None:
    made = rows(
        "agreements",
        "agreement home host terms from_year tax_kinds",
        [("G1", "310000", "360000", "zibo", 2026, "value_added_tax;enterprise_income_tax")],
    )
    incubators = study.tables["incubators"].with_columns(pl.Series("contract", [None, "G1"]))
    tables = {**study.tables, "agreements": made, "incubators": incubators}
    matching = match(replace(study, tables=tables), "incubators")
    assert matching.partners.filter(partner="P2")["contract_terms"].to_list() == ["60:40"]
    assert matching.sharing.rows() == [
        ("P2", "G1", "tax", "value_added_tax;enterprise_income_tax", 1, 20, 0.6, 0.4, 0.0)
    ]
    page = page_of(technology_document(matching, Reader(matching.study, "en")))
    assert "Enterprise income tax" in page
    assert re.search(r"Shanghai 60%.*Jiangxi 40%", page, re.DOTALL)


def test_a_study_without_achievements_says_which_table_is_missing(study: Study) -> None:
    none = study.tables["technologies"].clear()
    with pytest.raises(StudyError, match="technologies"):
        match(replace(study, tables={**study.tables, "technologies": none}), "needs")


def test_texts_that_hold_nothing_are_named(study: Study) -> None:
    silent = rows("technologies", "technology title", [("T9", "——")])
    both = pl.concat([study.tables["technologies"], silent])
    matching = match(replace(study, tables={**study.tables, "technologies": both}), "needs")
    assert matching.silent.rows() == [("achievement", "T9")]
    assert matching.pairs.filter(achievement="T9")["relevance"].sum() == 0.0
    assert matching.unmatched.filter(achievement="T9")["share"].item() > 0.8


def test_texts_as_long_as_a_cell_holds_are_matched_in_any_script(study: Study) -> None:
    text = "锂离子电池回收 battery recycling عربى 한국어 😀 " * 700
    assert 25_000 < len(text) < 32_767
    huge = study.tables["technologies"].with_columns(pl.lit(text).alias("abstract"))
    matching = match(replace(study, tables={**study.tables, "technologies": huge}), "needs")
    assert matching.certificate.passed
    assert matching.pairs["value"].is_finite().all()


def test_one_achievement_is_shown_and_explained_alone(study: Study, needs: Matching) -> None:
    one = match(study, "needs", only="T1")
    assert one.pairs.equals(needs.pairs.filter(achievement="T1"))
    assert one.words.equals(needs.words.filter(achievement="T1"))
    assert one.partners.equals(needs.partners)
    with pytest.raises(StudyError, match=r"table technologies.*'T77'"):
        match(study, "needs", only="T77")


def test_words_are_listed_for_the_surest_matches(
    study: Study, needs: Matching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MOST_EXPLAINED", 2)
    few = match(study, "needs")
    surest = needs.pairs.sort("share", descending=True).head(2)
    assert set(few.words.select("achievement", "partner").unique().iter_rows()) == set(
        surest.select("achievement", "partner").iter_rows()
    )
    assert few.pairs.equals(needs.pairs)


def test_the_certificate_sees_wrong_prices() -> None:
    random = np.random.default_rng(1)
    row, partner = np.divmod(np.arange(60), 6)
    market = match_market(np.ones(10), np.full(6, 1.0), 0.1, 0.05)
    candidates = listed(10, row, partner, random.normal(0.3, 0.1, 60))
    free = Prices(np.zeros((6, 1)), np.zeros(0), np.zeros(0))
    assert certify_listed(market, candidates, free, 1e-6).relative_excess_demand > 0.1
    dear = Prices(np.full((6, 1), 5.0), np.zeros(0), np.zeros(0))
    assert certify_listed(market, candidates, dear, 1e-6).complementary_slackness > 0.9


def test_the_certificate_counts_licences() -> None:
    present, value, sigma = 0.1, 0.4, 0.2
    candidates = listed(1, np.array([0, 0]), np.array([0, 1]), np.array([value, value]))
    market = match_market(np.array([3.0]), np.ones(2), present, sigma)
    # Two needs of one place share three licences: each takes 3x / (2x + y) = 1 where x = y.
    price = value - present
    prices = Prices(np.full((2, 1), price), np.zeros(0), np.zeros(0))
    proof = certify_listed(market, candidates, prices, 1e-9)
    assert proof.passed, proof.checks
    assert proof.dual == pytest.approx(3 * (present + sigma * np.log(3)) + 2 * price)
    solved = solve_listed(market, candidates, 1e-9).prices
    np.testing.assert_allclose(solved.site[:, 0], price, atol=1e-7)
    one = match_market(np.array([1.0]), np.ones(2), present, sigma)
    assert certify_listed(one, candidates, prices, 1e-9).complementary_slackness > 0.6


def licensed(study: Study, licences: list[int | None]) -> Study:
    """The study with two needs for one achievement, and so many licences of each."""
    twin = rows("technology_needs", "need title region", [("N4", "锂电池中锂的回收", "350000")])
    needs = pl.concat([study.tables["technology_needs"], twin])
    offered = study.tables["technologies"].with_columns(pl.Series("licences", licences, pl.Int64))
    tables = {**study.tables, "technologies": offered, "technology_needs": needs}
    return replace(study, tables=tables)


def test_an_achievement_is_licensed_as_often_as_it_may_be(study: Study) -> None:
    exclusive = match(licensed(study, [None] * 4), "needs")
    several = match(licensed(study, [3, None, None, None]), "needs")
    for cleared in (exclusive, several):
        assert cleared.certificate.passed, cleared.certificate.checks
        left = cleared.unmatched
        np.testing.assert_allclose(
            left["taken"] + left["licences"] * left["share"], left["licences"]
        )
        assert cleared.flows["expected"].sum() == pytest.approx(left["taken"].sum())
        assert cleared.partners["expected"].sum() == pytest.approx(left["taken"].sum())
        assert (cleared.partners["expected"] <= 1 + 1e-6).all()
        pairs = cleared.pairs.join(cleared.achievements, on="achievement")
        np.testing.assert_allclose(pairs["taken"], pairs["share"] * pairs["licences"])
    assert exclusive.unmatched["licences"].to_list() == [1, 1, 1, 1]
    taken = [
        each.unmatched.filter(achievement="T1")["taken"].item() for each in (exclusive, several)
    ]
    assert taken[0] <= 1 < taken[1]
    assert "of 6 licences" in page_of(technology_document(several, Reader(several.study, "en")))


def test_the_loser_of_an_achievement_still_sees_it(study: Study) -> None:
    exclusive = match(licensed(study, [None] * 4), "needs")
    lost = exclusive.outbid.row(0, named=True)
    assert exclusive.outbid.height == 1
    assert {lost["partner"], lost["taker"]} == {"N1", "N4"} and lost["achievement"] == "T1"
    assert lost["taken"] < 0.5 < lost["taken_by_others"] and lost["relevance"] > 0
    assert lost["taken"] + lost["taken_by_others"] == pytest.approx(
        exclusive.unmatched.filter(achievement="T1")["taken"].item()
    )
    assert "taken by others at the price" in page_of(
        technology_document(exclusive, Reader(exclusive.study, "en"))
    )
    shown = technology_table(exclusive, "outbid", Reader(exclusive.study, "zh")).rows
    assert len(shown) == 1 and "锂电池中锂的回收" in str(shown[0])
    assert "被他方以价取得" in page_of(
        technology_document(exclusive, Reader(exclusive.study, "zh"))
    )
    assert match(licensed(study, [3, None, None, None]), "needs").outbid.is_empty()


def test_every_table_is_shown_in_both_languages(needs: Matching) -> None:
    for key in KEYS:
        assert (
            technology_table(needs, key, Reader(needs.study, "zh")).title
            != technology_table(needs, key, Reader(needs.study, "en")).title
        )


def test_who_loses_an_achievement_by_hand() -> None:
    offered = pl.DataFrame({"achievement": ["A", "B"], "licences": [1, 2]})
    takers = pl.DataFrame({"partner": ["X", "Y", "Z"]})
    row, column = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 2])
    value, share = np.array([0.9, 0.8, 0.3, 0.5]), np.array([0.7, 0.2, 0.4, 0.5])
    lost = outbid(offered, takers, (row, column), value / 2, value, share, np.array([0.6, 0.1]))
    # Y's best is A, of which it takes 0.2 and X 0.7; Z takes a whole licence of B.
    assert lost.rows() == [("Y", "A", 0.4, 0.8, 0.2, pytest.approx(0.7), "X", 0.6)]


def test_a_model_adds_its_term_and_a_missing_one_is_named(study: Study, tmp_path: Path) -> None:
    def letters(texts: list[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return np.array([[text.count("l"), text.count("锂"), 1.0] for text in texts])

    matching = match(study, "needs", encode=letters)
    assert (matching.pairs["term_meaning"] > 0).all()
    pairs = (np.array([0, 0]), np.array([0, 1]))
    near = cosines(
        lambda texts: np.array([[len(t), 0.0] for t in texts]), (["a"], ["bb", ""]), pairs
    )
    assert near.tolist() == [1.0, 0.0]
    with pytest.raises(StudyError, match="no such folder"):
        load_model(tmp_path / "none")
    with pytest.raises(StudyError, match="sentence-transformers is not installed"):
        load_model(tmp_path)


def test_a_folder_that_holds_no_model_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(path: str, local_files_only: bool) -> None:
        raise ValueError("Unrecognized model\nand much more")

    library = SimpleNamespace(SentenceTransformer=refuses)
    monkeypatch.setitem(sys.modules, "sentence_transformers", library)
    with pytest.raises(StudyError, match=r"cannot load \(Unrecognized model\)"):
        load_model(tmp_path)


def test_weights_that_are_not_known_are_named() -> None:
    with pytest.raises(StudyError, match="relevance"):
        match_weights({"relevanse": 1.0})
    with pytest.raises(StudyError, match="above 0"):
        match_weights({"sigma": 0.0})


def test_the_same_study_gives_the_same_matches(study: Study, needs: Matching) -> None:
    assert match(study, "needs").pairs.equals(needs.pairs)
