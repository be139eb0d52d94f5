"""The tables of matched achievements as a reader sees them, and why one pair was matched."""

from typing import Literal, get_args

import polars as pl

from yanzhen.modes.technology.matching.matching import MATCHES, Matching
from yanzhen.report.tables.table import Column, Table, shown_table
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import columns, columns_of

Key = Literal["matches", "partners", "flows", "unmatched", "outbid", "words", "rejected"]
KEYS: tuple[Key, ...] = get_args(Key)
WORDS_NAMED = 4
TERM = "term_"
SIDES = ("achievement", "partner")
HEADS = {
    "region": "owned_in",
    "home_region": "received_in",
    "channel": "channel_head",
    "relevance": "term_relevance",
}
PARTNER_HEADS = {"region": "stands_in", "home_region": "received_in"}
OF_NEEDS = ("suitable", "evidence")
"""Columns of partners that only needs have a use for."""
SHOWN = {
    "matches": """achievement achievement_title region partner partner_title home_region rank share
        taken value""",
    "partners": """partner partner_title region home_region capacity expected suitable evidence
        price contract contract_terms""",
    "unmatched": "achievement achievement_title licences taken unmatched",
    "outbid": """partner partner_title achievement achievement_title relevance value taken
        taken_by_others taker licence_price""",
    "rejected": "achievement achievement_title partner partner_title reason",
}
ADDED = columns(
    "achievement_title partner_title region home_region unmatched shared_words price", price="index"
)
"""Columns that the frames have not."""
WORDS = columns("achievement partner shared_words")
OF_RESULT = {"matches": "pairs"}
"""Names of frames of the result, where the tables have others."""
COLUMNS = {
    key: (declared | ADDED).only(SHOWN.get(key, " ".join(declared)))
    for key in KEYS
    for declared in (columns_of(Matching)[OF_RESULT.get(key, key)],)
}


def technology_table(
    matching: Matching, key: Key, reader: Reader, region: str = "", said: str = ""
) -> Table:
    """Return one table of matches as shown.

    Parameters
    ----------
    region : of the owner, or where a partner stands; every one where empty
    said : part of a code or title that a row must hold, whatever the case
    """
    frame = _frame(matching, key, reader)
    if region and "region" in frame.columns:
        frame = frame.filter(pl.col("region") == region)
    if said:
        sides = [name for name in frame.columns if name.startswith(SIDES)]
        held = pl.any_horizontal(
            pl.col(name).str.to_lowercase().str.contains(said.lower(), literal=True)
            for name in sides
        )
        frame = frame.filter(held) if sides else frame
    kinds = COLUMNS[key]
    if key == "matches":
        terms = " ".join(name for name in frame.columns if name.startswith(TERM))
        kinds |= (MATCHES | ADDED).only(f"{terms} price shared_words")
    if key == "partners" and matching.kind != "needs":
        kinds = kinds.only(" ".join(name for name in kinds if name not in OF_NEEDS))
    heads = PARTNER_HEADS if key == "partners" else HEADS
    return shown_table(
        reader,
        f"technology_{key}",
        frame,
        kinds,
        title=reader.word(f"technology.table.{key}.title"),
        note=reader.word(f"technology.table.{key}.note"),
        heads={name: reader.word(f"technology.{heads.get(name, name)}") for name in kinds},
    )


def match_reasons(matching: Matching, achievement: str, partner: str, reader: Reader) -> Table:
    """Return the terms that one match's value is the sum of, and its scarcity price.

    Raises
    ------
    KeyError
        When the pair is not among the matches.
    """
    found = matching.pairs.filter(achievement=achievement, partner=partner)
    if found.is_empty():
        raise KeyError(f"{achievement}:{partner}")
    row = found.row(0, named=True)
    terms = [(name, row[name]) for name in found.columns if name.startswith(TERM)]
    said = [(reader.word(f"technology.{name}"), worth) for name, worth in terms if worth]
    sums = [(reader.word(f"technology.{name}"), row[name]) for name in ("value", "price")]
    return Table(
        "technology_reasons",
        reader.word("technology.table.reasons.title"),
        reader.word("technology.table.reasons.note"),
        (
            Column("term", reader.word("technology.term"), "", "text"),
            Column("worth", reader.word("technology.worth"), "", "index"),
        ),
        [*said, *sums],
        frozenset(),
    )


def _frame(matching: Matching, key: Key, reader: Reader) -> pl.DataFrame:
    frame: pl.DataFrame = {
        "matches": matching.pairs,
        "partners": matching.partners,
        "flows": matching.flows.sort("expected", descending=True, maintain_order=True),
        "unmatched": matching.unmatched.rename({"share": "unmatched"}),
        "outbid": matching.outbid.with_columns(
            pl.col("taker").replace(titles_of(matching, reader))
        ),
        "words": matching.words.filter(pl.col("channel") != "ngram"),
        "rejected": matching.rejected,
    }[key]
    if key == "matches":
        owner = matching.achievements.select("achievement", "region")
        home = matching.partners.select("partner", "home_region")
        words = shared_words(matching, reader)
        heaviest = WORDS.frame((*pair, said) for pair, said in words.items())
        frame = (
            frame.join(owner, on="achievement", how="left", maintain_order="left")
            .join(home, on="partner", how="left", maintain_order="left")
            .join(heaviest, on=SIDES, how="left", maintain_order="left")
            .sort("share", "achievement", descending=[True, False], maintain_order=True)
        )
        terms = [name for name in frame.columns if name.startswith(TERM)]
        frame = frame.drop(name for name in terms if not (frame[name] != 0).any())
    if key == "partners":
        frame = frame.sort("expected", "partner", descending=[True, False])
    if key == "words":
        said = {each: reader.word(f"technology.channel.{each}") for each in set(frame["channel"])}
        frame = frame.with_columns(pl.col("channel").replace(said))
    title = titles_of(matching, reader)
    return frame.with_columns(
        pl.col(side).replace_strict(title, default=pl.col(side)).alias(f"{side}_title")
        for side in SIDES
        if side in frame.columns
    )


def shared_words(matching: Matching, reader: Reader) -> dict[tuple[str, str], str]:
    """Return the heaviest shared words of each pair, in both texts where they differ."""
    name = reader.names.industries
    found: dict[tuple[str, str], dict[str, None]] = {}
    for row in matching.words.filter(pl.col("channel") != "ngram").iter_rows(named=True):
        mine, theirs = row["in_achievement"], row["in_partner"]
        if row["channel"] == "industry":
            mine = theirs = name.get(mine, mine)
        pair = found.setdefault((row["achievement"], row["partner"]), {})
        if len(pair) < WORDS_NAMED:
            pair[mine if mine == theirs else f"{mine} = {theirs}"] = None
    return {pair: "; ".join(words) for pair, words in found.items()}


def titles_of(matching: "Matching", reader: Reader) -> dict[str, str]:
    """Titles of achievements and partners by code; regions by their name in the language."""
    titles = {
        code: title or code
        for frame, key in ((matching.achievements, "achievement"), (matching.partners, "partner"))
        for code, title in frame.select(key, "title").iter_rows()
    }
    return titles | (reader.names.regions if matching.kind == "regions" else {})
