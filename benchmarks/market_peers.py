"""The same balanced problem solved by Yanzhen, POT, OTT-JAX and KeOps.

Usage: python benchmarks/market_peers.py [ENTERPRISES] [SITES] [SCALE]

100,000 × 1,000 by default: every enterprise must go somewhere and every site is filled, which is
entropic optimal transport. All are held to the same largest relative violation of a site's room,
1e-5, with the enterprises' side exact. Peers' iterations are counted beforehand by looking at the
violation after every one; the timed run then makes as many. OTT-JAX is timed twice: looking at its
own error after every iteration, as ours looks at every pass, and (`unchecked`) at nothing, which
favours it; the other peers look at nothing. Compilation is excluded for all. Memory is the largest
during the timed run beyond what libraries, compiled code and the problem take before it. Each runs
in a process of its own, ours before, between and after the peers, so that a machine whose speed
drifts is seen to; one line of JSON each. YANZHEN_PYTHON names the interpreter for ours where the
peers' has no Yanzhen.
"""

import gc
import json
import os
import subprocess
import sys
import time

import numpy as np

TOLERANCE = 1e-5
MOST = 2000
PEERS = ("ott_dense", "ott_dense_unchecked", "pot", "ott_online", "pot_single", "keops")


def problem(enterprises, sites):
    rng = np.random.default_rng(20_220_114)
    intensities = rng.normal(size=(enterprises, 16)) / 4
    qualities = rng.normal(size=(sites, 16))
    mass = np.exp(rng.normal(size=enterprises))
    room = np.exp(0.5 * rng.normal(size=sites))
    return intensities, qualities, mass / mass.sum(), room / room.sum()


