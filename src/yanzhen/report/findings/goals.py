"""What the scoreboard says, and what became of projects, in sentences."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.goals.conversion import funnel
from yanzhen.goals.risk import BAD, SURE
from yanzhen.phrasebook import in_language
from yanzhen.report.tables.goals import in_region, indicators, needed, term_name, unit_of
from yanzhen.report.text.quantities import amount, number, percent
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.goals.scoreboard import Goals
    from yanzhen.goals.tracking import Tracking

NAMED = 2
HORIZON = 36.0
"""Months after which incidence is said."""


def goal_findings(found: "Goals", reader: Reader) -> list[str]:
    """Return what moved most, what has no data, how far targets are, and what was foreseen."""
    board = found.scoreboard
    known = board.drop_nulls("now")
    said = [
        reader.word(
            "goals.finding.known" if found.draws else "goals.finding.known_only",
            known=known.height,
            all=board.height,
            draws=found.draws,
        )
    ]
    moved = board.drop_nulls("directed").sort("directed", "indicator", descending=[True, False])
    for key, rows in (
        ("toward", moved.filter(pl.col("directed") > 0).head(NAMED)),
        ("away", moved.filter(pl.col("directed") < 0).reverse().head(NAMED)),
    ):
        if rows.height:
            each = reader.word("semicolon").join(_moved(row, reader) for row in rows.to_dicts())
            said.append(reader.word(f"goals.finding.{key}", each=each))
    missing = board.filter(pl.col("now").is_null())
    if missing.height:
        needs = "; ".join(sorted(set(missing["needs"].str.split("; ").explode())))
        said.append(
            reader.word("goals.finding.missing", count=missing.height, needs=needed(reader, needs))
        )
    if found.no_plan[0]:
        said.append(
            reader.word(
                "goals.finding.no_plan",
                why=in_language(found.no_plan, reader.lang).rstrip(".。"),
            )
        )
    targets = found.targets
    if targets.is_empty():
        said.append(reader.word("goals.finding.no_targets"))
    else:
        met = int(targets["met"].sum())
        said.append(reader.word("goals.finding.targets", count=targets.height, met=met))
    if found.scores.height:
        held = found.scores.drop_nulls("covered")
        said.append(
            reader.word(
                "goals.finding.scores",
                count=found.scores.height,
                covered=int(held["covered"].sum()),
                of=held.height,
            )
        )
    if found.revisions.height:
        said.append(reader.word("goals.finding.revisions", count=found.revisions.height))
    return said


def _moved(row: dict[str, object], reader: Reader) -> str:
    of = indicators(reader)[str(row["indicator"])]
    unit = unit_of(of, reader)
    said = unit if unit == "%" or not unit else f" {unit}"
    return reader.word(
        "goals.finding.moved",
        name=of.name(reader.lang),
        first=row["base_year"],
        last=row["now_year"],
        before=number(float(str(row["base"]))) + (unit if unit == "%" else ""),
        after=number(float(str(row["now"]))) + said,
    )


def track_findings(found: "Tracking", reader: Reader, region: str | None = None) -> list[str]:
    """Return how many came how far, how soon, what funds arrived, and what can't be claimed.

    Parameters
    ----------
    region : whose projects are counted; times are of those of all regions whatever it is
    """
    projects = in_region(found.projects, region)
    said = _counts(projects, found.last_day, reader)
    if region is not None:
        name = reader.names.regions.get(region, region)
        said = [reader.word("goals.finding.of_region", region=name, told=told) for told in said]
        said.append(reader.word("goals.finding.of_all"))
    said += _soon(found, reader)
    said += _hazards(found, reader)
    said += _at_risk(found, reader, region)
    for row in found.models.filter(pl.col("outcome") != "fitted").to_dicts():
        said.append(
            reader.word(
                f"goals.finding.{row['outcome']}",
                origin=reader.word(f"goals.after.{row['origin']}"),
                cause=reader.word(f"goals.cause.{row['cause']}"),
                events=row["events"],
                needed=row["events_needed"],
            )
        )
    return said


def _counts(projects: pl.DataFrame, last_day: str, reader: Reader) -> list[str]:
    """How many projects came how far, and what funds of theirs arrived."""
    stages = {row["stage"]: row for row in funnel(projects).to_dicts()}
    signed, made = stages["signed"], stages["in_production"]
    said = [
        reader.word(
            "goals.finding.funnel",
            projects=projects.height,
            signed=signed["reached"],
            produced=made["reached"],
            share=percent(made["of_signed"]),
            day=last_day,
        )
    ]
    capital = projects.drop_nulls(["capital_signed", "funds_arrived"])
    if capital.height:
        pledged = float((capital["capital_signed"] + capital["capital_added"].fill_null(0)).sum())
        arrived = float(capital["funds_arrived"].sum())
        said.append(
            reader.word(
                "goals.finding.funds",
                projects=capital.height,
                pledged=amount(pledged, reader.money),
                arrived=amount(arrived, reader.money),
                share=reader.share_of(arrived, pledged),
            )
        )
    return said


def _soon(found: "Tracking", reader: Reader) -> list[str]:
    """The incidence after three years, with its interval."""
    rows = found.incidence.filter(pl.col("months") == HORIZON).drop_nulls(["low", "high"])
    return [
        reader.word(
            "goals.finding.incidence",
            origin=reader.word(f"goals.after.{row['origin']}"),
            cause=reader.word(f"goals.cause.{row['cause']}"),
            months=number(row["months"]),
            share=percent(row["probability"]),
            low=percent(row["low"]),
            high=percent(row["high"]),
        )
        for row in rows.to_dicts()
    ]


def _hazards(found: "Tracking", reader: Reader) -> list[str]:
    """What tells projects that end before production from others, where that is sure."""
    rows = found.hazards.filter(origin="signed", cause="ended")
    sure = rows.filter((pl.col("low") > 1) | (pl.col("high") < 1)).sort("p", "term")
    return [
        reader.word(
            "goals.finding.hazard",
            term=term_name(reader, row["term"]),
            ratio=number(row["hazard_ratio"]),
            low=number(row["low"]),
            high=number(row["high"]),
        )
        for row in sure.head(NAMED).to_dicts()
    ]


def _at_risk(found: "Tracking", reader: Reader, region: str | None) -> list[str]:
    """The projects most at risk of each event, where anything tells them from others."""
    said = []
    for cause in found.at_risk["cause"].unique(maintain_order=True):
        of_all = found.at_risk.filter(cause=cause)
        rows = in_region(of_all, region)
        if rows.is_empty():
            continue
        each = (
            f"{row['project']} ×{number(row['relative_hazard'])}"
            for row in rows.head(NAMED).to_dicts()
        )
        said.append(
            reader.word(
                "goals.finding.at_risk",
                cause=reader.word(f"goals.of.{cause}"),
                each=reader.word("comma").join(each),
                projects=of_all.height,
            )
        )
    told = set(found.at_risk["cause"])
    for row in found.models.drop_nulls("p_together").filter(pl.col("cause").is_in(BAD)).to_dicts():
        if row["cause"] not in told and row["p_together"] >= SURE:
            said.append(
                reader.word(
                    "goals.finding.no_order",
                    cause=reader.word(f"goals.of.{row['cause']}"),
                    p=number(row["p_together"]),
                )
            )
    return said
