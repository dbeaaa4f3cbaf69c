"""Python text in values: read with `ast`, never run."""

import ast
import operator
import warnings
from collections.abc import Callable
from fractions import Fraction

from generator.credentials import masked, printable

_LONGEST = 100_000
_LARGEST = 2**62


def parsed(text: str) -> ast.Module | str:
    """The syntax tree, or what is wrong with the text and in which line."""
    if len(text) > _LONGEST:
        return "it is too long to read"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as fault:
        return f"line {fault.lineno or 1}: {printable(masked(fault.msg))}"
    except (ValueError, RecursionError, MemoryError):
        return "it is nested too deeply, or has invalid characters"


def assigned(tree: ast.AST) -> set[str]:
    """The attributes that anything in the tree assigns to."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }


def constant(node: ast.expr) -> Fraction | None:
    """The number that an expression of numbers gives; None for any other, and for huge ones."""
    number: Fraction | None = None
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float() as value) if abs(value) <= _LARGEST:
            number = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            positive = constant(inner)
            number = None if positive is None else -positive
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            first, second = constant(left), constant(right)
            if first is not None and second is not None:
                number = _applied(_OPERATORS[type(sign)], first, second)
    return number if number is not None and abs(number) <= _LARGEST else None


def _applied(
    calculate: Callable[[Fraction, Fraction], Fraction], first: Fraction, second: Fraction
) -> Fraction | None:
    try:
        return Fraction(calculate(first, second))
    except ArithmeticError:
        return None


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    """A power of whole numbers; ArithmeticError for one that could take long."""
    if not (base.denominator == exponent.denominator == 1 and 0 <= exponent <= 62):
        raise ArithmeticError
    if abs(base) > 2**12:
        raise ArithmeticError
    return base**exponent.numerator


_OPERATORS: dict[type, Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: lambda first, second: Fraction(first // second),
    ast.Pow: _power,
}
