"""The store with many projects: how long lists and searches take, on SQLite and PostgreSQL.

    python benchmarks/store.py sqlite
    python benchmarks/store.py postgresql --projects 200000

`postgresql` starts a server of its own from the system's package and removes it; the address of an
empty database can stand in its place. A million projects where no number is given. Their names are
SYNTHETIC. Half of them belong to one organisation, the others to nineteen, whose shares halve.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from own_database import HELP, database_named
from sqlalchemy import Connection, insert, text

from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import organisations, persons
from yanzhen.store.database.tables import projects as projects_table
from yanzhen.store.ownership.project_words import document_of, vector_of
from yanzhen.store.ownership.projects import NewProject, add_projects, find_project, list_projects
from yanzhen.store.people.opening import open_store
from yanzhen.store.people.viewer import Viewer
from yanzhen.study.tables.goals import STATES


def listed(names: str) -> list[str]:
    return names.split()


CITIES = listed("""
合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城 南昌 九江
赣州 武汉 宜昌 襄阳 长沙 株洲 衡阳 郴州 郑州 洛阳 太原 大同 重庆 成都 绵阳 贵阳 昆明 西安
""")
ORIGINS = listed("""
上海 苏州 无锡 常州 南京 杭州 宁波 温州 深圳 东莞 佛山 广州 厦门 泉州 青岛 天津
""")
BRANDS = "华东新光明达科瑞海天泰丰金龙鼎盛恒信安康远宏博创嘉利永昌伟业兴隆凯旋腾飞正和润通祥云"
PRODUCTS = listed("""
动力电池 光伏组件 集成电路封装 汽车零部件 钢结构 纺织印染 服装 家电 显示面板 精密模具 机器人
注塑件 医疗器械 食品加工 家具 电线电缆 工程机械 轴承 铝型材 铜箔 玻璃 化纤 制鞋 印制电路板
""")
KINDS = "项目", "生产基地", "产业园", "一期", "二期", "扩建工程"
INDUSTRIES = listed("""
电气机械 电子设备 汽车制造 金属制品 纺织业 服装业 食品制造 通用设备 专用设备
""")
ORGANISATIONS = 20
AT_ONCE = 5000
ASKED = 200


def drawn(source: random.Random) -> Iterator[NewProject]:
    """Give SYNTHETIC projects without end."""
    while True:
        place = source.choice(CITIES)
        brand = source.choice(BRANDS) + source.choice(BRANDS)
        name = f"{place}{brand}{source.choice(PRODUCTS)}{source.choice(KINDS)}"
        state = source.choices(STATES, (30, 20, 25, 12, 6, 2, 5))[0]
        day = f"20{source.randint(18, 26)}-{source.randint(1, 12):02}-{source.randint(1, 28):02}"
        investment = round(source.lognormvariate(18, 1.5), 2)
        yield NewProject(
            name, source.choice(INDUSTRIES), source.choice(ORIGINS), place, investment, state, day
        )


def viewers(database: Database) -> list[Viewer]:
    """Add organisations with one member each."""
    made = [Viewer(f"person{n}", f"organisation{n}", "planner") for n in range(ORGANISATIONS)]
    with database.writing() as connection:
        for each in made:
            named = {"id": each.organisation, "name": each.organisation, "made_at": now()}
            connection.execute(insert(organisations).values(**named))
            person = {"id": each.person, "login": each.person, "name": each.person}
            belongs = {"organisation": each.organisation, "role": each.role, "made_at": now()}
            connection.execute(insert(persons).values(**person, **belongs))
    return made


def fill(database: Database, members: list[Viewer], count: int) -> None:
    """Add projects: the first as the API does, the others as fast as the database takes them.

    Each was signed before it came into the state that it is in.
    """
    source = random.Random(22)
    projects = drawn(source)
    shares = [0.5, *(0.5**n for n in range(2, ORGANISATIONS)), 0.5 ** (ORGANISATIONS - 1)]
    began = time.perf_counter()
    add_projects(database, members[0], list(islice(projects, AT_ONCE)))
    print(f"  {AT_ONCE / (time.perf_counter() - began):,.0f} added a second", flush=True)
    for start in range(AT_ONCE, count, AT_ONCE):
        rows = []
        for number in range(start + 1, min(start + AT_ONCE, count) + 1):
            viewer = source.choices(members, shares)[0]
            made = {"organisation": viewer.organisation, "made_by": viewer.person}
            rows.append({**vars(next(projects)), **made, "id": f"{number:032x}", "number": number})
        with database.writing() as connection:
            take_rows(connection, rows)
    taken = time.perf_counter() - began
    print(f"  {count:,} projects after {taken:,.0f} s", flush=True)


def take_rows(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write rows in the database's own fastest way."""
    made_at = now()
    columns = [column.name for column in projects_table.columns]
    entered = [
        {"project": row["id"], "state": state, "on": on, "made_by": row["made_by"]}
        for row in rows
        for state, on in (("signed", "2017-06-01"), (row["state"], row["state_on"]))
    ]
    driver = connection.connection.driver_connection
    assert driver is not None
    if connection.dialect.name == "sqlite":
        named = ", ".join(f":{name}" for name in columns)
        statement = f"INSERT INTO projects ({', '.join(columns)}) VALUES ({named})"
        driver.executemany(statement, [{**row, "made_at": made_at} for row in rows])
        words = "INSERT INTO project_words (rowid, words) VALUES (?, ?)"
        driver.executemany(words, [(row["number"], document_of(row)) for row in rows])
        follow = (
            'INSERT INTO transitions (project, state, "on", made_by, made_at)'
            " VALUES (:project, :state, :on, :made_by, :made_at)"
        )
        driver.executemany(follow, [{**each, "made_at": made_at} for each in entered])
        return
    with driver.cursor() as cursor:
        with cursor.copy(f"COPY projects ({', '.join(columns)}, words) FROM STDIN") as copy:
            for row in rows:
                values = {**row, "made_at": made_at}
                copy.write_row([*(values[name] for name in columns), vector_of(row)])
        with cursor.copy(
            'COPY transitions (project, state, "on", made_by, made_at) FROM STDIN'
        ) as copy:
            for each in entered:
                copy.write_row([*each.values(), made_at])


