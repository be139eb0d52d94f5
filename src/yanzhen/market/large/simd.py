"""Vector tiles of the fused pass: the inner loops, written lane by lane for LLVM.

Numba's loop vectoriser keeps at most a few enterprises in registers; these intrinsics fix the
register tile instead: `ENTERPRISES` enterprises by `VECTORS` vectors of sites, whatever the number
of characteristics. They are ordinary cached Numba code, for single and double precision alike.
"""

from collections.abc import Callable, Sequence
from typing import Any

import llvmlite.binding as llvm
import llvmlite.ir as ir
import numpy as np
from numba import extending, types
from numpy.polynomial import Chebyshev, Polynomial

intrinsic: Any = extending.intrinsic

ENTERPRISES = 8
VECTORS = 2
FIRST_BITS = 7
"""Bits of a mantissa that don't serve as draws."""


def _vector_bytes() -> int:
    features = llvm.get_host_cpu_features()
    if features.get("avx512f"):
        return 64
    return 32 if features.get("avx2") else 16


VECTOR_BYTES = _vector_bytes()
SITE_MULTIPLE = VECTORS * VECTOR_BYTES // 4
"""Sites are padded to a multiple of this, in single precision one tile, in double two."""


def _two_to_the(degree: int) -> tuple[float, ...]:
    """Coefficients of 2^f on [−½, ½], interpolated at the Chebyshev nodes, constant first."""
    near_minimax = Chebyshev.interpolate(np.exp2, degree, domain=[-0.5, 0.5])
    return tuple(float(c) for c in near_minimax.convert(kind=Polynomial).coef)


class _Precision:
    """What differs between the two floating-point types."""

    def __init__(self, width: int) -> None:
        single = width == 32
        self.scalar = ir.FloatType() if single else ir.DoubleType()
        self.integer = ir.IntType(width)
        self.bytes = width // 8
        self.lanes = VECTOR_BYTES // self.bytes
        self.vector = ir.VectorType(self.scalar, self.lanes)
        self.integers = ir.VectorType(self.integer, self.lanes)
        self.mantissa = 23 if single else 52
        self.largest_exponent = 125.0 if single else 1021.0
        self.polynomial = _two_to_the(5 if single else 12)
        self.name = "f32" if single else "f64"


_PRECISIONS = {types.float32: _Precision(32), types.float64: _Precision(64)}


class _Lanes:
    """Builds vector code in one function for one precision."""

    def __init__(self, builder: Any, precision: _Precision) -> None:
        self.builder = builder
        self.precision = precision

    def splat(self, value: float) -> Any:
        return ir.Constant(self.precision.vector, [value] * self.precision.lanes)

    def whole(self, value: int) -> Any:
        return ir.Constant(self.precision.integers, [value] * self.precision.lanes)

    def address(self, pointer: Any, offset: Any) -> Any:
        return self.builder.gep(pointer, [offset], source_etype=self.precision.scalar)

    def line(self, pointer: Any, offset: Any) -> Any:
        return self.builder.bitcast(
            self.address(pointer, offset), self.precision.vector.as_pointer()
        )

    def load(self, pointer: Any, offset: Any) -> Any:
        return self.builder.load(
            self.line(pointer, offset), align=self.precision.bytes, typ=self.precision.vector
        )

    def store(self, value: Any, pointer: Any, offset: Any) -> None:
        self.builder.store(value, self.line(pointer, offset), align=self.precision.bytes)

    def broadcast(self, pointer: Any, offset: Any) -> Any:
        scalar = self.builder.load(
            self.address(pointer, offset), align=self.precision.bytes, typ=self.precision.scalar
        )
        return self.spread(scalar)

    def spread(self, scalar: Any) -> Any:
        undefined = ir.Constant(self.precision.vector, ir.Undefined)
        zero = ir.Constant(ir.IntType(32), 0)
        first = self.builder.insert_element(undefined, scalar, zero)
        lanes = ir.Constant(
            ir.VectorType(ir.IntType(32), self.precision.lanes), [0] * self.precision.lanes
        )
        return self.builder.shuffle_vector(first, undefined, lanes)

    def fma(self, a: Any, b: Any, c: Any) -> Any:
        return self._call("llvm.fma", [a, b, c])

    def clamp(self, value: Any, bound: float) -> Any:
        lower = self._select("olt", value, self.splat(bound))
        return self._select("ogt", lower, self.splat(-bound))

    def _select(self, comparison: str, a: Any, b: Any) -> Any:
        chosen = self.builder.fcmp_ordered({"olt": "<", "ogt": ">"}[comparison], a, b)
        return self.builder.select(chosen, a, b)

    def _call(self, name: str, arguments: Sequence[Any]) -> Any:
        vector = self.precision.vector
        full = f"{name}.v{self.precision.lanes}{self.precision.name}"
        function_type = ir.FunctionType(vector, [vector] * len(arguments))
        function = self.builder.module.globals.get(full) or ir.Function(
            self.builder.module, function_type, full
        )
        return self.builder.call(function, arguments)

    def exp2(self, y: Any) -> Any:
        """2^y = 2^n · 2^f, n the nearest integer, by adding n to the exponent's bits of 2^f."""
        builder, precision = self.builder, self.precision
        y = self.clamp(y, precision.largest_exponent)
        magic = self.splat(1.5 * 2.0**precision.mantissa)
        shifted = builder.fadd(y, magic)
        fraction = builder.fsub(y, builder.fsub(shifted, magic))
        power = self.splat(precision.polynomial[-1])
        for coefficient in reversed(precision.polynomial[:-1]):
            power = self.fma(power, fraction, self.splat(coefficient))
        exponent = builder.shl(
            builder.bitcast(shifted, precision.integers), self.whole(precision.mantissa)
        )
        bits = builder.add(builder.bitcast(power, precision.integers), exponent)
        return builder.bitcast(bits, precision.vector)


