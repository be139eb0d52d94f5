"""A nation in shards: its enterprises in Parquet files by the order of their cells.

The folder holds `nation.toml` (what it is), `shards.json` (the order and the sums of the shards),
and files named by a hash of what is in them: one of the sites and limits, and one of each shard.
A shard is one chunk of the pass, so that it is read, held, sent and summed as one.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from yanzhen.market.large.demand_pass import Enterprises
from yanzhen.market.large.population import Moments, Precision, moments_of, together
from yanzhen.market.large.simd import ENTERPRISES
from yanzhen.market.problem.market import Floats, Market, SummedPayoffs

INDEX = "shards.json"
OF_ENTERPRISES = ("mass", "needs", "stay", "cell", "intensities", "calibration")
OF_SITES = tuple(
    field.name for field in fields(Market) if field.name not in (*OF_ENTERPRISES, "base", "sigma")
)


class ShardsBroken(Exception):
    """A shard is missing, or holds other than its name says."""


@dataclass(frozen=True)
class Shard:
    """One shard of a nation.

    Attributes
    ----------
    name : of its file, a hash of what is in it
    count : enterprises
    moments : sums over them
    """

    name: str
    count: int
    moments: Moments


@dataclass(frozen=True)
class ShardedNation:
    """A nation in shards.

    Attributes
    ----------
    folder : where its files are
    sites : name of the file of sites and limits
    sigma : scale of the taste
    intensities : K
    shards : in the order of their cells
    """

    folder: Path
    sites: str
    sigma: float
    intensities: int
    shards: tuple[Shard, ...]

    @property
    def count(self) -> int:
        """Enterprises."""
        return sum(shard.count for shard in self.shards)

    @property
    def moments(self) -> Moments:
        """Sums over all enterprises."""
        return together([shard.moments for shard in self.shards])

    def market(self) -> Market:
        """Sites and limits, without any enterprise."""
        return read_sites(self.folder, self.sites, self.sigma, self.intensities)


def is_sharded(folder: Path) -> bool:
    """Whether a folder holds a nation in shards."""
    return (folder / INDEX).is_file()


def write_shards(folder: Path, market: Market, parts: Iterable[Market]) -> ShardedNation:
    """Write a nation in shards.

    Parameters
    ----------
    folder : where to; what lies there stays
    market : sites and limits; its enterprises are not read
    parts : the enterprises of every shard, each at the bounds of `shard_bounds`, sorted by cell
    """
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {name: getattr(market, name) for name in OF_SITES}
    if isinstance(market.base, SummedPayoffs):
        arrays |= {"origin": market.base.origin, "industry": market.base.industry}
    else:
        arrays["base"] = market.base
    beside = folder / "sites.part"
    with beside.open("wb") as file:
        np.savez(file, **arrays)
    sites = _named_by_content(beside, ".npz")
    shards = []
    for part in parts:
        beside = folder / "shard.part"
        _frame(part).write_parquet(beside, compression="lz4", statistics=False)
        name = _named_by_content(beside, ".parquet")
        shards.append(Shard(name, part.mass.size, moments_of(part)))
    nation = ShardedNation(folder, sites, market.sigma, market.intensities.shape[1], tuple(shards))
    index = {
        "sites": sites,
        "sigma": nation.sigma,
        "intensities": nation.intensities,
        "shards": [
            {"name": shard.name, "count": shard.count, "moments": _plain(shard.moments)}
            for shard in shards
        ],
    }
    beside = folder / f"{INDEX}.part"
    beside.write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")
    beside.replace(folder / INDEX)
    return nation


def read_shards(folder: Path) -> ShardedNation:
    """Read which shards a nation has; none of them is opened.

    Raises
    ------
    ShardsBroken
        With every shard that is missing.
    """
    index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    shards = tuple(
        Shard(each["name"], each["count"], _moments(each["moments"])) for each in index["shards"]
    )
    names = (index["sites"], *(shard.name for shard in shards))
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise ShardsBroken(f"{folder}: found no {', '.join(missing)}; {INDEX} names them.")
    return ShardedNation(folder, index["sites"], index["sigma"], index["intensities"], shards)


def read_sites(folder: Path, name: str, sigma: float, intensities: int) -> Market:
    """Sites and limits of a nation, without any enterprise."""
    with np.load(checked(folder / name)) as arrays:
        found = {key: arrays[key] for key in arrays.files}
    base = found.get("base")
    if base is None:
        base = SummedPayoffs(found["origin"], found["industry"])
    none = np.zeros(0)
    return Market(
        **{key: found[key] for key in OF_SITES},
        base=base,
        sigma=sigma,
        mass=none,
        needs=np.zeros((0, found["capacity"].shape[1])),
        stay=none,
        cell=np.zeros(0, np.int32),
        intensities=np.zeros((0, intensities)),
        calibration=np.zeros(0, np.int32),
    )


def read_rows(path: Path, sites: Market) -> Market:
    """The market of one shard's enterprises."""
    frame = pl.read_parquet(path, memory_map=False)
    return replace(
        sites,
        mass=_doubles(frame, "mass"),
        stay=_doubles(frame, "stay"),
        cell=frame["cell"].to_numpy(),
        calibration=frame["calibration"].to_numpy(),
        needs=_columns(frame, "need", sites.needs.shape[1]),
        intensities=_columns(frame, "intensity", sites.intensities.shape[1]),
    )


