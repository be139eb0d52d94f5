"""Every kind of file that an import has to give back as it was made. All SYNTHETIC."""

from collections.abc import Callable
from pathlib import Path

from tests.study.importing.chinese_files import (
    indicators_of_cities,
    list_of_enterprises,
    list_of_parks,
    measures_in_rows,
    needs_of_industries,
    unicode_text_of_excel,
    yearbook_of_sheets,
    yearbook_of_years_across,
)
from tests.study.importing.office_cells import OfficeFile
from tests.study.importing.published_files import (
    county_business_patterns,
    english_table,
    eurostat_tsv,
    quarterly_census,
    saved_system,
    sdmx_csv,
)

OFFICE_FILES: tuple[Callable[[Path], OfficeFile], ...] = (
    yearbook_of_sheets,
    yearbook_of_years_across,
    unicode_text_of_excel,
    measures_in_rows,
    indicators_of_cities,
    list_of_enterprises,
    list_of_parks,
    needs_of_industries,
    english_table,
    eurostat_tsv,
    sdmx_csv,
    quarterly_census,
    county_business_patterns,
    saved_system,
)