def _integer(value: int) -> Any:
    return ir.Constant(ir.IntType(64), value)


def _for(builder: Any, count: Any, carried: Sequence[Any], body: Callable[..., Any]) -> list[Any]:
    """Emit `for k in range(count): carried = body(k, carried)` with count ≥ 1."""
    before = builder.block
    loop = builder.append_basic_block("loop")
    after = builder.append_basic_block("after")
    builder.branch(loop)
    builder.position_at_end(loop)
    k = builder.phi(ir.IntType(64))
    k.add_incoming(_integer(0), before)
    values = []
    for value in carried:
        phi = builder.phi(value.type)
        phi.add_incoming(value, before)
        values.append(phi)
    results = body(k, values)
    following = builder.add(k, _integer(1))
    last = builder.block
    k.add_incoming(following, last)
    for phi, result in zip(values, results, strict=True):
        phi.add_incoming(result, last)
    builder.cbranch(builder.icmp_signed("<", following, count), loop, after)
    builder.position_at_end(after)
    return list(results)


def _data(context: Any, builder: Any, array_type: Any, value: Any) -> Any:
    return context.make_array(array_type)(context, builder, value).data


# Kept wide: an intrinsic takes what the compiled loop hands it, one by one.
# Kept whole: one block of machine code, whose values name one another.
@intrinsic
def exponentials(
    _typing: Any,
    weights: Any,
    terms: Any,
    base: Any,
    rows: Any,
    shift: Any,
    out: Any,
    sums: Any,
    width: Any,
    count: Any,
    start: Any,
) -> Any:
    """Write 2^(base + Σ_k weights_k · terms_k − shift) for one tile and add it to the sums.

    Parameters
    ----------
    weights : (count, ENTERPRISES) flat, what each enterprise gives each term
    terms : (count, width) flat, the terms of every site
    base : (·, width) flat
    rows : (ENTERPRISES,) int64, row of `base` of each enterprise
    shift : (ENTERPRISES,)
    out : (ENTERPRISES, width) flat
    sums : (ENTERPRISES, lanes) flat, sums by lane
    width, count, start : padded sites, terms, first site of the tile
    """
    precision = _PRECISIONS[weights.dtype]

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        lanes = _Lanes(builder, precision)
        pointers = [
            _data(context, builder, kind, value)
            for kind, value in zip(signature.args[:7], arguments[:7], strict=True)
        ]
        weight, term, common, row, shifts, result, total = pointers
        stride, length, first = arguments[7:]
        offsets = [builder.add(first, _integer(v * precision.lanes)) for v in range(VECTORS)]
        payoff = []
        for e in range(ENTERPRISES):
            address = builder.gep(row, [_integer(e)], source_etype=ir.IntType(64))
            begin = builder.mul(builder.load(address, typ=ir.IntType(64)), stride)
            minus = lanes.broadcast(shifts, _integer(e))
            payoff += [
                builder.fsub(lanes.load(common, builder.add(begin, offset)), minus)
                for offset in offsets
            ]

        def add_term(k: Any, values: Sequence[Any]) -> list[Any]:
            at_site = builder.mul(k, stride)
            terms = [lanes.load(term, builder.add(at_site, offset)) for offset in offsets]
            at_weight = builder.mul(k, _integer(ENTERPRISES))
            added = []
            for e in range(ENTERPRISES):
                own = lanes.broadcast(weight, builder.add(at_weight, _integer(e)))
                for v in range(VECTORS):
                    added.append(lanes.fma(own, terms[v], values[e * VECTORS + v]))
            return added

        payoff = _for(builder, length, payoff, add_term)
        for e in range(ENTERPRISES):
            line = builder.mul(stride, _integer(e))
            at = _integer(e * precision.lanes)
            running = lanes.load(total, at)
            for v, offset in enumerate(offsets):
                value = lanes.exp2(payoff[e * VECTORS + v])
                lanes.store(value, result, builder.add(line, offset))
                running = builder.fadd(running, value)
            lanes.store(running, total, at)
        return context.get_dummy_value()

    signature = types.void(
        weights, terms, base, rows, shift, out, sums, types.int64, types.int64, types.int64
    )
    return signature, generate


