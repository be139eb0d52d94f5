"""Surveys of a study's pairs as pages: pairs of homes and hosts, a trusteeship, the mode."""

import polars as pl

from yanzhen.modes.coconstruction.surveys.surveys import (
    ModeSurvey,
    PairSurvey,
    TrusteeshipSurvey,
)
from yanzhen.report.analyses.contract_appraisal import in_words
from yanzhen.report.analyses.contract_page import (
    LIMITS,
    contract_document,
    covered,
    limits,
)
from yanzhen.report.document.document import Document, Drawing, Section, with_rows
from yanzhen.report.figures.pairing import mode_matrix, pair_matrix, uplift_curve, uplift_interval
from yanzhen.report.tables.basis import Parametrised
from yanzhen.report.tables.table import Table, shown_table
from yanzhen.report.text.quantities import amount, percent, small
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import columns_of

MOST_ROWS = 40
OF_PAIRS = columns_of(PairSurvey)
COLUMNS = {
    "pairs": OF_PAIRS["pairs"],
    "prices": OF_PAIRS["prices"],
    "modes": columns_of(ModeSurvey)["modes"].only("home host industry mode joint lead why"),
    "curve": columns_of(TrusteeshipSurvey)["curve"],
}
HEADS = {
    "prices": {"price": "partner_price"},
    "curve": {"share": "uplift_share", "home": "home_gain", "host": "host_gain"},
}


def pairs_document(survey: PairSurvey, reader: Reader) -> Document:
    """Return the report on a pairing."""
    pairs, prices = (
        _table(key, frame, reader)
        for key, frame in (("pairs", survey.pairs), ("prices", _prices(survey, reader)))
    )
    drawn = Drawing("pair_matrix", pair_matrix(survey, reader))
    return contract_document(
        survey,
        reader,
        reader.word("contract.pairs_title"),
        _lead(survey, survey.industries, reader),
        pair_findings(survey, reader),
        [
            Section("pairs", [drawn, *with_rows([pairs])]),
            Section("partners", with_rows([prices])),
        ],
        _limits(survey, reader, LIMITS),
    )


def modes_document(survey: ModeSurvey, reader: Reader) -> Document:
    """Return the report on a choice among modes."""
    drawn = Drawing("mode_matrix", mode_matrix(survey, reader))
    shown = with_rows([mode_table(survey.modes.head(MOST_ROWS), reader)])
    return contract_document(
        survey,
        reader,
        reader.word("contract.modes_title"),
        _lead(survey, (), reader),
        mode_findings(survey, reader),
        [Section("modes", [drawn, *shown])],
        _limits(survey, reader, (*LIMITS, "managing")),
    )


def trusteeship_document(survey: TrusteeshipSurvey, reader: Reader) -> Document:
    """Return the report on a trusteeship."""
    known = reader.names
    home, host = known.regions[survey.home], known.places[survey.host]
    drawn = Drawing("uplift_curve", uplift_curve(survey, reader))
    return contract_document(
        survey,
        reader,
        reader.word("contract.trust_title", home=home, host=host),
        reader.word("contract.gains_lead", **covered(survey, survey.industries, reader)),
        trusteeship_findings(survey, reader),
        [Section("managed", [drawn, *with_rows([_table("curve", survey.curve, reader)])])],
        _limits(survey, reader, ("origins", "taxes", "managing")),
    )


def pair_findings(survey: PairSurvey, reader: Reader) -> tuple[str, ...]:
    """Return what a pairing comes to, in sentences."""
    unit = reader.money
    positive = survey.gains.filter(pl.col("joint") > 0).height
    neither = survey.gains.filter((pl.col("home_gain") >= 0) & (pl.col("host_gain") >= 0)).height
    said = [
        reader.word(
            "pair_finding.how_many",
            count=survey.gains.height,
            positive=positive,
            both=neither,
        )
    ]
    if survey.pairs.is_empty():
        return (*said, reader.word("pair_finding.none"))
    first = survey.pairs.row(0, named=True)
    said.append(
        reader.word(
            "pair_finding.pairs",
            count=survey.pairs.height,
            worth=amount(survey.worth, unit),
            **reader.named(first, "home host"),
            joint=amount(first["joint"], unit),
        )
    )
    said.append(
        reader.word(
            "pair_finding.proof",
            gap=small(abs(survey.gap) / survey.worth),
            blocking=small(survey.blocking / survey.worth),
        )
    )
    return tuple(said)