def resident(field="VmRSS"):
    """Bytes of this process in memory, now or at most (VmHWM)."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith(field))
    return int(line.split()[1]) * 1024


class Timed:
    """Seconds of a block, and the most memory that it took beyond what was there before."""

    def __enter__(self):
        gc.collect()
        with open("/proc/self/clear_refs", "w") as largest:
            largest.write("5")
        self.before = resident()
        self.begun = time.perf_counter()
        return self

    def __exit__(self, *_):
        self.seconds = time.perf_counter() - self.begun
        self.memory = resident("VmHWM") - self.before


def yanzhen(intensities, qualities, mass, room, sigma):
    from yanzhen.market.large.record import compile_ahead
    from yanzhen.market.large.solver import solve
    from yanzhen.market.problem.market import Market, Prices

    compile_ahead()
    enterprises, sites = mass.size, room.size
    market = Market(
        mass=mass * enterprises,
        needs=np.ones((enterprises, 1)),
        stay=np.full(enterprises, -1e4),
        cell=np.zeros(enterprises, np.int32),
        base=np.zeros((1, sites)),
        intensities=intensities,
        qualities=qualities,
        capacity=room[:, None] * enterprises,
        floor=np.full((sites, 1), -1e3),
        group_member=np.zeros((0, sites), np.bool_),
        group_resource=np.zeros(0, np.int32),
        group_capacity=np.zeros(0),
        group_floor=np.zeros(0),
        calibration=np.full(enterprises, -1, np.int32),
        stayers=np.zeros(0),
        sigma=sigma,
    )
    start = Prices(np.zeros((sites, 1)), np.zeros(0), np.zeros(0))
    with Timed() as timed:
        solution = solve(market, TOLERANCE, start=start)
    reached = np.abs(solution.demand[:, 0] / market.capacity[:, 0] - 1).max()
    return timed, solution.passes, float(reached)


def pot(intensities, qualities, mass, room, sigma, precision=np.float64):
    import ot

    def costs():
        cost = (-(intensities @ qualities.T)).astype(precision)
        cost -= cost.min()
        return cost

    a, b = mass.astype(precision), room.astype(precision)
    kernel = np.exp(-costs() / precision(sigma))
    u = np.ones_like(a)
    rounds, reached = 0, np.inf
    while reached > TOLERANCE and rounds < MOST:
        v = b / (kernel.T @ u)
        u = a / (kernel @ v)
        reached = float(np.abs(v * (kernel.T @ u) / b - 1).max())
        rounds += 1
    del kernel
    if reached > TOLERANCE:
        return None, rounds, reached
    with Timed() as timed:
        cost = costs()
        timed.begun = time.perf_counter()
        plan = ot.bregman.sinkhorn_knopp(
            a, b, cost, sigma, numItermax=rounds, stopThr=0, warn=False
        )
    return timed, rounds, float(np.abs(plan.sum(axis=0) / b - 1).max())


def pot_single(*arguments):
    return pot(*arguments, precision=np.float32)


def ott(intensities, qualities, mass, room, sigma, online=False, checked=True):
    import jax
    import jax.numpy as jnp
    from ott.geometry import costs, pointcloud
    from ott.problems.linear import linear_problem
    from ott.solvers.linear import sinkhorn

    @jax.tree_util.register_pytree_node_class
    class Inner(costs.CostFn):
        def __call__(self, x, y):
            return -jnp.dot(x, y)

        def tree_flatten(self):
            return (), None

        @classmethod
        def tree_unflatten(cls, _, children):
            return cls(*children)

    cloud = pointcloud.PointCloud(
        jnp.asarray(intensities, jnp.float32),
        jnp.asarray(qualities, jnp.float32),
        cost_fn=Inner(),
        epsilon=sigma,
        batch_size=256 if online else None,
    )
    task = linear_problem.LinearProblem(
        cloud, jnp.asarray(mass, jnp.float32), jnp.asarray(room, jnp.float32)
    )

    def run(rounds):
        solver = sinkhorn.Sinkhorn(
            threshold=-1.0,
            max_iterations=rounds,
            min_iterations=0 if checked else rounds,
            inner_iterations=1 if checked else rounds,
        )
        solved = jax.jit(solver)(task)
        return jax.block_until_ready((solved.f, solved.g)), jax.jit(solver)

    def violation(f, g):
        x = np.asarray(intensities, np.float64)
        total = np.zeros(room.size)
        for first in range(0, x.shape[0], 4096):
            rows = slice(first, first + 4096)
            score = (x[rows] @ qualities.T + np.asarray(g, np.float64)) / sigma
            score -= score.max(axis=1, keepdims=True)
            share = np.exp(score)
            share *= (mass[rows] / share.sum(axis=1))[:, None]
            total += share.sum(axis=0)
        return float(np.abs(total / room - 1).max())

    low, high = 0, 4
    while True:
        (f, g), _ = run(high)
        if violation(f, g) <= TOLERANCE:
            break
        low, high = high, high * 2
        if high > MOST:
            return None, high, violation(f, g)
    while high - low > 1:
        middle = (low + high) // 2
        (f, g), _ = run(middle)
        low, high = (low, middle) if violation(f, g) <= TOLERANCE else (middle, high)
    (f, g), compiled = run(high)
    with Timed() as timed:
        solved = compiled(task)
        jax.block_until_ready((solved.f, solved.g))
    return timed, high, violation(solved.f, solved.g)


def ott_dense(*arguments):
    return ott(*arguments)


def ott_dense_unchecked(*arguments):
    return ott(*arguments, checked=False)


def ott_online(*arguments):
    return ott(*arguments, online=True)


def keops(intensities, qualities, mass, room, sigma):
    """Sinkhorn's iteration on KeOps' online log-sum-exp, which GeomLoss's online backend runs.

    GeomLoss itself knows |x − y|ᵖ costs only and sets its own number of iterations.
    """
    import torch
    from pykeops.torch import generic_logsumexp

    x = torch.as_tensor(intensities, dtype=torch.float32).contiguous()
    y = torch.as_tensor(qualities, dtype=torch.float32).contiguous()
    kinds = x.shape[1]
    over = generic_logsumexp(
        "B * (X|Y) + G",
        "out = Vi(1)",
        f"X = Vi({kinds})",
        f"Y = Vj({kinds})",
        "G = Vj(1)",
        "B = Pm(1)",
    )
    log_a = torch.as_tensor(np.log(mass), dtype=torch.float32)[:, None].contiguous()
    log_b = torch.as_tensor(np.log(room), dtype=torch.float32)[:, None].contiguous()
    scale = torch.tensor([1.0 / sigma], dtype=torch.float32)

    def step(g):
        f = -over(x, y, log_b + g, scale)
        return -over(y, x, log_a + f, scale)

    def violation(g):
        score = (intensities @ qualities.T) / sigma
        score += (np.log(room)[:, None] + g.numpy().astype(np.float64)).T
        score -= score.max(axis=1, keepdims=True)
        share = np.exp(score)
        share *= (mass / share.sum(axis=1))[:, None]
        return float(np.abs(share.sum(axis=0) / room - 1).max())

    g = torch.zeros_like(log_b)
    rounds = 0
    while violation(g) > TOLERANCE and rounds < MOST:
        g = step(g)
        rounds += 1
    g = torch.zeros_like(log_b)
    with Timed() as timed:
        for _ in range(rounds):
            g = step(g)
    return timed, rounds, violation(g)


def main(arguments):
    if arguments[:1] == ["--method"]:
        name, enterprises, sites, sigma = arguments[1:5]
        data = problem(int(enterprises), int(sites))
        line = {"method": name, "load_before": os.getloadavg()[0]}
        try:
            timed, rounds, reached = globals()[name](*data, float(sigma))
        except ImportError as error:
            line["not_installed"] = str(error)
        else:
            line |= {"iterations": rounds, "violation": reached}
            if timed is not None:
                line |= {"seconds": timed.seconds, "bytes": timed.memory}
        print(json.dumps(line), flush=True)
        return
    enterprises, sites, sigma = [*arguments, *("100000", "1000", "0.3")[len(arguments) :]]
    for name in ["yanzhen", *(each for peer in PEERS for each in (peer, "yanzhen"))]:
        case = ["--method", name, enterprises, sites, sigma]
        own = os.environ.get("YANZHEN_PYTHON") if name == "yanzhen" else None
        subprocess.run([own or sys.executable, __file__, *case], check=False)


if __name__ == "__main__":
    main(sys.argv[1:])
