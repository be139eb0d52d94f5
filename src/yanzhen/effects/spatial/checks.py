"""What cannot be in accounts, economies, shocks and mobility: everything wrong in one message."""

from collections.abc import Iterator, Sequence

import numpy as np

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.effects.spatial.economy import Accounts, Economy
from yanzhen.effects.spatial.faults import BALANCE, after, listed
from yanzhen.effects.spatial.mobility import FreeMovement, Immobile, Migration, Mobility
from yanzhen.effects.spatial.shock import Shock
from yanzhen.study import Problem, StudyError
from yanzhen.study.problem import Words

NOT_NEGATIVE: Words = ("figures not below zero", "不小于零的数")


def require_accounts(accounts: Accounts) -> None:
    """Refuse accounts that no economy can have.

    Raises
    ------
    StudyError
        With everything that is wrong: shapes; figures that are missing or negative; θ ≤ 0; shares
        beyond one; sales that do not match output; regions without trade or output; deficits that
        exceed income.
    """
    problems = list(_shapes(accounts)) or [*_figures(accounts), *_sums(accounts)]
    if problems:
        raise StudyError(problems)


def require_solvable(
    economy: Economy, shock: Shock, mobility: Mobility, labour_share: Floats
) -> None:
    """Refuse an economy, a shock or a mobility for which no equilibrium can be.

    Raises
    ------
    StudyError
        With everything that is wrong.
    """
    problems = [*_shock(economy, shock, labour_share), *_mobility(economy, mobility)]
    if problems:
        raise StudyError(problems)


def _shapes(accounts: Accounts) -> Iterator[Problem]:
    n, s = len(accounts.regions), len(accounts.industries)
    wanted = {
        "trade": (s, n, n),
        "output": (n, s),
        "value_added_share": (n, s),
        "input_share": (n, s, s),
        "theta": (s,),
        "tariff": (s, n, n),
    }
    if accounts.scale is not None:
        wanted["scale"] = (s,)
    for name, shape in wanted.items():
        found = getattr(accounts, name).shape
        if found != shape:
            yield Problem.at(
                accounts.source,
                name,
                None,
                "",
                (f"{_times(found)} figures", f"{_times(found)} 个数"),
                (
                    f"{_times(shape)}, for {n} regions and {s} industries",
                    f"{_times(shape)}（{n} 个地区、{s} 个行业）",
                ),
            )
    for name, codes in (("regions", accounts.regions), ("industries", accounts.industries)):
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            yield Problem.at(
                accounts.source, name, None, "",
                (f"{', '.join(twice)} more than once", f"{'、'.join(twice)} 重复"),
                ("each once", "各一次"),
            )  # fmt: skip


def _times(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))


def _figures(accounts: Accounts) -> Iterator[Problem]:
    regions, industries = accounts.regions, accounts.industries
    unknown = np.isnan(accounts.trade)
    absent = np.asarray(unknown.all(axis=(0, 2)) | unknown.all(axis=(0, 1)))
    if absent.any():
        yield _at(
            accounts, "trade", listed(absent, [regions]),
            ("no trade of", "没有贸易数据："), ("trade of every region", "各地区的贸易数据"),
        )  # fmt: skip
    by_trade = [industries, regions, regions]
    for name, labels in (
        ("trade", by_trade),
        ("tariff", by_trade),
        ("output", [regions, industries]),
        ("input_share", [regions, industries, industries]),
    ):
        values = getattr(accounts, name)
        wrong = ~(np.isfinite(values) & (values >= 0))
        if name == "trade":
            wrong[:, absent, :] = wrong[:, :, absent] = False
        if wrong.any():
            yield _at(
                accounts, name, listed(wrong, labels),
                ("missing or negative figures at", "缺失或为负："), NOT_NEGATIVE,
            )  # fmt: skip
    wrong = ~((accounts.value_added_share > 0) & (accounts.value_added_share <= 1))
    wrong &= ~(accounts.output == 0)
    if wrong.any():
        yield _at(
            accounts, "value_added_share", listed(wrong, [regions, industries]),
            ("shares of value added outside (0, 1] at", "增加值份额不在 (0, 1] 内："),
            ("part of output, above zero", "占产出的份额，大于零"),
        )  # fmt: skip
    wrong = ~((accounts.theta > 0) & np.isfinite(accounts.theta))
    if wrong.any():
        yield _at(
            accounts, "theta", listed(wrong, [industries]),
            ("trade elasticities that are not above zero:", "贸易弹性不大于零："),
            ("θ > 0", "θ > 0"),
        )  # fmt: skip
    if accounts.scale is None:
        return
    wrong = ~((accounts.scale >= 0) & (accounts.scale * accounts.theta < 1))
    if wrong.any():
        yield _at(
            accounts, "scale", listed(wrong, [industries]),
            ("economies of scale beyond what trade bears:", "规模经济弹性超出贸易弹性所容："),
            ("φ of at least zero with φ θ below one, or all would move to one place",
             "φ 不小于零且 φθ 小于一，否则全行业将集于一地"),
        )  # fmt: skip


