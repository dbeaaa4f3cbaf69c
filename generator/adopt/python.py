"""Python of values: the attributes that it assigns to, and numbers that it computes."""

import ast
import operator
from collections.abc import Callable
from fractions import Fraction

_LARGEST = 2**62


def assigned(tree: ast.AST) -> set[str]:
    """The attributes that anything in the tree assigns to."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }


def constant(node: ast.expr) -> Fraction | None:
    """The number that an expression of numbers gives; None for any other, and for huge ones."""
    try:
        return _computed(node)
    except ArithmeticError:
        return None


def _computed(node: ast.expr) -> Fraction:
    """The number; ArithmeticError where there is none."""
    number: Fraction | None = None
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            # The digits as written; a float that is not finite has none.
            number = Fraction(str(value)) if abs(value) <= _LARGEST else None
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            number = -_computed(inner)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            number = Fraction(_OPERATORS[type(sign)](_computed(left), _computed(right)))
    if number is None or abs(number) > _LARGEST:
        raise ArithmeticError
    return number


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    is_whole = base.denominator == exponent.denominator == 1
    if not (is_whole and 0 <= exponent <= 62 and abs(base) <= 2**12):
        raise ArithmeticError  # it could take long
    return base**exponent.numerator


_OPERATORS: dict[type, Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: lambda first, second: Fraction(first // second),
    ast.Pow: _power,
}
