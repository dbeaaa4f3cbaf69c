"""What `hubops import` prints of Applications of further charts: what is left, lost and equal."""

from collections.abc import Iterable, Sequence

from generator.adopt.app_entries import AppProof, takeover
from generator.adopt.further_apps import FurtherApp
from generator.adopt.tables import by_reason, wrapped
from generator.credentials import printable

_ALONE = "compared by values alone: "
_TAKEOVER = "To run right before the first sync: the old Application goes, and its objects stay\n"


def text(apps: Sequence[FurtherApp], proofs: Iterable[AppProof]) -> str:
    """The parts of the report about further charts; nothing without any."""
    if not apps:
        return ""
    return "\n".join((*map(_proof, proofs), _takeover(apps)))


def _proof(proof: AppProof) -> str:
    lost = f", {len(proof.lost)} LOST" if proof.lost else ""
    several = "" if proof.equal == 1 else "s"
    equal = f"{proof.equal} value{several} equal" if proof.equal or proof.lost else "no values"
    title = f"Proof: app {proof.name}, chart {proof.chart} {proof.version}, {equal}{lost}"
    unknown = f"  NOT KNOWN ({len(proof.unknown)}): nothing that was given tells it\n"
    lines = [printable(title), "\n", _rendered(proof)]
    lines.append(by_reason(f"  LOST ({len(proof.lost)}): the entry can't have them\n", proof.lost))
    lines.append(by_reason(unknown, proof.unknown))
    lines.append(by_reason(f"  NOT EXPLAINED ({len(proof.unexplained)})\n", proof.unexplained))
    return "".join(lines)


def _rendered(proof: AppProof) -> str:
    found = proof.rendered
    if found is None or found.why_not:
        why = found.why_not if found is not None else "Helm was not asked"
        return wrapped(f"{_ALONE}{why}", "  ")
    said = f"rendered by Helm {found.helm} from both: {found.equal} objects are equal"
    if found.differing:
        said += f", and these are not: {', '.join(found.differing)}"
    return wrapped(said, "  ")


def _takeover(apps: Iterable[FurtherApp]) -> str:
    """How the objects change hands without being deleted."""
    lines = [f"      {command}\n" for app in apps for command in takeover(app)]
    return f"{_TAKEOVER}{''.join(lines)}"
