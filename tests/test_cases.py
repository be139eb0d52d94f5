"""Inputs that once failed, and the tests that would fail if the fault came back.

The inputs lie in `../shared/cases`, one a folder; the tests make such inputs of their own.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

CHECKED = "tests/whole/test_what_check_passes.py::"
CHECKED += "test_what_check_passes_runs_through_every_command_and_adds_up"
ACCOUNTS, ADVANTAGE, MARKET = "tests/accounts/", "tests/advantage/", "tests/market/"
STUDY, CONTRACT = "tests/study/", "tests/modes/coconstruction/"

CASES: dict[str, tuple[str, ...]] = {
    "01-estimated-marks-ignored": (
        f"{ACCOUNTS}test_completion.py::"
        "test_a_figure_that_its_maker_estimated_stays_estimated_and_is_not_tested_on",
        f"{MARKET}plan/test_plan.py::test_what_its_maker_estimated_is_estimated_in_the_plan",
    ),
    "03-chain-degenerate": (
        f"{ACCOUNTS}test_study_table.py::"
        "test_gaps_of_printed_figures_are_booked_as_statistical_error_and_said",
        f"{ACCOUNTS}test_study_table.py::test_a_sector_without_output_that_buys_is_refused",
        f"{ACCOUNTS}test_input_output.py::test_sectors_that_use_up_more_than_they_make_are_refused",
        f"{ACCOUNTS}test_input_output.py::test_a_missing_value_is_not_read_as_zero",
        CHECKED,
    ),
    "03-total-row-as-region": (
        f"{STUDY}test_double_counting.py::test_a_total_of_regions_is_told_by_its_figures",
        f"{STUDY}test_double_counting.py::test_a_total_is_told_by_its_name_where_figures_are_few",
    ),
    "04-chain-multiregional-command": (
        f"{ACCOUNTS}test_study_table.py::test_a_table_of_regions_adds_up_to_the_nation_and_is_kept",
        "tests/whole/test_recomputed.py::"
        "test_chains_of_a_random_table_follow_from_explicit_inverses",
        CHECKED,
    ),
    "04-check-passes-plan-refuses": (
        f"{STUDY}test_usual_intensities.py::"
        "test_check_says_what_stands_in_and_what_nothing_stands_in_for",
        f"{MARKET}problem/test_formulation.py::test_a_resource_of_unknown_need_is_refused_by_name",
        CHECKED,
    ),
    "05-own-parks-only": (
        f"{MARKET}test_half_tables.py::test_one_s_own_parks_leave_the_other_regions_destinations",
        f"{MARKET}test_half_tables.py::test_the_plan_says_what_half_tables_mean",
    ),
    "06-room-of-one-region": (
        f"{MARKET}test_half_tables.py::"
        "test_one_region_s_room_leaves_the_others_the_room_of_the_past",
        "tests/report/text/test_limits.py::test_room_stated_in_part_says_what_the_rest_is",
    ),
    "07-factor-prices-read-by-nothing": (
        f"{ADVANTAGE}test_factor_costs.py::test_each_cost_is_a_reason_of_its_own_and_they_add_up",
        f"{STUDY}test_uses.py::test_what_nothing_uses_is_said_and_refuses_nothing",
    ),
    "08-employment-only-traceback": (
        f"{STUDY}test_size.py::test_a_study_without_its_measure_is_told_how_to_name_another",
    ),
    "09-jump-check-refuses-real-cells": (
        f"{STUDY}test_magnitudes.py::"
        "test_a_cell_far_from_its_neighbour_is_a_warning_until_it_is_accepted",
    ),
    "10-ellipsis-not-known-as-missing": (
        f"{STUDY}damage/test_figures.py::test_every_mark_for_a_missing_figure",
    ),
    "12-docking-no-supplier-is-said": (
        "tests/modes/chain/docking/test_docking_lists.py::"
        "test_needs_that_nobody_on_the_list_can_supply_are_said",
    ),
    "12-enterprise-larger-than-its-industry": (
        f"{STUDY}test_magnitudes.py::test_enterprises_larger_than_their_industry_are_told_once",
    ),
    "13-whole-year-in-another-unit": (
        f"{STUDY}test_magnitudes.py::test_a_whole_year_in_another_unit_is_told_once",
    ),
    "14-nonsense-parameter": (
        f"{STUDY}test_intervals.py::test_check_and_the_commands_refuse_a_value_beyond_meaning",
    ),
    "15-in-memory-study-unchecked": (
        f"{STUDY}test_in_memory.py::test_a_replaced_table_is_checked_where_it_enters",
    ),
    "17-many-regions-plan-memory": (
        f"{MARKET}plan/test_balances.py::test_the_largest_flows_are_listed_and_the_sums_stay",
        f"{MARKET}plan/test_balances.py::test_flows_that_are_not_listed_take_no_memory",
    ),
    "contract-13-typo-in-a-period": (
        f"{CONTRACT}contract/test_terms.py::"
        "test_an_unknown_key_anywhere_is_refused_with_its_path_and_the_nearest",
    ),
    "contract-14-settle-without-options": (
        "tests/modes/test_contract_command.py::test_without_terms_and_options_it_says_what_to_give",
    ),
    "contract-15-own-terms-named-as-a-scheme": (
        "tests/modes/test_contract_command.py::test_own_terms_named_as_a_scheme_stand_beside_it",
        "tests/modes/test_contract_command.py::"
        "test_two_files_of_one_name_are_refused_with_both_paths",
    ),
    "contract-17-business-tax-2016": (
        f"{CONTRACT}settlement/test_tax_split.py::"
        "test_a_tax_that_ended_within_the_year_was_paid_until_its_end",
    ),
    "contract-18-refund": (
        f"{CONTRACT}settlement/test_projects_csv.py::"
        "test_refunds_are_read_and_divided_with_the_centre",
        f"{CONTRACT}settlement/test_ledger.py::"
        "test_a_refund_is_the_hosts_and_taken_off_what_is_shared_later",
    ),
    "contract-19-late-mover": (
        f"{CONTRACT}settlement/test_projects_csv.py::"
        "test_each_project_has_its_own_years_before_its_move",
        f"{CONTRACT}settlement/test_ledger.py::test_a_project_shares_from_its_arrival_to_its_exit",
    ),
    "contract-34-same-coordinates": (
        "tests/report/test_geography.py::test_flows_between_places_at_one_point_are_drawn",
        CHECKED,
    ),
    "contract-35-scenario-rows": (
        f"{MARKET}counterfactuals/test_scenario.py::test_a_mistake_is_named",
    ),
    "contract-36-no-departures": (
        f"{MARKET}problem/test_choice.py::test_no_figure_of_a_plan_is_not_a_number",
    ),
    "report-01-mrio-study": (
        f"{ACCOUNTS}test_study_table.py::test_a_table_of_regions_adds_up_to_the_nation_and_is_kept",
        CHECKED,
    ),
    "report-02-io-table-rounded": (
        f"{ACCOUNTS}test_study_table.py::"
        "test_gaps_of_printed_figures_are_booked_as_statistical_error_and_said",
        f"{ACCOUNTS}test_study_table.py::test_a_gap_beyond_rounding_is_refused_with_both_sums",
    ),
    "report-03-industry-not-in-io-table": (
        f"{ACCOUNTS}test_study_table.py::"
        "test_an_industry_that_the_table_does_not_list_buys_and_sells_nothing",
        CHECKED,
    ),
    "report-04-strict-workbook": (
        f"{STUDY}test_workbook_marks.py::test_marks_are_found_in_every_dialect",
    ),
    "report-06-formula-without-value": (
        f"{STUDY}test_workbook_marks.py::test_marks_are_found_in_every_dialect",
    ),
    "report-09-zip-flattened": (
        "tests/api/test_studies.py::test_what_lies_beside_the_settings_wins",
        "tests/api/test_studies.py::test_a_table_that_is_there_twice_is_refused",
    ),
    "report-10-two-provinces-with-totals": (
        f"{ACCOUNTS}test_completion.py::test_what_is_missing_is_what_its_own_province_leaves",
    ),
    "report-11-total-among-regions": (
        f"{STUDY}test_double_counting.py::test_a_total_of_regions_is_told_by_its_figures",
        f"{STUDY}test_double_counting.py::test_a_subtotal_of_the_rows_below_it_is_told",
    ),
    "report-12-distances-one-way": (
        f"{STUDY}test_distances.py::test_a_row_given_one_way_holds_for_both",
    ),
    "report-14-moran-of-a-constant": (
        f"{ADVANTAGE}test_degenerate.py::test_moran_is_not_defined_and_says_why",
        f"{ADVANTAGE}test_diagnosis.py::test_what_is_not_defined_is_listed_with_its_reason",
    ),
    "report-16-industry-new-to-the-nation": (
        f"{ADVANTAGE}test_shift_share.py::test_an_industry_new_to_the_nation_is_all_competitive",
        f"{ADVANTAGE}test_diagnosis.py::test_what_is_not_defined_is_listed_with_its_reason",
    ),
    "report-19-traditional-characters": (
        "tests/modes/technology/text/test_features.py::"
        "test_traditional_characters_count_as_simplified_ones",
    ),
    "report-20-merged-city": (
        f"{STUDY}test_successions.py::test_figures_before_the_merger_are_the_successors",
        f"{STUDY}test_successions.py::test_missing_rows_point_to_the_successor",
        f"{STUDY}test_successions.py::test_an_unsaid_merger_is_pointed_out",
    ),
    "report-21-small-sigma": (
        f"{MARKET}problem/test_choice.py::test_the_surplus_of_the_last_to_move_is_sigma",
        f"{MARKET}problem/test_choice.py::test_no_figure_of_a_plan_is_not_a_number",
        f"{STUDY}test_intervals.py::test_check_and_the_commands_refuse_a_value_beyond_meaning",
    ),
    "report-23-projects-in-gbk": (
        f"{CONTRACT}settlement/test_projects_csv.py::"
        "test_projects_saved_by_a_chinese_spreadsheet_are_the_same",
        f"{STUDY}test_table_file.py::test_every_form_gives_the_same_texts",
    ),
    "report-24-terms-in-gbk-or-with-a-mark": (
        f"{CONTRACT}contract/test_terms.py::test_terms_are_read_in_any_encoding",
        f"{MARKET}counterfactuals/test_scenario.py::test_a_scenario_is_read_in_any_encoding",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_test_that_is_named_is_there(case: str, repository: Path) -> None:
    assert CASES[case]
    for named in CASES[case]:
        file, _, test = named.partition("::")
        assert test in names_in(repository / file), named


def test_every_input_is_named(repository: Path) -> None:
    folder = repository.parent / "shared" / "cases"
    if not folder.is_dir():
        pytest.skip(f"the inputs that once failed are not at {folder}")
    there = {each.parent.name for each in folder.glob("*/run.sh")}
    assert there == set(CASES)


def test_the_pages_on_trust_count_them(repository: Path) -> None:
    pages = list((repository / "docs").rglob("trust.md"))
    assert pages
    tests = {test for named in CASES.values() for test in named}
    for page in pages:
        lines = page.read_text(encoding="utf-8").splitlines()
        (line,) = (line for line in lines if "tests/test_cases.py" in line)
        assert {str(len(CASES)), str(len(tests))} <= set(re.findall(r"\d+", line)), page


@cache
def names_in(path: Path) -> frozenset[str]:
    """Names of the tests in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))
