"""The hub or the gateway does not answer, or the login leads elsewhere (with `--network`).

The hub's API says its version to everyone over HTTPS; the gateway's API asks who you are. The login
must lead to the provider in site.yaml, with this host's callback and the scopes of site.yaml.
"""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from generator.charts.login_values import callback_url
from generator.doctor.checks.base import ERROR, Diagnoses, listed
from generator.doctor.look import LiveEnvironment, Look
from generator.doctor.urls import gateway_url, hub_url, login_url
from generator.site.hub import Authentication

CODE = "D157"
_FINE = (200, 401, 403)


def check(look: Look) -> Diagnoses:
    """One for each address that was asked."""
    for place in look.places:
        answers = look.snapshot.answers
        environment = place.environment
        for what, url, about in (
            ("the hub's API", hub_url(environment), "hub url"),
            ("the gateway's API", gateway_url(environment), "gateway url"),
        ):
            answer = answers.get(url)
            if answer is None or answer.status in _FINE:
                continue
            said = answer.problem or f"status {answer.status}"
            yield place.found(
                CODE,
                ERROR,
                f"{what} does not answer at {url}: {said}",
                "see the Ingress, its controller, and the proxy",
                about=about,
                breaks=about == "hub url",
                commands=(f"curl -sS -o /dev/null {url}",),
                follows=("hub pods", "ingress", "dns", "certificate", "ingress class")
                if about == "hub url"
                else ("gateway pods", "hub url", "hub pods", "ingress", "dns"),
                at=(*environment.at, "host"),
            )
        yield from _login(place)


def _login(place: LiveEnvironment) -> Diagnoses:
    login = place.environment.settings.login
    answer = place.look.snapshot.answers.get(login_url(place.environment))
    if answer is None or login is None or not login.uses_oauth or not answer.location:
        return
    wrong = tuple(_differences(place, login, answer.location))
    if wrong:
        yield place.found(
            CODE,
            ERROR,
            f"the login is not what site.yaml says: {'; '.join(wrong)}",
            "sync the hub's Application; compare the client's registration",
            about="login",
            at=place.settings_at("jupyterhub", "authentication"),
            follows=("jupyterhub", "root", "hub url"),
            commands=(f"curl -sS -o /dev/null -D - {login_url(place.environment)}",),
        )


def _differences(place: LiveEnvironment, login: Authentication, location: str) -> Iterator[str]:
    split = urlsplit(location)
    asked = {key: values[0] for key, values in parse_qs(split.query).items()}
    if (
        login.authorize_url
        and f"{split.scheme}://{split.netloc}{split.path}" != login.authorize_url
    ):
        yield f"it leads to {split.netloc}{split.path}"
    callback = callback_url(place.environment)
    if asked.get("redirect_uri", callback) != callback:
        yield f"the callback is {asked['redirect_uri']}, not {callback}"
    missing = set(login.scopes) - set(asked.get("scope", " ".join(login.scopes)).split())
    if missing:
        yield f"the scopes lack {listed(missing)}"
    if not asked.get("client_id"):
        yield "no client id is sent"
