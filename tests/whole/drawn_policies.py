"""Tables beside the figures of a drawn study: rules, technologies, funds. All SYNTHETIC."""

from tests.whole.drawn_economy import Economy, Rows
from yanzhen.study.standard import standard_assumptions


def rules(economy: Economy) -> Rows:
    return [
        {
            "rule": "G1",
            "title_zh": "合成规则",
            "title_en": "SYNTHETIC rule",
            "source": "SYNTHETIC",
            "condition": economy.pick(
                ["class = energy: clean_energy_share >= 0.4", "class = labour: gdp >= 1", None]
            ),
            "valid_from": None,
            "valid_to": None,
        }
    ]


def catalogue(economy: Economy) -> Rows:
    listings = ["priority", "restricted", "no_longer_undertaken"]
    return [
        {
            "place": economy.pick(economy.leaves),
            "industry": economy.pick(economy.names),
            "listing": economy.pick(listings),
            "rule": "G1",
        }
    ]


def policies(economy: Economy) -> Rows:
    instruments = ["subsidy_per_output", "tax", "cap", "price_floor", "relocation_aid"]
    instrument = economy.pick(instruments)
    industries = [None, *economy.names]
    return [
        {
            "policy": "P1",
            "place": economy.pick([None, *economy.leaves]),
            "industry": None if instrument == "price_floor" else economy.pick(industries),
            "instrument": instrument,
            "value": {"cap": 100.0}.get(instrument, 0.02),
            "from_year": economy.maybe(economy.years[-1] + 1, 0.5),
            "to_year": economy.maybe(economy.years[-1] + 3, 0.5),
        }
    ]


def technologies(economy: Economy) -> Rows:
    titles = ["污泥干化设备", "SYNTHETIC lithium recovery", "轴承检测", "x"]
    return [
        {
            "technology": f"T{k}",
            "title": economy.pick(titles),
            "abstract": economy.maybe("合成摘要，用于试验。", 0.5),
            "trl": economy.maybe(int(economy.rng.integers(1, 10)), 0.3),
            "region": economy.maybe(economy.pick(economy.leaves), 0.2),
            "industry": economy.maybe(economy.pick(economy.names), 0.3),
        }
        for k in range(int(economy.rng.integers(1, 4)))
    ]


def needs(economy: Economy) -> Rows:
    return [
        {
            "need": f"N{k}",
            "title": economy.pick(["合成锂电池中锂的回收", "drying of sludge", "检测"]),
            "region": economy.maybe(economy.pick(economy.leaves), 0.3),
        }
        for k in range(int(economy.rng.integers(1, 4)))
    ]


def incubators(economy: Economy) -> Rows:
    return [
        {
            "incubator": "B0",
            "title": "合成中试基地",
            "region": economy.pick(economy.leaves),
            "capacity": economy.maybe(int(economy.rng.integers(0, 3)), 0.5),
        }
    ]


def agreements(economy: Economy) -> Rows:
    if len(economy.leaves) < 2:
        return []
    return [
        {
            "agreement": "A0",
            "home": economy.leaves[0],
            "host": economy.leaves[1],
            "terms": economy.pick(["zibo", "liaoning", "gaozhu"]),
            "from_year": economy.years[-1] + 1,
            "tax_kinds": "value_added_tax",
        }
    ]


def projects(economy: Economy) -> Rows:
    return [{"project": "J0", "industry": economy.pick(economy.names), "investment": 3.5}]


def funds(economy: Economy) -> Rows:
    return [{"fund": "F0", "name_zh": "合成基金", "name_en": "SYNTHETIC fund", "size": 10.0}]


def trade(economy: Economy) -> Rows:
    return [
        {
            "region": economy.leaves[0],
            "industry": economy.names[0],
            "year": economy.years[-1],
            "exports": 3.0,
        }
    ]


def foreign_investment(economy: Economy) -> Rows:
    return [
        {
            "region": economy.leaves[0],
            "industry": economy.names[0],
            "year": economy.years[-1],
            "amount": 1.0,
        }
    ]


def targets(economy: Economy) -> Rows:
    return [
        {
            "target": "G0",
            "indicator": "gdp",
            "year": 2030,
            "value": 100.0,
            "source": "SYNTHETIC",
        }
    ]


def parameters(economy: Economy, open_further: bool) -> Rows:
    """Some standard parameters anywhere in their interval, and options where asked for."""
    rows = []
    for row in standard_assumptions().iter_rows(named=True):
        if economy.rng.random() < 0.25:
            value = float(economy.rng.uniform(row["low"], row["high"]))
            rows.append(
                {
                    "parameter": row["parameter"],
                    "value": round(value) if row["parameter"].endswith("years") else value,
                    "unit": row["unit"],
                    "source": "assumption",
                }
            )
    optional = {"departure_share": 0.05, "abroad_worth": -0.1, "exit_worth": -0.2}
    optional |= {"chain_strength": 0.02}
    further = [name for name in optional if open_further and economy.rng.random() < 0.5]
    if open_further and economy.rng.random() < 0.5:
        optional |= {"branch_share": 0.5, "branch_cost": 0.01}
        further += ["branch_share", "branch_cost"]
    return rows + [
        {"parameter": name, "value": optional[name], "unit": "share", "source": "assumption"}
        for name in further
    ]
