"""What `hubops init` wants to know: each question with its flag, its default and when it applies.

An answer is a text; an empty one leaves the setting out. A default of None means that nobody but
the operator can know. Lists are written with commas.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from generator.records import record
from generator.versions import Version

Answers = Mapping[str, str]
Default = Callable[[Answers], str | None]

YES, NO = "yes", "no"
# Nobody is asked for it: what `spelled` makes of the known pairs.
PAIRS = "pairs"
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


# Logins of the provider generic-oauth by a name that saves looking up their addresses.
PRESETS: Mapping[str, Mapping[str, str]] = {
    "egi": _realm("https://aai.egi.eu/auth/realms/egi"),
    "egi-demo": _realm("https://aai-demo.egi.eu/auth/realms/egi"),
}
PROVIDERS = (*PRESETS, "generic-oauth", "github", "dummy")
# Chart of the hub -> an image that fits it and holds a client of Dask Gateway.
DASK_IMAGES = {"4.4.0": "quay.io/pangeo/base-notebook:2025.11.13"}


@record
class Question:
    """One thing to know; `asked` is empty where a person is not asked, for the default will do.

    With `only_if_open` a person is asked only where there is no default.
    """

    name: str
    help: str
    asked: str = ""
    default: Default = lambda answers: None
    applies: Callable[[Answers], bool] = lambda answers: True
    choices: tuple[str, ...] = ()
    only_if_open: bool = False

    @property
    def flag(self) -> str:
        """As it is written on the command line."""
        return f"--{self.name}"


def openid(answers: Answers) -> bool:
    """Whether people log in by OpenID Connect."""
    return answers["provider"] == "generic-oauth" or answers["provider"] in PRESETS


def dask(answers: Answers) -> bool:
    """Whether users can start Dask clusters."""
    return answers["dask"] == YES


def items(answer: str) -> list[str]:
    """The entries of a list that is written with commas."""
    return [item.strip() for item in answer.split(",") if item.strip()]


def folder_name(folder: str) -> str | None:
    """A site's name from its folder's, where that is one."""
    return folder if _NAME.fullmatch(folder) else None


def _text(text: str) -> Default:
    return lambda answers: text


def _preset(name: str, otherwise: str | None = None) -> Default:
    return lambda answers: PRESETS.get(answers["provider"], {}).get(name, otherwise)


def _allowed(answers: Answers) -> str | None:
    """Other rules will do; a hub for tests is for whoever finds it."""
    if answers["provider"] == "dummy":
        return EVERYONE
    return "" if answers.get("organizations") or answers.get("groups") else None


def _organizations(answers: Answers) -> str | None:
    return "" if answers.get("allow") else None


def _image(answers: Answers) -> str | None:
    """The chart's own sample fits its hub, but has no Dask; for Dask an image of daskhub's."""
    if not dask(answers):
        return f"quay.io/jupyterhub/k8s-singleuser-sample:{answers['jupyterhub']}"
    return DASK_IMAGES.get(answers["jupyterhub"])


def spelled(pairs: Iterable[tuple[str, str]]) -> str:
    """The releases that were seen to work together, as the answers hold them under PAIRS."""
    return ",".join(f"{hub} {gateway}" for hub, gateway in pairs)


def _pairs(answers: Answers) -> list[list[str]]:
    return [pair.split() for pair in items(answers[PAIRS])]


def _newest_hub(answers: Answers) -> str:
    return max((hub for hub, _ in _pairs(answers)), key=Version.parse)


def _partner(answers: Answers) -> str:
    """The newest release that was seen to work with this hub, or else the newest of all."""
    pairs = _pairs(answers)
    partners = [gateway for hub, gateway in pairs if hub == answers["jupyterhub"]]
    return max(partners or [gateway for _, gateway in pairs], key=Version.parse)


def _github(answers: Answers) -> bool:
    return answers["provider"] == "github"


_SITE = (
    Question(
        name="name",
        help="The site's name; it begins the name of every object in Argo CD.",
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
        default=_text("main"),
    ),
    Question(
        name="argocd",
        help="The version of Argo CD.",
        asked="Version of Argo CD",
        default=_text("3.1"),
    ),
)
_CLUSTER = (
    Question(
        name="cluster",
        help="A name for the Kubernetes cluster.",
        asked="A name for the Kubernetes cluster",
        default=_text("main"),
    ),
    Question(
        name="server",
        help="The cluster's address in Argo CD.",
        default=_text("https://kubernetes.default.svc"),
    ),
    Question(
        name="kubernetes",
        help="Its version of Kubernetes.",
        asked="Version of Kubernetes (kubectl version)",
        default=_text("1.31"),
    ),
    Question(
        name="storage-class",
        help="Its storage class, for homes and the hub's database.",
        asked="Storage class (kubectl get storageclass)",
    ),
    Question(
        name="ingress-class",
        help="Its ingress class.",
        asked="Ingress class (kubectl get ingressclass)",
        default=_text("nginx"),
    ),
    Question(
        name="cluster-issuer",
        help="cert-manager's ClusterIssuer; '' for the ingress controller's own certificate.",
        asked="ClusterIssuer of cert-manager (kubectl get clusterissuer)",
        default=_text("letsencrypt-prod"),
    ),
)
_ENVIRONMENT = (
    Question(
        name="environment",
        help="A name for the hub's environment.",
        default=_text("production"),
    ),
    Question(
        name="namespace",
        help="The namespace that the hub runs in.",
        asked="Namespace of the hub",
        default=_text("hub"),
    ),
    Question(name="host", help="The host name that users open.", asked="Host name that users open"),
)
_LOGIN = (
    Question(
        name="provider",
        help="How people log in. egi and egi-demo are EGI Check-In; dummy takes any password.",
        asked="Login",
        default=_text("egi"),
        choices=PROVIDERS,
    ),
    Question(
        name="login-service",
        help="What the login button says.",
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
        help="Its token endpoint.",
        asked="Its token endpoint",
        default=_preset("token-url"),
        applies=openid,
        only_if_open=True,
    ),
    Question(
        name="userdata-url",
        help="Its userinfo endpoint.",
        asked="Its userinfo endpoint",
        default=_preset("userdata-url"),
        applies=openid,
        only_if_open=True,
    ),
    Question(
        name="scopes",
        help="What the hub asks it for, with commas.",
        default=_preset("scopes", "openid, profile, email"),
        applies=openid,
    ),
    Question(
        name="username-claim",
        help="The claim that becomes the user's name.",
        default=_text("preferred_username"),
        applies=openid,
    ),
    Question(
        name="organizations",
        help="GitHub organisations, or teams as ORGANISATION:TEAM, with commas.",
        asked="GitHub organisations whose members may log in, with commas",
        default=_organizations,
        applies=_github,
    ),
    Question(
        name="groups",
        help="Groups whose members may log in, with commas; needs --groups-claim.",
        default=_text(""),
        applies=openid,
    ),
    Question(
        name="groups-claim",
        help="The claim that lists the groups.",
        default=_text(""),
        applies=openid,
    ),
    Question(
        name="allow",
        help="Who may log in: user names with commas, or 'everyone' the provider knows.",
        asked="Who may log in: user names with commas, or 'everyone'",
        default=_allowed,
    ),
    Question(
        name="admins",
        help="User names of the hub's administrators, with commas.",
        asked="User names of its administrators, with commas (may be empty)",
        default=_text(""),
    ),
)
_SOFTWARE = (
    Question(
        name="dask",
        help="With Dask Gateway, so that users can start Dask clusters, or without.",
        asked="With Dask Gateway",
        default=_text(YES),
        choices=(YES, NO),
    ),
    Question(
        name="jupyterhub",
        help="The version of the jupyterhub chart; the newest known one otherwise.",
        default=_newest_hub,
    ),
    Question(
        name="dask-gateway",
        help="The version of the dask-gateway chart; otherwise one known to work with the hub's.",
        default=_partner,
        applies=dask,
    ),
    Question(
        name="image",
        help="The notebook image with its tag; with Dask it must hold a dask-gateway client.",
        asked="Notebook image with its tag",
        default=_image,
    ),
)
QUESTIONS = (*_SITE, *_CLUSTER, *_ENVIRONMENT, *_LOGIN, *_SOFTWARE)
