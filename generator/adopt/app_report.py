"""What `hubops import` prints of Applications of further charts: what is left, lost and equal."""

from collections.abc import Iterable, Sequence

from generator.adopt.app_entries import AppProof, takeover
from generator.adopt.further_apps import FurtherApp
from generator.adopt.tables import by_reason, wrapped
from generator.credentials import printable

_ALONE = "compared by values alone: "
_LATER = "with the chart in the cache, hubops also renders both and names the cluster kinds"


def text(apps: Sequence[FurtherApp], proofs: Iterable[AppProof]) -> str:
    """The parts of the report about further charts; nothing without any."""
    if not apps:
        return ""
    return "\n".join((*map(_proof, proofs), _takeover(apps)))


def _proof(proof: AppProof) -> str:
    lost = f", {len(proof.lost)} LOST" if proof.lost else ""
    title = f"Proof: app {proof.name}, chart {proof.chart} {proof.version}, {proof.equal} values "
    lines = [printable(f"{title}equal{lost}"), "\n", _rendered(proof)]
    lines.append(by_reason(f"  LOST ({len(proof.lost)}): the entry can't have them\n", proof.lost))
    lines.append(by_reason(f"  NOT EXPLAINED ({len(proof.unexplained)})\n", proof.unexplained))
    return "".join(lines)


def _rendered(proof: AppProof) -> str:
    found = proof.rendered
    if found is None or found.why_not:
        why = found.why_not if found is not None else "Helm was not asked"
        return wrapped(f"{_ALONE}{why}; {_LATER}", "  ")
    said = f"rendered by Helm {found.helm} from both: {found.equal} objects are equal"
    if found.differing:
        said += f", and these are not: {', '.join(found.differing)}"
    return wrapped(said, "  ")


def _takeover(apps: Iterable[FurtherApp]) -> str:
    """How the objects change hands without being deleted."""
    lines = [
        "To run, right before hubops' Applications sync for the first time: the old ones go,\n"
    ]
    lines.append("and leave their objects\n")
    lines += [f"      {command}\n" for app in apps for command in takeover(app)]
    return "".join(lines)
