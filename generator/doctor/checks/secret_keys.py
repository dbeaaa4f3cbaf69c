"""A Secret that pods read is missing, or lacks a key.

The pod waits in CreateContainerConfigError until the key is there. The SealedSecret brings the keys
that site.yaml names; a key that only `values` name comes from nowhere.
"""

import re
from collections.abc import Iterator

from generator.build.repository import secrets_of
from generator.doctor.checks.base import ERROR, Diagnoses, listed
from generator.doctor.look import LiveEnvironment, Look
from generator.doctor.reading import containers, items, name, text

CODE = "D123"
_NO_SECRET = re.compile(r'secrets? "([^"]+)" not found')
_NO_KEY = re.compile(
    r"couldn't find key (\S+) in Secret \S+?/(\S+)|references non-existent "
    r"secret key: (\S+)"
)


def check(look: Look) -> Diagnoses:
    """One for the Secrets of the site, and one for others that pods wait for."""
    for place in look.places:
        own = {secret.name: secret.keys for secret in secrets_of(place.environment)}
        missing = {}
        if place.is_known("secrets") and place.side.objects:
            missing = dict(_missing(place, own))
        for secret, keys in missing.items():
            what = (
                f"Secret '{secret}' lacks {listed(keys)}"
                if keys
                else f"there is no Secret '{secret}'"
            )
            yield place.found(
                CODE,
                ERROR,
                what,
                "see why the SealedSecret is not decrypted",
                commands=(
                    f"{place.kubectl} get sealedsecret {secret} -n {place.environment.namespace}",
                ),
                follows=(
                    "sealed",
                    "sealed controller",
                    "sealed unread",
                    "namespace gone",
                    "namespace",
                    "root",
                ),
                about="hub secret",
                subject=secret,
            )
        for pod, what, secret in _waited_for(place):
            if secret not in missing:
                yield place.found(
                    CODE,
                    ERROR,
                    f"pod '{pod}' waits for {what}",
                    "name a Secret and a key that are there"
                    if secret not in own
                    else "see whether the Secret has the key",
                    commands=(
                        f"{place.kubectl} describe pod {pod} -n {place.environment.namespace}",
                    ),
                    about="hub secret",
                    subject=pod,
                )


def _missing(
    place: LiveEnvironment, own: dict[str, tuple[str, ...]]
) -> Iterator[tuple[str, list[str]]]:
    for secret, keys in own.items():
        live = place.inside.get("Secret", {}).get(secret)
        if live is None:
            yield secret, []
        elif lacking := [key for key in keys if key not in items(live, "keys")]:
            yield secret, lacking


def _waited_for(place: LiveEnvironment) -> Iterator[tuple[str, str, str]]:
    told = set()
    for pod in place.all("Pod"):
        messages = [text(one, "state.waiting.message") for one in containers(pod)]
        messages += [
            text(event, "message")
            for event in place.all("Event")
            if text(event, "involvedObject.name") == name(pod)
            and text(event, "reason") in ("FailedMount", "Failed")
            and text(pod, "status.phase") == "Pending"
        ]
        for message in messages:
            secret, key = _NO_SECRET.search(message), _NO_KEY.search(message)
            if secret:
                what, of = f"Secret '{secret[1]}', which is not there", secret[1]
            elif key:
                of = key[2] or ""
                what = f"key '{key[1] or key[3]}' of Secret '{of}'" if of else f"key '{key[3]}'"
            else:
                continue
            if what not in told:
                told.add(what)
                yield name(pod), what, of
