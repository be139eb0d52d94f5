"""Which mode for whom."""

import numpy as np
import polars as pl
import pytest

from tests.modes.coconstruction.gains.test_pair_gains import OFFER
from tests.modes.small_market import small_market
from yanzhen.modes.coconstruction.gains.pair_gains import pair_gains
from yanzhen.modes.coconstruction.surveys.mode_choice import choose_mode
from yanzhen.modes.coconstruction.surveys.trusteeship import Trusteeship, trusteeship_parts


def parts(*rows: tuple[str, str, str, float], host: str = "g") -> pl.DataFrame:
    return pl.DataFrame(
        [("h", host, *row) for row in rows],
        schema=["home", "host", "industry", "party", "part", "amount"],
        orient="row",
    )


SHARING = parts(
    ("x", "home", "receipts", 5.0),
    ("x", "home", "tax_lost", -3.0),
    ("x", "host", "tax_kept", 2.0),
    ("x", "third", "net", -50.0),
    ("y", "home", "outlay", -1.0),
)
MANAGING = parts(("x", "home", "management", -1.0), ("x", "host", "uplift", 2.0))


def test_the_mode_with_the_largest_joint_gain_is_chosen_and_says_why() -> None:
    found = choose_mode({"sharing": SHARING, "managing": MANAGING}).row(0, named=True)
    assert found["mode"] == "sharing"
    assert (found["joint"], found["home_gain"], found["host_gain"]) == (4, 2, 2)
    assert found["lead"] == 3
    assert (found["why"], found["why_amount"]) == ("receipts", 5)
    assert (found["against"], found["against_amount"]) == ("tax_lost", -3)


def test_where_no_mode_gains_them_anything_it_is_the_market_alone() -> None:
    found = choose_mode({"sharing": SHARING}).filter(industry="y").row(0, named=True)
    assert found["mode"] == "market"
    assert found["why"] is None


def test_a_mix_adds_the_gains_of_its_modes() -> None:
    found = choose_mode({"sharing": SHARING, "managing": MANAGING}, [("sharing", "managing")])
    row = found.filter(industry="x").row(0, named=True)
    assert (row["mode"], row["joint"], row["lead"]) == ("sharing + managing", 5, 1)


def test_a_mix_is_not_offered_where_one_of_its_modes_is_not() -> None:
    elsewhere = parts(("x", "host", "uplift", 9.0), host="other")
    found = choose_mode({"sharing": SHARING, "managing": elsewhere}, [("sharing", "managing")])
    assert " + " not in "".join(found["mode"])


def test_a_mix_of_a_mode_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="managing"):
        choose_mode({"sharing": SHARING}, [("sharing", "managing")])


def test_contracts_under_the_market_and_trusteeship_can_be_chosen_among() -> None:
    cleared = small_market()
    sharing = pair_gains(cleared, OFFER, ("a", "b"), ("c",)).parts
    pairs = sharing.select("home", "host", "industry").unique(maintain_order=True)
    parks = pairs.with_columns(tax=pl.lit(1e9), cost=pl.lit(0.0), management=pl.lit(1e7))
    managing = trusteeship_parts(
        parks, Trusteeship(0.1, 0.0, 0.5, "assumption"), np.ones(4), 0.0, 0.0
    )
    found = choose_mode({"sharing": sharing, "managing": managing}, [("sharing", "managing")])
    assert found.height == pairs.height
    # Trusteeship gains 400 less 40 million for every pair, so that it is in every choice.
    assert found["mode"].str.contains("managing").all()
    alone = choose_mode({"sharing": sharing})
    both = found.join(alone, on=["home", "host", "industry"], suffix="_alone")
    added = both["joint"] - both["joint_alone"]
    assert added.to_list() == pytest.approx([3.6e8] * pairs.height)
