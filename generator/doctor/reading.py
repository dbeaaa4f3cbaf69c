"""Fields of objects that someone else wrote: each as the type that it should have, or empty."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Object = Mapping[str, Any]


def found(node: Any, path: str) -> Any:
    """What is at a dotted path; None where there is nothing."""
    for step in path.split("."):
        if not isinstance(node, Mapping):
            return None
        node = node.get(step)
    return node


def text(node: Any, path: str) -> str:
    """A text; empty where there is none."""
    value = found(node, path)
    return value if isinstance(value, str) else ""


def number(node: Any, path: str) -> int:
    """A whole number; 0 where there is none."""
    value = found(node, path)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def flag(node: Any, path: str) -> bool:
    """Whether it says true."""
    return found(node, path) is True


def part(node: Any, path: str) -> Object:
    """A map; empty where there is none."""
    value = found(node, path)
    return value if isinstance(value, Mapping) else {}


def items(node: Any, path: str) -> Sequence[Any]:
    """A list; empty where there is none."""
    value = found(node, path)
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def entries(node: Any, path: str) -> tuple[Object, ...]:
    """The maps of a list."""
    return tuple(item for item in items(node, path) if isinstance(item, Mapping))


def name(node: Any) -> str:
    """The name of an object."""
    return text(node, "metadata.name")


def namespace(node: Any) -> str:
    """The namespace of an object."""
    return text(node, "metadata.namespace")


def label(node: Any, key: str) -> str:
    """The value of a label; empty where there is none."""
    value = part(node, "metadata.labels").get(key)
    return value if isinstance(value, str) else ""


def annotation(node: Any, key: str) -> str:
    """The value of an annotation; empty where there is none."""
    value = part(node, "metadata.annotations").get(key)
    return value if isinstance(value, str) else ""


def condition(node: Any, kind: str) -> Object:
    """The condition of a type; empty where there is none."""
    conditions = entries(node, "status.conditions")
    return next((one for one in conditions if one.get("type") == kind), {})


def is_true(node: Any, kind: str) -> bool:
    """Whether a condition holds."""
    return text(condition(node, kind), "status") == "True"


def time(written: str) -> datetime | None:
    """A time as Kubernetes writes it; None where it is none."""
    try:
        parsed = datetime.fromisoformat(written)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def minutes(since: str, until: datetime) -> float:
    """The minutes from a time to another; 0 where it is no time, or comes later."""
    parsed = time(since)
    return 0.0 if parsed is None else max(0.0, (until - parsed).total_seconds() / 60)


def age(since: str, until: datetime) -> str:
    """How long ago, for people: `5 min`, `3 h`, `12 d`; empty where it is no time."""
    if time(since) is None:
        return ""
    passed = minutes(since, until)
    if passed < 60:
        return f"{passed:.0f} min"
    return f"{passed / 60:.0f} h" if passed < 48 * 60 else f"{passed / 1440:.0f} d"


def containers(pod: Object) -> Iterator[Object]:
    """The states of a pod's containers, those before the start first."""
    yield from entries(pod, "status.initContainerStatuses")
    yield from entries(pod, "status.containerStatuses")