def read_outputs(path: Path) -> Floats:
    """Output of one shard's enterprises."""
    return _doubles(pl.read_parquet(path, columns=["mass"], memory_map=False), "mass")


def read_packed(path: Path, sites: Market, precision: Precision) -> Enterprises:
    """Enterprises of one shard packed for the pass, as `pack` does."""
    frame = pl.read_parquet(path, memory_map=False)
    groups = -(-frame.height // ENTERPRISES)
    kinds, resources = sites.intensities.shape[1], sites.needs.shape[1]
    names = [f"intensity_{k}" for k in range(kinds)] + [f"need_{r}" for r in range(resources)]
    weights = np.empty((groups, kinds + resources, ENTERPRISES), precision)

    def filled(name: str, dtype: Any, filling: float) -> Any:
        values = np.full(groups * ENTERPRISES, filling, dtype)
        values[: frame.height] = frame[name].to_numpy()
        return values

    for k, name in enumerate(names):
        weights[:, k] = filled(name, precision, 0.0).reshape(groups, ENTERPRISES)
    return Enterprises(
        weights,
        filled("mass", precision, 0.0),
        filled("stay", precision, 0.0),
        filled("cell", np.int32, 0),
        filled("calibration", np.int32, -1),
        frame.height,
        resources,
    )


def checked(path: Path) -> Path:
    """The path, once what is in its file has been held against its name.

    Raises
    ------
    ShardsBroken
        When the file is missing or holds something else.
    """
    if not path.is_file():
        raise ShardsBroken(f"{path}: not found.")
    found = _hash(path)
    if found != path.stem:
        raise ShardsBroken(f"{path}: found contents of the hash {found}, expected {path.stem}.")
    return path


def _hash(path: Path) -> str:
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _named_by_content(beside: Path, suffix: str) -> str:
    """Name a file by what is in it."""
    name = _hash(beside) + suffix
    beside.replace(beside.with_name(name))
    return name


def _frame(part: Market) -> pl.DataFrame:
    columns: dict[str, Any] = {
        "mass": part.mass,
        "stay": part.stay,
        "cell": part.cell,
        "calibration": part.calibration,
    }
    columns |= {f"need_{r}": part.needs[:, r] for r in range(part.needs.shape[1])}
    columns |= {f"intensity_{k}": part.intensities[:, k] for k in range(part.intensities.shape[1])}
    return pl.DataFrame(columns)


def _doubles(frame: pl.DataFrame, name: str) -> Floats:
    return frame[name].cast(pl.Float64).to_numpy()


def _columns(frame: pl.DataFrame, name: str, number: int) -> Floats:
    columns = np.empty((frame.height, number))
    for k in range(number):
        columns[:, k] = frame[f"{name}_{k}"].to_numpy()
    return columns


def _plain(moments: Moments) -> dict[str, Any]:
    return {
        key: value.tolist() if isinstance(value, np.ndarray) else value
        for key, value in asdict(moments).items()
    }


def _moments(plain: dict[str, Any]) -> Moments:
    return Moments(plain["mass"], np.array(plain["use"]), np.array(plain["squared"]))