def mode_findings(survey: ModeSurvey, reader: Reader) -> tuple[str, ...]:
    """Return which mode is for whom, in sentences."""
    unit = reader.money
    said = [
        reader.word(
            "mode_finding.count",
            mode=mode_word(mode, reader),
            count=count,
            share=reader.share_of(count, survey.modes.height),
        )
        for mode, count in survey.modes["mode"].value_counts(sort=True).iter_rows()
    ]
    if survey.modes.is_empty() or survey.modes["joint"][0] <= 0:
        return (*said, reader.word("mode_finding.none"))
    first = survey.modes.row(0, named=True)
    said.append(
        reader.word(
            "mode_finding.first",
            **reader.named(first, "home host industry"),
            mode=mode_word(first["mode"], reader),
            joint=amount(first["joint"], unit),
            lead=amount(first["lead"], unit),
            why=reader.word(f"gain_part.{first['why']}"),
            why_amount=amount(first["why_amount"], unit),
        )
    )
    return tuple(said)


def trusteeship_findings(survey: TrusteeshipSurvey, reader: Reader) -> tuple[str, ...]:
    """Return what a trusteeship is worth, in sentences."""
    known, unit, managed = reader.names, reader.money, survey.trusteeship
    return (
        reader.word(
            "trust_finding.worth",
            home=known.regions[survey.home],
            host=known.places[survey.host],
            output=amount(survey.output, unit),
            part=percent(managed.home_part, 0),
            home_gain=amount(survey.home_gain, unit),
            host_gain=amount(survey.host_gain, unit),
        ),
        uplift_interval(survey, reader),
        reader.word(
            "trust_finding.assumed",
            productivity=percent(managed.productivity),
            cost=percent(managed.running_cost),
            source=reader.word("assumption") if managed.source == "assumption" else managed.source,
        ),
    )


def mode_table(modes: pl.DataFrame, reader: Reader) -> Table:
    """Rows of a survey of modes as shown."""
    return _table("modes", _modes(modes, reader), reader)


def mode_word(mode: str, reader: Reader) -> str:
    """Return the name of a mode."""
    return reader.word(f"mode.{mode.replace(' + ', '_')}")


def _lead(survey: PairSurvey | ModeSurvey, industries: tuple[str, ...], reader: Reader) -> str:
    said = covered(survey, industries, reader)
    return reader.word("contract.survey_lead", scheme=survey.scheme, **said)


def _limits(survey: Parametrised, reader: Reader, keys: tuple[str, ...]) -> tuple[str, ...]:
    """What bounds the figures; regions whose data are in doubt by name."""
    flagged = survey.study.about.flagged_regions
    if not flagged:
        return limits(reader, keys)
    known = reader.names.regions
    listed = reader.word("comma").join(known.get(code, code) for code in flagged)
    return (*limits(reader, keys), reader.word("contract_limit.flagged", regions=listed))


def _table(key: str, frame: pl.DataFrame, reader: Reader) -> Table:
    heads = {name: reader.word(f"column.{head}") for name, head in HEADS.get(key, {}).items()}
    return shown_table(reader, f"survey_{key}", frame, COLUMNS[key], heads=heads)


def _prices(survey: PairSurvey, reader: Reader) -> pl.DataFrame:
    ordered = survey.prices.sort("price", "side", "place", descending=[True, False, False])
    return ordered.with_columns(in_words("side", "party", reader))


def _modes(modes: pl.DataFrame, reader: Reader) -> pl.DataFrame:
    return modes.with_columns(
        pl.col("mode").map_elements(lambda mode: mode_word(mode, reader), return_dtype=pl.String),
        in_words("why", "gain_part", reader),
        in_words("against", "gain_part", reader),
    )