def _sums(accounts: Accounts) -> Iterator[Problem]:
    regions, industries = accounts.regions, accounts.industries
    share = accounts.value_added_share + accounts.input_share.sum(axis=1)
    wrong = ~(np.abs(share - 1) <= BALANCE) & (accounts.output > 0)
    if wrong.any():
        worst = float(share[wrong][np.abs(share[wrong] - 1).argmax()])
        yield _at(
            accounts, "input_share", listed(wrong, [regions, industries]),
            (f"inputs and value added of {worst:.4g} per unit of output at",
             f"每单位产出的投入与增加值合计为 {worst:.4g}："),
            ("shares that add up to one", "份额合计为一"),
        )  # fmt: skip
    sold = np.nansum(accounts.trade, axis=1).T
    gap = np.abs(sold - accounts.output)
    wrong = gap > BALANCE * np.maximum(sold, accounts.output)
    if wrong.any():
        n, s = (int(k) for k in np.argwhere(wrong)[0])
        sizes = f"{sold[n, s]:.6g} / {accounts.output[n, s]:.6g}"
        yield _at(
            accounts, "trade", listed(wrong, [regions, industries]),
            (f"sales that do not match output ({sizes}) at", f"销售与产出不符（{sizes}）："),
            ("sales, the region's own included, that add up to output",
             "销售（含本地）合计等于产出"),
        )  # fmt: skip
    earned = (accounts.value_added_share * accounts.output).sum(axis=1)
    idle = ~(earned > 0)
    if idle.any():
        yield _at(
            accounts, "output", listed(idle, [regions]),
            ("no output in", "没有产出："), ("something made in every region", "各地区均有产出"),
        )  # fmt: skip
    taxed = np.nansum(accounts.trade * accounts.tariff, axis=(0, 2))
    deficit = np.nansum(accounts.trade, axis=(0, 2)) - sold.sum(axis=1)
    yield from _deficits(accounts.source, regions, earned + taxed, deficit, idle)


def _deficits(
    source: str, regions: Sequence[str], income: Floats, deficit: Floats, skipped: Booleans
) -> Iterator[Problem]:
    """Deficits that exceed what a region earns, and surpluses that leave nothing to spend."""
    for wrong, found in (
        (deficit > income, ("deficits larger than income in", "逆差大于收入：")),
        (
            -deficit >= income,
            ("surpluses that leave nothing to spend in", "顺差使支出为零或为负："),
        ),
    ):
        if (wrong & ~skipped).any():
            yield Problem.at(
                source, "deficit", None, "",
                after(found, listed(wrong & ~skipped, [regions])),
                ("deficits and surpluses below income", "差额小于收入"),
            )  # fmt: skip


def _shock(economy: Economy, shock: Shock, labour_share: Floats) -> Iterator[Problem]:
    n, s = economy.output.shape
    by_trade = [economy.industries, economy.regions, economy.regions]
    by_cell = [economy.regions, economy.industries]
    kinds = (
        ("trade_cost", shock.trade_cost, (s, n, n), by_trade, True),
        ("tariff", shock.tariff, (s, n, n), by_trade, False),
        ("productivity", shock.productivity, (n, s), by_cell, True),
        ("mass", shock.mass, (n, s), by_cell, False),
        ("labour", shock.labour, (n,), [economy.regions], True),
        ("labour_share", labour_share, (n,), [economy.regions], True),
    )
    for name, values, shape, labels, positive in kinds:
        if values.shape != shape:
            yield Problem.at(
                "shock", name, None, "",
                (f"{_times(values.shape)} figures", f"{_times(values.shape)} 个数"),
                (_times(shape), _times(shape)),
            )  # fmt: skip
            continue
        wrong = ~(np.isfinite(values) & ((values > 0) if positive else (values >= 0)))
        if name == "labour_share":
            wrong |= values > 1
        if wrong.any():
            yield Problem.at(
                "shock", name, None, "",
                after(("figures out of range at", "数值超出范围："), listed(wrong, labels)),
                ("figures above zero", "大于零的数") if positive else NOT_NEGATIVE,
            )  # fmt: skip
    if shock.mass.shape == (n, s):
        yield from _nobody_left(economy, shock)
    if shock.deficit.shape == (n,):
        off = abs(float(shock.deficit.sum())) / float(economy.value_added.sum())
        if not off <= BALANCE:
            yield Problem.at(
                "shock", "deficit", None, "",
                (f"deficits that add up to {off:.2g} of all value added",
                 f"差额合计为全部增加值的 {off:.2g}"),
                ("a sum of zero", "合计为零"),
            )  # fmt: skip
        yield from _deficits(
            "shock",
            economy.regions,
            economy.value_added,
            shock.deficit,
            np.zeros(n, dtype=np.bool_),
        )
    negative = economy.final_share < -BALANCE
    if negative.any():
        yield Problem.at(
            "economy", "final_share", None, "",
            after(("inputs larger than what is bought at", "投入大于购买："),
                   listed(negative, by_cell)),
            ("final uses not below zero", "最终使用不小于零"),
        )  # fmt: skip


