"""A promise that a chart value can switch off, and the words for what then happens."""

from collections.abc import Callable

from generator.charts.overrides import Place
from generator.merge import same
from generator.records import record
from generator.site.model import Json

Breaks = Callable[[Json], bool]


@record
class Promise:
    """A chart value that a promise rests on: where it is, what breaks it, and what then happens.

    A step `*` of the path is any key. `is_refused`: the cluster refuses such an object, or anyone
    logs in.
    """

    path: tuple[str, ...]
    breaks: Breaks
    why: str
    is_refused: bool = False


@record
class Broken:
    """A promise that a value switches off; `why` says what then happens."""

    path: Place
    why: str
    is_refused: bool = False


def but(*good: Json) -> Breaks:
    """Everything but these, of the same type."""
    return lambda value: value is not None and not any(same(value, one) for one in good)


def equals(*bad: Json) -> Breaks:
    """One of these, of the same type."""
    return lambda value: any(same(value, one) for one in bad)


def is_set(value: Json) -> bool:
    """Anything but nothing."""
    return value not in (None, False, 0, "", [], {})


def promises(breaks: Breaks, why: str, *paths: str, **more: bool) -> tuple[Promise, ...]:
    """The promises of several paths, each with spaces between its keys."""
    return tuple(
        Promise(path=tuple(path.split(" ")), breaks=breaks, why=why, **more) for path in paths
    )


METADATA = "users' servers can reach the cloud's metadata address, which gives away credentials"
EVERYONE = "everyone whom the login provider knows may log in, and site.yaml does not say so"
ANYONE = "anyone can log in with any password or a shared one"
LOGIN = "the login is no longer the one that site.yaml describes and lint checks"
MEMORY = "the hub forgets users, tokens and running servers at each restart"
UNREACHABLE = "no one reaches the hub at its address"
RIGHTS = "without its rights in the namespace it can't start anything"
QUOTA = "the namespace's quota refuses such a Service: it would be a public address"
PUBLIC = "the Service gets its own public address, past the ingress and its TLS"
PLAIN = "answers of the login provider are believed without checking who sends them"
IN_HUB = "users' code runs in the hub's own pod, with its secrets"
NODE = "the namespace's pod security refuses the pod: its code could take over the node"
ROOT = "code in the pod is root, or can become it: one flaw from the node"
ELSEWHERE = (
    "Dask clusters run where no policy keeps them from the metadata address and no quota holds"
)
SECOND = "it takes the place of the value that is sealed, or that the chart sets"
WHO = "people whom site.yaml does not name may log in, or administer the hub"
EVERY_ADMIN = "every user administers the hub, or has other users' servers"
OUTSIDE = "users' servers run where no policy and no quota of the namespace holds them"
SHARED_HOME = "all users have one home: each reads and deletes what the others save"
HOMES_GO = "KubeSpawner deletes the home of whoever stays away, with the user or the named server"
AS_HUB = "users' code gets the rights of a part of the hub: it reads Secrets, or starts pods"
OUR_SECRETS = "every user reads the hub's own secrets or database"
PROXY_API = "users' code can ask the proxy's own interface, which only the hub may"
UNENCRYPTED = "people's logins travel unencrypted"