@intrinsic
def drawn(_typing: Any, values: Any, start: Any, certain: Any) -> Any:
    """Bits of the lanes drawn with chance min(1, values[start + lane] / certain).

    The draws are the last bits of the values themselves, which differ for every pair as payoffs
    are continuous and are the same at every run.
    """
    precision = _PRECISIONS[values.dtype]

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        lanes = _Lanes(builder, precision)
        value = lanes.load(_data(context, builder, signature.args[0], arguments[0]), arguments[1])
        own_bits = precision.mantissa - FIRST_BITS
        bits = builder.bitcast(value, precision.integers)
        draw = builder.shl(bits, lanes.whole(FIRST_BITS))
        draw = builder.and_(draw, lanes.whole(2**precision.mantissa - 1))
        draw = builder.or_(draw, builder.bitcast(lanes.splat(1.0), precision.integers))
        draw = builder.fsub(
            builder.bitcast(draw, precision.vector), lanes.splat(1.0 - 2.0**-own_bits)
        )
        bound = builder.fmul(draw, lanes.spread(arguments[2]))
        passed = builder.fcmp_ordered(">=", value, bound)
        return builder.zext(builder.bitcast(passed, ir.IntType(precision.lanes)), ir.IntType(64))

    return types.int64(values, types.int64, values.dtype), generate


@intrinsic
def lowest_bit(_typing: Any, bits: Any) -> Any:
    """Position of the lowest bit set of a number that is not 0."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(bits), generate


def _weighted_sums(uses: int) -> Any:
    @intrinsic
    def weighted(
        _typing: Any, coefficient: Any, values: Any, into: Any, width: Any, first: Any, start: Any
    ) -> Any:
        precision = _PRECISIONS[values.dtype]

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            lanes = _Lanes(builder, precision)
            own, value, total = [
                _data(context, builder, kind, given)
                for kind, given in zip(signature.args[:3], arguments[:3], strict=True)
            ]
            stride, use, site = arguments[3:]
            lines = [
                builder.add(builder.mul(builder.add(use, _integer(u)), stride), site)
                for u in range(uses)
            ]
            sums = [lanes.load(total, line) for line in lines]
            at = builder.mul(use, _integer(ENTERPRISES))
            for e in range(ENTERPRISES):
                taken = lanes.load(value, builder.add(builder.mul(stride, _integer(e)), site))
                for u in range(uses):
                    offset = builder.add(at, _integer(u * ENTERPRISES + e))
                    sums[u] = lanes.fma(lanes.broadcast(own, offset), taken, sums[u])
            for line, new in zip(lines, sums, strict=True):
                lanes.store(new, total, line)
            return context.get_dummy_value()

        signature = types.void(coefficient, values, into, types.int64, types.int64, types.int64)
        return signature, generate

    return weighted


add_one = _weighted_sums(1)
add_two = _weighted_sums(2)
add_three = _weighted_sums(3)
"""Add Σ_e coefficient_{u,e} · values_{e,j} to into_{u,j} for one vector of sites and one, two or
three uses u from `first` on; `coefficient` is (uses, ENTERPRISES) flat, `values` and `into` are
(·, width) flat."""
