"""What every picture, table and print carries: study, date, source and status."""

from typing import Literal

from yanzhen.report.text.reader import Reader

Status = Literal["synthetic", "observed", "estimated", "modelled", "assumed"]

OF_DATA = frozenset({"history", "completeness", "hold_out"})
"""Pictures and tables of a plan whose figures are the study's own, gaps estimated."""
OF_MODEL = frozenset(
    {"opportunities", "rank_intervals", "capacity", "capacity_weights", "pressure"}
)
"""Those of a diagnosis that rest on draws or weights."""
ASSUMED = frozenset({"parameters", "effects_parameters"})


def status_of(reader: Reader, key: str, usual: Status) -> Status:
    """Return how the figures of a picture or table came about.

    Parameters
    ----------
    key : of the picture or table
    usual : status of most of the document that it stands in
    """
    if reader.study.about.synthetic:
        return "synthetic"
    if key in ASSUMED:
        return "assumed"
    if key in OF_DATA:
        return "estimated"
    return "modelled" if key in OF_MODEL else usual


def source_of(reader: Reader) -> str:
    """Return where the study's figures by region and industry come from, each source once."""
    sources = reader.study.about.sources
    own = [source for source in sources if source.table == "activity"] or list(sources[:1])
    titles = dict.fromkeys(source.title_in(reader.lang) for source in own)
    return reader.word("stamp.and").join(titles) or reader.word("stamp.no_source")


def stamp(reader: Reader, status: Status, last: int | None = None) -> str:
    """Return the line that stands under a picture or table.

    Parameters
    ----------
    last : year up to which its data are, that of the study where none is given
    """
    return reader.word(
        "stamp.line",
        study=reader.study_title,
        base=last or reader.study.about.base_year,
        source=source_of(reader),
        status=reader.word(f"stamp.{status}"),
    )
