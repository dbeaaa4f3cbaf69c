"""What `hubops init` asks: each question with its option, its default and when it applies.

An answer is text; an empty one leaves the setting out. A default of None means that only the
operator can know. Lists are written with commas.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from generator.records import record
from generator.site.releases import GATEWAY, HUB, Versions
from generator.versions import Version

Answers = Mapping[str, str]
Default = Callable[[Answers, Versions], str | None]

YES, NO = "yes", "no"
EVERYONE = "everyone"
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


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
class Question:
    """One thing to know; a person is asked only if `asked` has text.

    With `only_if_open` a person is asked only where there is no default.
    """

    name: str
    help: str
    asked: str = ""
    default: Default | str | None = None
    applies: Callable[[Answers], bool] = lambda answers: True
    choices: tuple[str, ...] = ()
    only_if_open: bool = False

    @property
    def flag(self) -> str:
        """The option on the command line."""
        return f"--{self.name}"

    def default_for(self, answers: Answers, known: Versions) -> str | None:
        """The answer beside these others; `known` are the chart releases that hubops knows."""
        return self.default(answers, known) if callable(self.default) else self.default


def openid(answers: Answers) -> bool:
    """Whether people log in with OpenID Connect."""
    return answers["provider"] == "generic-oauth" or answers["provider"] in PRESETS


def github(answers: Answers) -> bool:
    """Whether people log in with GitHub."""
    return answers["provider"] == "github"


def dask(answers: Answers) -> bool:
    """Whether users can start Dask clusters."""
    return answers["dask"] == YES


def items(answer: str) -> list[str]:
    """The entries of a list that is written with commas."""
    return [item.strip() for item in answer.split(",") if item.strip()]


def folder_name(folder: str) -> str | None:
    """The folder's name where a site can have it."""
    return folder if _NAME.fullmatch(folder) else None


def _preset(name: str, otherwise: str | None = None) -> Default:
    return lambda answers, _: PRESETS.get(answers["provider"], {}).get(name, otherwise)


def _allowed(answers: Answers, _: Versions) -> str | None:
    """Empty where another rule lets people in; a test hub is open to everyone."""
    if answers["provider"] == "dummy":
        return EVERYONE
    return "" if answers.get("organizations") or answers.get("groups") else None


def _organizations(answers: Answers, _: Versions) -> str | None:
    return "" if answers.get("allow") else None


def _image(answers: Answers, known: Versions) -> str | None:
    """The chart's sample fits its hub but has no Dask; for Dask the newest image up to this hub."""
    if not dask(answers):
        return f"quay.io/jupyterhub/k8s-singleuser-sample:{answers['jupyterhub']}"
    try:
        hub = Version.parse(answers["jupyterhub"])
    except ValueError:
        return None  # lint words what is wrong with the version
    images = [one.image for one in known.hub if one.image and Version.parse(one.version) <= hub]
    return images[-1] if images else None


def _newest(versions: Iterable[str]) -> str:
    return max(versions, key=Version.parse)


def _newest_hub(_: Answers, known: Versions) -> str:
    return _newest(hub for hub, _ in known.pairs)


def _partner(answers: Answers, known: Versions) -> str:
    """The newest release that is known to work with this hub, otherwise the newest of all."""
    partners = [gateway for hub, gateway in known.pairs if hub == answers["jupyterhub"]]
    return _newest(partners or (gateway for _, gateway in known.pairs))


