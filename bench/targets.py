"""What hubops must reach, and whether a run shows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from bench import cases
from bench.cases import Key
from bench.measure import Results

# A number from a run's results. KeyError where the run lacks a figure that it needs.
Number = Callable[[Results], float]

_HELM = (cases.HELM_3, cases.HELM_4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A number that must not be above, or not below, a bound."""

    text: str
    number: Number
    at_most: float | None = None
    at_least: float | None = None
    unit: Literal["x", "MiB"] = "x"

    @property
    def bound(self) -> str:
        """The bound as people read it."""
        if self.at_most is not None:
            return f"at most {self.at_most:g} {self.unit}"
        return f"at least {self.at_least:g} {self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A target with what was found; None where the run did not measure it."""

    target: Target
    found: float | None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where nothing is known."""
        if self.found is None:
            return None
        if self.target.at_most is not None:
            return self.found <= self.target.at_most
        return self.target.at_least is not None and self.found >= self.target.at_least

    @property
    def word(self) -> str:
        """The verdict as people read it."""
        return {True: "met", False: "not met", None: "not measured"}[self.met]


def verdicts(results: Results) -> tuple[Verdict, ...]:
    """Every target, judged by one run."""
    return tuple(Verdict(target=target, found=_found(target, results)) for target in TARGETS)


def _found(target: Target, results: Results) -> float | None:
    try:
        return target.number(results)
    except KeyError:
        return None


def _seconds(results: Results, key: Key) -> float:
    return results[key].seconds


def _times(name: str, baseline: str, size: int = 0) -> Number:
    """How many times as long something takes as an import."""
    return lambda results: _seconds(results, (name, size)) / _seconds(results, (baseline, 0))


def _faster(name: str, peers: Sequence[str], size: int) -> Number:
    """How many times as long the fastest of some peers takes."""

    def number(results: Results) -> float:
        found = [results[peer, size].seconds for peer in peers if (peer, size) in results]
        if not found:
            raise KeyError(peers)
        return min(found) / _seconds(results, (name, size))

    return number


def _growth(name: str, small: int, large: int) -> Number:
    """The cost of one environment in a large site, in those of one in a small site."""
    return lambda results: (
        (_seconds(results, (name, large)) / large) / (_seconds(results, (name, small)) / small)
    )


def _memory(size: int) -> Number:
    """The most memory that any of the commands takes, in MiB."""
    names = (cases.FRESH, cases.NO_CHANGE, cases.CHECK)
    return lambda results: max(results[name, size].memory for name in names)


TARGETS = (
    Target(
        text="`--help` to `import click`",
        number=_times(cases.HELP, cases.IMPORT_CLICK),
        at_most=1.3,
    ),
    Target(
        text="1 environment: `generate`, fresh, to `import click, yaml`",
        number=_times(cases.FRESH, cases.IMPORT_BOTH, 1),
        at_most=1.8,
    ),
    Target(
        text="100 environments: fresh, faster than `helm template`",
        number=_faster(cases.FRESH, _HELM, 100),
        at_least=2,
    ),
    Target(
        text="100 environments: fresh, faster than kapitan",
        number=_faster(cases.FRESH, (cases.KAPITAN,), 100),
        at_least=20,
    ),
    Target(
        text="100 environments: no change, faster than `helm template`",
        number=_faster(cases.NO_CHANGE, _HELM, 100),
        at_least=2,
    ),
    Target(
        text="100 environments: `check`, faster than `helm template`",
        number=_faster(cases.CHECK, _HELM, 100),
        at_least=2,
    ),
    Target(
        text="1,000 environments: fresh, faster than `helm template`",
        number=_faster(cases.FRESH, _HELM, 1000),
        at_least=3,
    ),
    Target(
        text="1,000 environments: no change, faster than `helm template`",
        number=_faster(cases.NO_CHANGE, _HELM, 1000),
        at_least=3,
    ),
    Target(
        text="1,000 environments: `check`, faster than `helm template`",
        number=_faster(cases.CHECK, _HELM, 1000),
        at_least=3,
    ),
    Target(
        text="cost per environment, 1,000 to 100, fresh",
        number=_growth(cases.FRESH, 100, 1000),
        at_most=1.3,
    ),
    Target(
        text="cost per environment, 1,000 to 100, no change",
        number=_growth(cases.NO_CHANGE, 100, 1000),
        at_most=1.3,
    ),
    Target(
        text="100 environments: peak memory",
        number=_memory(100),
        at_most=40,
        unit="MiB",
    ),
    Target(
        text="1,000 environments: peak memory",
        number=_memory(1000),
        at_most=200,
        unit="MiB",
    ),
)
