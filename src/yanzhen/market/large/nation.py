"""A SYNTHETIC nation on disk: the market's arrays and a page that says what they are."""

import json
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from yanzhen.market.large.shards import write_shards
from yanzhen.market.large.synth import Marginals, synthetic_market, synthetic_shards
from yanzhen.market.problem.market import Market
from yanzhen.study.unreadable import Unreadable, reading_file

ABOUT = "nation.toml"
ARRAYS = tuple(field.name for field in fields(Market) if field.name != "sigma")


class NotANation(Exception):
    """The folder holds no nation, or not a whole one."""


def write_nation(
    folder: Path,
    enterprises: int,
    zones: int,
    seed: int,
    marginals: Marginals,
    marginals_from: str,
    sigma: float = 1.0,
) -> None:
    """Draw a SYNTHETIC nation and write it.

    Parameters
    ----------
    folder : new folder
    enterprises, zones, seed, marginals, sigma : as for `synthetic_market`
    marginals_from : name of what the marginals were taken from
    """
    market = synthetic_market(enterprises, zones, seed, sigma, marginals)
    folder.mkdir(parents=True)
    for name in ARRAYS:
        np.save(folder / f"{name}.npy", getattr(market, name))
    _write_about(folder, enterprises, zones, seed, marginals_from, sigma)


def write_nation_in_shards(
    folder: Path,
    enterprises: int,
    zones: int,
    seed: int,
    marginals: Marginals,
    marginals_from: str,
    sigma: float = 1.0,
) -> None:
    """Draw a SYNTHETIC nation shard by shard and write each; parameters as for `write_nation`."""
    market, shards = synthetic_shards(enterprises, zones, seed, sigma, marginals)
    folder.mkdir(parents=True)
    write_shards(folder, market, shards)
    _write_about(folder, enterprises, zones, seed, marginals_from, sigma)


def _write_about(
    folder: Path, enterprises: int, zones: int, seed: int, marginals_from: str, sigma: float
) -> None:
    """Say what a nation is."""
    about = {
        "title_en": f"SYNTHETIC nation of {enterprises} enterprises and {zones} zones",
        "title_zh": f"合成（SYNTHETIC）全国：{enterprises}家企业，{zones}个开发区",
        "marginals": marginals_from,
    }
    lines = ["synthetic = true", f"seed = {seed}", f"sigma = {sigma!r}"]
    lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in about.items()]
    (folder / ABOUT).write_text("\n".join(lines) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class NationAbout:
    """What a nation says of itself.

    Attributes
    ----------
    title_zh, title_en : that it is SYNTHETIC, and of what size
    marginals : name of the study that its marginals were taken from, whose regions are its groups
    """

    title_zh: str
    title_en: str
    marginals: str


def read_about(folder: Path) -> NationAbout:
    """Read what a nation says of itself.

    Raises
    ------
    NotANation
        When the folder holds none that can be read.
    """
    if not is_nation(folder):
        raise NotANation(f"{folder}: found no {ABOUT}; expected a folder by synth.")
    try:
        with reading_file():
            about = tomllib.loads((folder / ABOUT).read_text(encoding="utf-8"))
            return NationAbout(about["title_zh"], about["title_en"], about["marginals"])
    except Unreadable as error:
        raise _damaged(folder, error) from None


def is_nation(folder: Path) -> bool:
    """Whether a folder was written by `write_nation`."""
    return (folder / ABOUT).is_file()


def read_nation(folder: Path, mapped: bool = False) -> Market:
    """Read a nation back.

    Parameters
    ----------
    folder : written by `write_nation`
    mapped : whether arrays stay in their files and are read where they are used

    Raises
    ------
    NotANation
        When a file is missing or cannot be read.
    """
    missing = [
        name for name in (ABOUT, *(f"{n}.npy" for n in ARRAYS)) if not (folder / name).is_file()
    ]
    if missing:
        raise NotANation(f"{folder}: found no {', '.join(missing)}; expected a folder by synth.")
    try:
        with reading_file():
            about = tomllib.loads((folder / ABOUT).read_text(encoding="utf-8"))
            sigma = float(about["sigma"])
            arrays = {
                name: np.load(folder / f"{name}.npy", "r" if mapped else None) for name in ARRAYS
            }
    except Unreadable as error:
        raise _damaged(folder, error) from None
    return Market(**arrays, sigma=sigma)


def _damaged(folder: Path, error: Unreadable) -> NotANation:
    return NotANation(f"{folder}: a file cannot be read ({error}); expected a folder by synth.")
