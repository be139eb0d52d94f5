"""A contract of one pair of a study: its page, its workbook, and its findings in sentences."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from yanzhen.market.problem.tolerance import NOTHING
from yanzhen.modes.coconstruction.gains.appraisal import Appraisal
from yanzhen.report.analyses.contract_page import contract_document, covered, limits
from yanzhen.report.document.document import Document, Drawing, Section, with_rows
from yanzhen.report.figures.appraisal import (
    gain_course,
    gain_curve,
    gain_parts,
    gain_sensitivity,
    interval_text,
)
from yanzhen.report.tables.table import Table, shown_columns, shown_table
from yanzhen.report.text.quantities import amount, percent
from yanzhen.report.text.reader import Reader
from yanzhen.study.ratios import ratio
from yanzhen.study.result_columns import columns

COLUMNS = shown_columns(
    Appraisal,
    {
        "projects": """industry output without arriving probability_without probability_with
            diversion eligible""",
        "curve": "share home host joint",
    },
    "projects parts curve division sensitivity statistics",
) | {"yearly": columns("year gain_home cumulated_home gain_host cumulated_host")}
HEADS = {
    "curve": {"share": "home_share"},
    "projects": {"output": "output_at_home"},
    "statistics": {"output": "output_counted"},
}
NAMED = {"party": "party", "part": "gain_part", "rule": "division", "assumption": "assumption_of"}


def appraisal_values(appraisal: Appraisal) -> dict[str, Any]:
    """Return an appraisal as JSON-able values, in the study's units; without its sensitivity."""
    return {
        "home": appraisal.home,
        "host": appraisal.host,
        "industries": list(appraisal.industries),
        "scheme": appraisal.scheme,
        "synthetic": appraisal.study.about.synthetic,
        "money_unit": appraisal.study.about.units.money,
        "first_year": appraisal.start_year,
        "years": appraisal.years,
        "home_gain": appraisal.home_gain,
        "host_gain": appraisal.host_gain,
        "third_gain": appraisal.third_gain,
        "enterprise_gain": appraisal.enterprise_gain,
        "interval": [list(run) for run in appraisal.interval.intervals],
        "nash_share": appraisal.nash.share,
        "nash_not_defined": appraisal.nash.because[1],
        "home_weight": appraisal.home_weight,
        "break_even": dict(appraisal.break_even),
        **{
            name: getattr(appraisal, name).to_dicts()
            for name in ("projects", "parts", "yearly", "statistics", "division")
        },
    }


def appraisal_findings(appraisal: Appraisal, reader: Reader) -> tuple[str, ...]:
    """Return what a contract comes to, in sentences."""
    unit, known = reader.money, reader.names
    home, host = known.regions[appraisal.home], known.places[appraisal.host]
    arriving, without = (
        float(appraisal.projects[name].to_numpy().sum()) for name in ("arriving", "without")
    )
    gained = {"home": appraisal.home_gain, "host": appraisal.host_gain}
    outcome = "both" if min(gained.values()) >= 0 else "neither" if max(gained.values()) < 0 else ""
    outcome = outcome or ("home" if gained["home"] >= 0 else "host")
    # What a third party takes or pays is no loss to all together.
    whole = appraisal.home_gain + appraisal.host_gain + appraisal.third_gain
    said = [
        reader.word(
            f"contract_finding.{outcome}",
            home=home,
            host=host,
            home_gain=amount(appraisal.home_gain, unit),
            host_gain=amount(appraisal.host_gain, unit),
            years=appraisal.years,
        ),
        reader.word(
            "contract_finding.arrivals",
            home=home,
            host=host,
            arriving=amount(arriving, unit),
            without=amount(without, unit),
            stayed=percent(_diversion(appraisal)),
        ),
        reader.word("contract_finding.interval", found=interval_text(appraisal, reader)),
        reader.word(
            "contract_finding.joint_gain" if whole >= 0 else "contract_finding.joint_loss",
            joint=amount(abs(whole), unit),
            enterprises=amount(appraisal.enterprise_gain, unit),
        ),
    ]
    if not appraisal.sensitivity.is_empty():
        first = appraisal.sensitivity.row(0, named=True)
        said.append(
            reader.word(
                "contract_finding.sensitive",
                what=reader.word(f"assumption_of.{first['assumption']}"),
                low=f"{first['low']:g}",
                high=f"{first['high']:g}",
                home_low=amount(first["home_low"], unit),
                home_high=amount(first["home_high"], unit),
                host_low=amount(first["host_low"], unit),
                host_high=amount(first["host_high"], unit),
            )
        )
    return tuple(said)


def scheme_title(scheme: str, terms_title: str) -> str:
    """Return what a contract is called: its title, or the name of its file."""
    return terms_title or scheme


def _diversion(appraisal: Appraisal) -> float | None:
    """Part of what the contract draws that would have stayed at home; None where it draws none."""
    drawn = appraisal.projects.select(
        "arriving",
        gained=pl.col("arriving") - pl.col("without"),
        diversion="diversion",
    ).drop_nulls()
    gained = float(drawn["gained"].to_numpy().sum())
    stayed = float((drawn["gained"] * drawn["diversion"]).to_numpy().sum())
    return ratio(stayed, gained, float(drawn["arriving"].to_numpy().sum()), NOTHING)


def appraisal_document(appraisal: Appraisal, reader: Reader) -> Document:
    """Return the report on a contract of one pair of a study."""
    known, terms = reader.names, appraisal.terms

    def section(key: str, drawn: Drawing, *tables: str) -> Section:
        return Section(
            key, [drawn, *with_rows(appraisal_table(appraisal, each, reader) for each in tables)]
        )

    return contract_document(
        appraisal,
        reader,
        reader.word(
            "contract.gains_title",
            home=known.regions[appraisal.home],
            host=known.places[appraisal.host],
            scheme=scheme_title(
                appraisal.scheme, terms.title_zh if reader.lang == "zh" else terms.title_en
            ),
        ),
        reader.word("contract.gains_lead", **covered(appraisal, appraisal.industries, reader)),
        appraisal_findings(appraisal, reader),
        [
            section(
                "over_the_share", Drawing("gain_curve", gain_curve(appraisal, reader)), "division"
            ),
            section(
                "from_what",
                Drawing("gain_parts", gain_parts(appraisal, reader)),
                "projects",
                "statistics",
            ),
            section(
                "year_by_year", Drawing("gain_course", gain_course(appraisal, reader)), "yearly"
            ),
            section(
                "how_sure",
                Drawing("gain_sensitivity", gain_sensitivity(appraisal, reader)),
                "sensitivity",
            ),
        ],
        limits(reader),
    )


def appraisal_table(appraisal: Appraisal, key: str, reader: Reader) -> Table:
    """Return a frame of an appraisal, of `COLUMNS`, as shown."""
    frame: pl.DataFrame = getattr(appraisal, key)
    if key == "yearly":
        frame = frame.pivot("party", index="year", values=["gain", "cumulated"])
    named = [name for name in COLUMNS[key] if name in NAMED]
    frame = frame.with_columns(in_words(name, NAMED[name], reader) for name in named)
    heads: Mapping[str, str] = HEADS.get(key, {})
    return shown_table(
        reader,
        f"contract_{key}",
        frame,
        COLUMNS[key],
        heads={name: reader.word(f"column.{head}") for name, head in heads.items()},
    )


def in_words(column: str, group: str, reader: Reader) -> pl.Expr:
    """Return a column of codes in words, a code without words as it is."""
    return pl.col(column).map_elements(
        lambda code: reader.word_or(f"{group}.{code}", code), return_dtype=pl.String
    )