def questions(database: Database, source: random.Random) -> dict[str, Callable[[Viewer], object]]:
    """Return what is asked, by kind."""
    sample = drawn(source)

    def part(length: int) -> str:
        name = next(sample).name
        start = source.randrange(len(name) - length + 1)
        return name[start : start + length]

    def later(viewer: Viewer) -> object:
        page = list_projects(database, viewer)
        return page.after and list_projects(database, viewer, after=page.after)

    def one(viewer: Viewer) -> object:
        found = list_projects(database, viewer, limit=1).projects
        return found and find_project(database, viewer, found[0].id)

    return {
        "list, first page": lambda viewer: list_projects(database, viewer),
        "list, first page and the next": later,
        "list, one state": lambda viewer: list_projects(
            database, viewer, state=source.choice(STATES)
        ),
        "one project": one,
        "search, 1 character": lambda viewer: list_projects(database, viewer, part(1)),
        "search, 2 characters": lambda viewer: list_projects(database, viewer, part(2)),
        "search, 2 characters and a state": lambda viewer: list_projects(
            database, viewer, part(2), source.choice(STATES)
        ),
        "search, 3 characters": lambda viewer: list_projects(database, viewer, part(3)),
        "search, 5 characters": lambda viewer: list_projects(database, viewer, part(5)),
        "search, two parts": lambda viewer: list_projects(
            database, viewer, f"{source.choice(ORIGINS)} {source.choice(PRODUCTS)}"
        ),
        "search, a whole name": lambda viewer: list_projects(database, viewer, next(sample).name),
        "search, what is nowhere": lambda viewer: list_projects(database, viewer, part(2)[::-1]),
    }


def measure(database: Database, members: list[Viewer]) -> None:
    source = random.Random(2)
    every: list[float] = []
    print(f"  {'':34} {'median':>8} {'95 %':>8} {'most':>8}   ms")
    for kind, ask in questions(database, source).items():
        taken = []
        for turn in range(ASKED):
            # The largest in every other turn, then the middling and the small.
            viewer = members[0] if turn % 2 else source.choice(members)
            began = time.perf_counter()
            ask(viewer)
            taken.append((time.perf_counter() - began) * 1000)
        every += taken
        print(f"  {kind:34} {' '.join(f'{value:8.1f}' for value in figures(taken))}", flush=True)
    print(f"  {'all':34} {' '.join(f'{value:8.1f}' for value in figures(every))}")
    print(f"  load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def figures(taken: list[float]) -> tuple[float, float, float]:
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1], max(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", help=HELP)
    parser.add_argument("--projects", type=int, default=1_000_000)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        database_named(asked.database, Path(folder)) as address,
    ):
        database = open_store(address)
        print(database.engine.dialect.name)
        members = viewers(database)
        fill(database, members, asked.projects)
        if database.is_sqlite:
            print(f"  {Path(str(database.url.database)).stat().st_size / 2**20:,.0f} MiB")
        else:
            # As the server does by itself some time after so much has come.
            with database.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            ) as connection:
                connection.execute(text("VACUUM ANALYZE"))
        measure(database, members)
        database.close()


if __name__ == "__main__":
    main()
