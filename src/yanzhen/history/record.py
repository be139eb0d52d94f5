"""What happened, as amounts by region, industry and year: from one file or from a study."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats, leaf_regions
from yanzhen.advantage.attraction import distances
from yanzhen.advantage.cross_table import cross_table
from yanzhen.history.panel_file import is_panel_file, panel_of_frame, read_panel_file
from yanzhen.history.words import message
from yanzhen.study import TABLES, About, Problem, Study, StudyError, Units, read_study
from yanzhen.study.statuses import ESTIMATED, given_status
from yanzhen.study.words import size_words


@dataclass(frozen=True)
class Record:
    """Amounts of a panel, NaN where missing.

    Attributes
    ----------
    regions, industries, years : labels of the three axes, each sorted
    amount : (N, S, T) output or employment; a share of employment times the region's population
    measure : name of the column that the amounts come from
    distance : (N, N) km, NaN where the panel has no coordinates
    study : what it says about itself and its regions; of a lone file, its labels and name
    """

    regions: tuple[str, ...]
    industries: tuple[str, ...]
    years: tuple[int, ...]
    amount: Floats
    measure: str
    distance: Floats
    study: Study

    def of_year(self, year: int) -> Floats:
        """(N, S) amounts of a year.

        Raises
        ------
        ValueError
            If the record has no such year.
        """
        return self.amount[:, :, self.years.index(year)]


def read_record(path: str | Path) -> Record:
    """Read a panel: one CSV or Parquet file, or a study in any of its forms.

    A file has the columns region, industry, year and the first that is there of output,
    employment and employment_share; with employment_share a column population gives the
    region's size, otherwise all regions are the same size.

    Raises
    ------
    StudyError
        With everything that is wrong.
    """
    place = Path(path)
    if is_panel_file(place):
        return _of_file(*read_panel_file(place), str(path))
    return record_of_study(read_study(path))


def record_of_frame(frame: pl.DataFrame, file: str) -> Record:
    """Lay out a long frame; `file` names it in what is wrong.

    Raises
    ------
    StudyError
        With everything that is wrong.
    """
    return _of_file(*panel_of_frame(frame, file), file)


def _of_file(frame: pl.DataFrame, measure: str, file: str) -> Record:
    regions = tuple(frame["region"].unique().sort())
    last = int(frame["year"].max())  # type: ignore[arg-type]
    return _laid_out(
        frame.rename({"amount": measure}),
        regions,
        measure,
        np.full((len(regions),) * 2, np.nan),
        study_of_labels(regions, tuple(frame["industry"].unique().sort()), last, file),
    )


def study_of_labels(
    regions: tuple[str, ...], industries: tuple[str, ...], year: int, file: str
) -> Study:
    """A study that knows no more than its labels; a file named SYNTHETIC holds made-up figures."""
    title = Path(file).stem
    about = About(
        title_zh=title,
        title_en=title,
        currency="",
        units=Units(),
        base_year=year,
        region_classification="",
        industry_classification="",
        licence="",
        synthetic="synthetic" in title.lower(),
    )
    labels = {"regions": ("region", regions), "industries": ("industry", industries)}
    tables: dict[str, pl.DataFrame] = {
        name: schema.create_empty() for name, schema in TABLES.items()
    }
    for name, (key, codes) in labels.items():
        known = pl.DataFrame({key: codes}, schema={key: pl.String})
        tables[name] = pl.concat([tables[name], known], how="diagonal")
    return Study(about, tables, file)


def record_of_study(study: Study) -> Record:
    """Observed output, or another measure of size, of a study's leaf regions."""
    regions, size = leaf_regions(study.tables["regions"]), study.about.measured_by
    observed = study.tables["activity"].filter(
        pl.col("region").is_in(regions),
        pl.col(size.measure).is_not_null(),
        given_status(size.status, study.about.synthetic) != ESTIMATED,
    )
    if observed.is_empty():
        said = message("nothing_observed", measure=size_words(size))
        raise StudyError([Problem.at(study.path, "activity", None, size.measure, *said)])
    return _laid_out(observed, regions, size.measure, distances(study, regions), study)


def _laid_out(
    frame: pl.DataFrame, regions: tuple[str, ...], measure: str, distance: Floats, study: Study
) -> Record:
    industries = tuple(frame["industry"].unique().sort())
    years = tuple(frame["year"].unique().sort())
    amount = np.stack(
        [
            cross_table(frame.filter(pl.col("year") == year), measure, regions, industries).values
            for year in years
        ],
        axis=2,
    )
    return Record(regions, industries, years, amount, measure, distance, study)