QUESTIONS = (
    Question(
        name="name",
        help="The site's name; the names of all objects in Argo CD begin with it.",
        asked="Name of the site",
    ),
    Question(
        name="url",
        help="The Git repository, as Argo CD reaches it.",
        asked="URL of its Git repository, as Argo CD reaches it",
    ),
    Question(
        name="revision",
        help="The branch that Argo CD follows.",
        asked="Branch that Argo CD follows",
        default="main",
    ),
    Question(
        name="argocd",
        help="The version of Argo CD.",
        asked="Version of Argo CD",
        default="3.1",
    ),
    Question(
        name="cluster",
        help="A name for the Kubernetes cluster.",
        asked="A name for the Kubernetes cluster",
        default="main",
    ),
    Question(
        name="server",
        help="The cluster's address in Argo CD.",
        default="https://kubernetes.default.svc",
    ),
    Question(
        name="kubernetes",
        help="The cluster's Kubernetes version.",
        asked="Version of Kubernetes (kubectl version)",
        default="1.31",
    ),
    Question(
        name="storage-class",
        help="The storage class for homes and the hub's database.",
        asked="Storage class (kubectl get storageclass)",
    ),
    Question(
        name="ingress-class",
        help="The ingress class.",
        asked="Ingress class (kubectl get ingressclass)",
        default="nginx",
    ),
    Question(
        name="cluster-issuer",
        help="cert-manager's ClusterIssuer; '' if the ingress controller has a certificate.",
        asked="ClusterIssuer of cert-manager (kubectl get clusterissuer)",
        default="letsencrypt-prod",
    ),
    Question(
        name="environment",
        help="A name for the hub's environment.",
        default="production",
    ),
    Question(
        name="namespace",
        help="The namespace that the hub runs in.",
        asked="Namespace of the hub",
        default="hub",
    ),
    Question(name="host", help="The host name that users open.", asked="Host name that users open"),
    Question(
        name="provider",
        help="How people log in. egi and egi-demo are EGI Check-In; dummy takes any password.",
        asked="Login",
        default="egi",
        choices=(*PRESETS, "generic-oauth", "github", "dummy"),
    ),
    Question(
        name="login-service",
        help="The text of the login button.",
        default=_preset("login-service", ""),
        applies=openid,
    ),
    Question(
        name="authorize-url",
        help="The login provider's authorization endpoint.",
        asked="Authorization endpoint of the login provider",
        default=_preset("authorize-url"),
        applies=openid,
        only_if_open=True,
    ),
    Question(
        name="token-url",
        help="The login provider's token endpoint.",
        asked="Token endpoint of the login provider",
        default=_preset("token-url"),
        applies=openid,
        only_if_open=True,
    ),
    Question(
        name="userdata-url",
        help="The login provider's userinfo endpoint.",
        asked="Userinfo endpoint of the login provider",
        default=_preset("userdata-url"),
        applies=openid,
        only_if_open=True,
    ),
    Question(
        name="scopes",
        help="The scopes that the hub requests, separated by commas.",
        default=_preset("scopes", "openid, profile, email"),
        applies=openid,
    ),
    Question(
        name="username-claim",
        help="The claim that becomes the user name.",
        default="preferred_username",
        applies=openid,
    ),
    Question(
        name="organizations",
        help="GitHub organizations, or teams as ORGANIZATION:TEAM, separated by commas.",
        asked="GitHub organizations whose members may log in, separated by commas",
        default=_organizations,
        applies=github,
    ),
    Question(
        name="groups",
        help="Groups whose members may log in, separated by commas; needs --groups-claim.",
        default="",
        applies=openid,
    ),
    Question(
        name="groups-claim",
        help="The claim that lists the groups.",
        default="",
        applies=openid,
    ),
    Question(
        name="allow",
        help="Who may log in: user names separated by commas, or 'everyone' with an account.",
        asked="Who may log in: user names separated by commas, or 'everyone'",
        default=_allowed,
    ),
    Question(
        name="admins",
        help="User names of the hub's administrators, separated by commas.",
        asked="User names of its administrators, separated by commas (may be empty)",
        default="",
    ),
    Question(
        name="dask",
        help="With or without Dask Gateway, which starts Dask clusters for users.",
        asked="With Dask Gateway",
        default=YES,
        choices=(YES, NO),
    ),
    Question(
        name=HUB,
        help="The version of the jupyterhub chart. Default: the newest that hubops knows.",
        default=_newest_hub,
    ),
    Question(
        name=GATEWAY,
        help="The version of the dask-gateway chart. Default: one known to work with the hub's.",
        default=_partner,
        applies=dask,
    ),
    Question(
        name="image",
        help="The notebook image with its tag; with Dask it must contain dask-gateway.",
        asked="Notebook image with its tag",
        default=_image,
    ),
)
