"""The host's certificate is not ready, or ends soon.

cert-manager renews a certificate 30 days before its end; one with fewer days left was not renewed.
A Challenge that waits says why. The TLS Secret then keeps the old certificate, or there is none and
browsers warn.
"""

from generator.doctor.checks.base import ERROR, WARNING, Diagnoses, sentence
from generator.doctor.look import LiveEnvironment, Look
from generator.doctor.reading import Object, condition, is_true, minutes, name, text, time

CODE = "D154"
_FEW = 21  # days
_SOON = 10  # minutes


def check(look: Look) -> Diagnoses:
    """One for each certificate."""
    for place in look.places:
        for one in place.all("Certificate"):
            yield from _fault(place, one)


def _fault(place: LiveEnvironment, one: Object) -> Diagnoses:
    namespace = place.environment.namespace
    shared: dict[str, object] = {
        "about": "certificate",
        "follows": ("challenge", "issuer", "cert-manager", "dns", "ingress"),
        "commands": (f"{place.kubectl} describe certificate {name(one)} -n {namespace}",),
        "at": (*place.cluster.at, "ingress"),
    }
    ends = time(text(one, "status.notAfter"))
    days = (ends - place.look.now).total_seconds() / 86400 if ends is not None else None
    if days is not None and days < 0:
        yield place.found(
            CODE,
            ERROR,
            f"certificate '{name(one)}' expired {-days:.0f} days ago",
            "see why it is not renewed",
            breaks=True,
            **shared,
        )
    elif not is_true(one, "Ready"):
        created = text(one, "metadata.creationTimestamp")
        if minutes(created, place.look.now) >= _SOON:
            said = text(condition(one, "Ready"), "message")
            yield place.found(
                CODE,
                ERROR,
                f"certificate '{name(one)}' is not ready: {sentence(said)}",
                "see its order and challenge",
                **shared,
            )
    elif days is not None and days < _FEW:
        yield place.found(
            CODE,
            WARNING,
            f"certificate '{name(one)}' ends in {days:.0f} days: it was not renewed",
            "see why it is not renewed",
            **shared,
        )