def _nobody_left(economy: Economy, shock: Shock) -> Iterator[Problem]:
    left = np.einsum("sni,is->ns", economy.trade_share > 0, (shock.mass > 0).astype(np.float64))
    bare = economy.trade_share.any(axis=2).T & (left == 0)
    if bare.any():
        yield Problem.at(
            "shock", "mass", None, "",
            after(("nobody left to sell to", "再无供应者："),
                   listed(bare, [economy.regions, economy.industries])),
            ("a supplier of everything that is bought", "所购产品均有供应者"),
        )  # fmt: skip
    idle = ~((economy.value_added_share * economy.output * (shock.mass > 0)).sum(axis=1) > 0)
    if idle.any():
        yield Problem.at(
            "shock", "mass", None, "",
            after(("no enterprise left in", "再无企业："), listed(idle, [economy.regions])),
            ("some industry in every region", "各地区均有行业"),
        )  # fmt: skip


def _mobility(economy: Economy, mobility: Mobility) -> Iterator[Problem]:
    if isinstance(mobility, Immobile):
        return
    regions = economy.regions
    n = len(regions)
    sizes: list[tuple[str, Floats, tuple[int, ...], bool]] = [
        ("amenity", mobility.amenity, (n,), True)
    ]
    if isinstance(mobility, Migration):
        sizes += [
            ("share", mobility.share, (n, n), False),
            ("registered", mobility.registered, (n,), False),
            ("cost", mobility.cost, (n, n), True),
        ]
    if isinstance(mobility, FreeMovement):
        sizes.append(("labour", mobility.labour, (n,), True))
    sound = True
    for name, values, shape, positive in sizes:
        bad = values.shape != shape or not ((values > 0) if positive else (values >= 0)).all()
        sound &= not bad
        if bad:
            yield Problem.at(
                "mobility", name, None, "",
                (f"{_times(values.shape)} figures, or some out of range",
                 f"{_times(values.shape)} 个数，或有数值超出范围"),
                (f"{_times(shape)} figures {'above' if positive else 'not below'} zero",
                 f"{_times(shape)} 个{'大于' if positive else '不小于'}零的数"),
            )  # fmt: skip
    if not mobility.congestion >= 0:
        yield _number("congestion", mobility.congestion, "ξ ≥ 0")
    if isinstance(mobility, Migration):
        if not mobility.taste > 0:
            yield _number("taste", mobility.taste, "ε > 0")
        if sound:
            yield from _migration(mobility, regions)


def _migration(mobility: Migration, regions: Sequence[str]) -> Iterator[Problem]:
    wrong: Booleans = np.abs(mobility.share.sum(axis=1) - 1) > BALANCE
    reached = np.logical_and(mobility.share > 0, np.isfinite(mobility.cost))
    closed: Booleans = np.logical_not(reached.any(axis=1))
    empty: Booleans = np.logical_not(mobility.registered @ (mobility.share * reached) > 0)
    faults: tuple[tuple[Booleans, Words, Words], ...] = (
        (wrong, ("shares of movers that do not add up to one from", "迁移份额合计不为一："),
         ("rows that add up to one", "各行合计为一")),
        (closed, ("nowhere open to people from", "人口无处可居："),
         ("a finite cost somewhere", "至少一处成本有限")),
        (empty, ("nobody who may live in", "无人可居于："),
         ("people in every region", "各地区均有人口")),
    )  # fmt: skip
    for at, found, expected in faults:
        if at.any():
            words = after(found, listed(at, [regions]))
            yield Problem.at("mobility", "share", None, "", words, expected)


def _number(name: str, found: float, expected: str) -> Problem:
    return Problem.at(
        "mobility", name, None, "", (f"{found:g}", f"{found:g}"), (expected, expected)
    )


def _at(accounts: Accounts, table: str, places: str, found: Words, expected: Words) -> Problem:
    return Problem.at(accounts.source, table, None, "", after(found, places), expected)
