"""What `hubops init` asks: each question with its option, its default and when it applies.

The table is questions.json. An answer is text; an empty one leaves the setting out. A default of
None means that only the operator can know. Lists are written with commas.
"""

from collections.abc import Callable, Mapping

from generator.io import resources
from generator.records import record
from generator.site.releases import GATEWAY, HUB, Versions
from generator.versions import Version

Answers = Mapping[str, str]
Default = Callable[[Answers, Versions], str | None]

YES, NO = "yes", "no"
EVERYONE = "everyone"


def _realm(url: str) -> dict[str, str]:
    connect = f"{url}/protocol/openid-connect"
    return {
        "login-service": "EGI Check-In",
        "authorize-url": f"{connect}/auth",
        "token-url": f"{connect}/token",
        "userdata-url": f"{connect}/userinfo",
        "scopes": "openid, profile, email, entitlements",
    }


# Logins of the provider generic-oauth by a name, so that no one has to look up their addresses.
PRESETS: Mapping[str, Mapping[str, str]] = {
    "egi": _realm("https://aai.egi.eu/auth/realms/egi"),
    "egi-demo": _realm("https://aai-demo.egi.eu/auth/realms/egi"),
}


@record
class SetupQuestion:
    """One thing to know; a person is asked if `asked` has text, or `only_if_open` no default."""

    name: str
    help: str
    asked: str = ""
    default: str | None = None
    condition: str = ""
    choices: tuple[str, ...] = ()
    only_if_open: bool = False

    @property
    def flag(self) -> str:
        """The option on the command line."""
        return f"--{self.name}"

    def applies(self, answers: Answers) -> bool:
        """Whether the question has a meaning beside these answers."""
        return not self.condition or CONDITIONS[self.condition](answers)

    def default_for(self, answers: Answers, known: Versions) -> str | None:
        """The default beside these answers; `known` are the chart releases that hubops knows."""
        computed = _COMPUTED.get(self.name)
        return computed(answers, known) if computed is not None else self.default


def items(answer: str) -> list[str]:
    """The entries of a list that is written with commas."""
    return [item.strip() for item in answer.split(",") if item.strip()]


def _preset(name: str, otherwise: str | None = None) -> Default:
    return lambda answers, _: PRESETS.get(answers["provider"], {}).get(name, otherwise)


def _allowed(answers: Answers, _: Versions) -> str | None:
    """Empty where another rule lets people in; a test hub is open to everyone."""
    if answers["provider"] == "dummy":
        return EVERYONE
    return "" if answers.get("organizations") or answers.get("groups") else None


def _image(answers: Answers, known: Versions) -> str | None:
    """The chart's sample fits its hub but has no Dask; for Dask the newest image up to this hub."""
    if answers["dask"] != YES:
        return f"quay.io/jupyterhub/k8s-singleuser-sample:{answers['jupyterhub']}"
    try:
        hub = Version.parse(answers["jupyterhub"])
    except ValueError:
        return None  # lint words what is wrong with the version
    releases = (one for one in known.releases(HUB) if Version.parse(one.version) <= hub)
    images = [one.image for one in releases if one.image]
    return images[-1] if images else None


def _partner(answers: Answers, known: Versions) -> str:
    """The newest release that is known to work with this hub, otherwise the newest of all."""
    partners = [gateway for hub, gateway in known.pairs if hub == answers["jupyterhub"]]
    return max(partners or (gateway for _, gateway in known.pairs), key=Version.parse)


CONDITIONS: Mapping[str, Callable[[Answers], bool]] = {
    "openid": lambda answers: answers["provider"] in ("generic-oauth", *PRESETS),
    "github": lambda answers: answers["provider"] == "github",
    "dask": lambda answers: answers["dask"] == YES,
}
_COMPUTED: Mapping[str, Default] = {
    **{name: _preset(name) for name in ("authorize-url", "token-url", "userdata-url")},
    "login-service": _preset("login-service", ""),
    "scopes": _preset("scopes", "openid, profile, email"),
    "organizations": lambda answers, _: "" if answers.get("allow") else None,
    "allow": _allowed,
    HUB: lambda _, known: max((hub for hub, _ in known.pairs), key=Version.parse),
    GATEWAY: _partner,
    "image": _image,
}
# The table has what is text; defaults that follow from other answers are in _COMPUTED.
QUESTIONS = tuple(SetupQuestion(**row) for row in resources.new_site_questions())
