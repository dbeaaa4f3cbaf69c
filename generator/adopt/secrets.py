"""Which values are secrets: the report names their places, and nothing copies them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.adopt import pull_secret
from generator.adopt.base import (
    DASK_GATEWAY,
    JUPYTERHUB,
    Foreign,
    Path,
    alike,
    at,
    is_below,
    leaves,
    removed,
    texts,
)
from generator.adopt.encrypted import is_encrypted
from generator.adopt.withheld import shown_path
from generator.charts.hub_services import token_key
from generator.charts.login_values import sealed_key
from generator.credentials import is_reference, is_secret_key
from generator.diagnostics import Pointer
from generator.lint.rules.repository.credential_in_site import (
    TOKEN_MAPS,
    credentials_below,
    holds_credential,
)
from generator.lint.rules.secrets.secret_variable import is_variable
from generator.names import HUB_SECRET
from generator.records import field, record, replace
from generator.secrets.keys import (
    CLIENT_ID,
    CLIENT_SECRET,
    COOKIE_SECRET,
    CRYPT_KEYS,
    DASK_TOKEN,
    DATABASE_PASSWORD,
)
from generator.secrets.plaintext import Plaintext
from generator.site.model import REGISTRY_KEY, Json

# Where each chart has the values that hubops keeps in `hub-secrets`.
TARGETS: Mapping[str, Mapping[Path, str]] = {
    JUPYTERHUB: {
        ("hub", "config", "*", "client_id"): CLIENT_ID,
        ("hub", "config", "*", "client_secret"): CLIENT_SECRET,
        ("hub", "extraEnv", "OAUTH_CLIENT_ID"): CLIENT_ID,
        ("hub", "extraEnv", "OAUTH_CLIENT_SECRET"): CLIENT_SECRET,
        ("hub", "config", "JupyterHub", "cookie_secret"): COOKIE_SECRET,
        ("hub", "cookieSecret"): COOKIE_SECRET,
        ("hub", "config", "CryptKeeper", "keys"): CRYPT_KEYS,
        ("hub", "services", "*", "apiToken"): token_key("*"),
        ("hub", "db", "password"): DATABASE_PASSWORD,
    },
    DASK_GATEWAY: {
        ("gateway", "auth", "jupyterhub", "apiToken"): DASK_TOKEN,
        ("gateway", "auth", "custom", "config", "jupyterhub_api_token"): DASK_TOKEN,
    },
}
_GENERATED = "nothing to do: only hub and proxy use it, and the chart generates one"
_PLACEHOLDER = re.compile(
    r"change[-_ ]?me|replace[-_ ]?(me|this)|to[-_ ]?do|fix[-_ ]?me|place[-_ ]?holder|insert[-_ ]"
    r"|your[-_ ]|set[-_ ]?me|^x{3,}$|^<.*>$|^\$\{.*\}$|^unset$|^see-existing",
    re.IGNORECASE,
)
# Where each chart has variables of its pods, with the Secret for them in site.yaml, and its reader.
_VARIABLES = {"hub": ("hub-variables", "hub"), "singleuser": ("server-variables", "servers")}
# Below its name, where the text of a variable is.
_OF_TEXT = ((), ("value",))
_PROXY_TOKEN = ("proxy", "secretToken")
# A shorter value may be elsewhere by chance; one this long is not.
_UNLIKELY, _LONG = 8, 16
OWN_SECRET = (
    "add it to 'secrets' in site.yaml, as a variable or file, then seal it; until then it is "
    "missing where it is used"
)
_NO_PLACE = "left out: only a file of secrets has it, and site.yaml has no place for it"


@record
class Secret:
    """One secret, for a `key` of a `secret`; without `value` where a Secret holds it already.

    `is_withheld`: only a file of secrets has it. `above` are the keys over its path in the file.
    """

    chart: str
    path: Path
    place: str
    secret: str = HUB_SECRET
    key: str | None = None
    advice: str = ""
    held_by: tuple[str, str] | None = None
    is_encrypted: bool = False
    above: Pointer = ()
    is_placeholder: bool = False
    is_withheld: bool = False
    value: Plaintext | None = field(default=None, hidden=True)

    @property
    def name(self) -> str:
        """The Secret and the key, as `hubops seal` takes them."""
        return f"{self.secret}/{self.key}"

    @property
    def is_lost(self) -> bool:
        """Whether only a file of secrets has it, and the site has no place for it."""
        return self.is_withheld and self.key is None and self.advice != _GENERATED


def of_all(charts: Sequence[Foreign], own: Mapping[str, Json]) -> Iterator[Secret]:
    """The secrets among all charts' values; what hubops writes itself (`own`) is none."""
    spanning = tuple(_spanning(charts))
    yield from spanning
    sides = [side for one in charts for side in (one, replace(one, values=one.withheld))]
    known = frozenset(text for side in sides for text in _known(side))
    for side in sides:
        done = {one.path for one in spanning if one.chart == side.chart}
        for path, value in leaves(side.values):
            is_own = alike(at(own[side.chart], *path), value)
            if is_own or is_below(path, done):
                continue
            secret = _targeted(side, path)
            if side.values is side.withheld:
                secret = _withheld(side, path, secret)
            secret = secret or _by_looks(side, path, value, known)
            if secret is not None:
                done.add(secret.path)
                above = side.above.get(secret.place.rpartition(":")[0], ())
                yield replace(_as_variable(secret, path, value, own[JUPYTERHUB]), above=above)


def cleared(charts: Sequence[Foreign]) -> dict[str, Json]:
    """Each chart's values without what is a secret: what may be read into site.yaml."""
    left: dict[str, Json] = {one.chart: one.values for one in charts}
    for secret in of_all(charts, {chart: {} for chart in (*left, JUPYTERHUB)}):
        # What lint says of the login's own keys is plainer than that they are missing.
        is_login = secret.path[:2] == ("hub", "config")
        if secret.chart in left and not (secret.is_withheld or is_login):
            left[secret.chart] = removed(left[secret.chart], secret.path)
    return left


def _spanning(charts: Sequence[Foreign]) -> Iterator[Secret]:
    """What several values say together: a registry's account, and where the gateway's token is."""
    for one in charts:
        if one.chart == JUPYTERHUB and pull_secret.is_made(one):
            yield Secret(
                chart=one.chart,
                path=pull_secret.CHARTS_OWN,
                place=one.place((*pull_secret.CHARTS_OWN, "password")),
                secret=pull_secret.NAME,
                key=REGISTRY_KEY,
                value=pull_secret.account(one),
            )
        if one.chart == DASK_GATEWAY:
            keys = ("apiTokenFromSecretName", "apiTokenFromSecretKey")
            paths = [("gateway", "auth", "jupyterhub", key) for key in keys]
            name, key = (at(one.values, *path) for path in paths)
            if isinstance(name, str) and name not in ("hub", HUB_SECRET):
                held = (name, key if isinstance(key, str) else DASK_TOKEN)
                place = one.place(paths[0])
                bare = Secret(chart=one.chart, path=paths[0], place=place, key=DASK_TOKEN)
                yield replace(bare, held_by=held)


def _withheld(foreign: Foreign, path: Path, targeted: Secret | None) -> Secret:
    """A value that only a file of secrets has; a reference in it names what no one may see."""
    if targeted is not None and targeted.held_by is None:
        return replace(targeted, is_withheld=True)
    return Secret(
        chart=foreign.chart,
        path=shown_path(path),
        place=foreign.place(path),
        advice=_GENERATED if path == _PROXY_TOKEN else _NO_PLACE,
        is_withheld=True,
        is_encrypted=is_encrypted(at(foreign.withheld, *path)),
    )


def _as_variable(secret: Secret, path: Path, value: Json, own: Json) -> Secret:
    """The secret as a key of one of the site's own Secrets, where it is a variable of a pod."""
    root, section, name = (*path, "", "", "")[:3]
    if secret.key or section != "extraEnv" or root not in _VARIABLES or path[3:] not in _OF_TEXT:
        return secret
    holder, pod = _VARIABLES[root]
    is_scalar = isinstance(value, str | int | float) and not isinstance(value, bool)
    if not (is_scalar and is_variable(pod, name)) or name in at(own, root, section, default={}):
        return secret
    if is_encrypted(value):
        return replace(secret, path=path[:3], secret=holder, key=name, is_encrypted=True)
    text = None if secret.is_placeholder else Plaintext(str(value).encode(errors="surrogatepass"))
    return replace(secret, path=path[:3], secret=holder, key=name, value=text)


def settings(secrets: Iterable[Secret]) -> dict[str, Any]:
    """`secrets` of site.yaml: the site's own Secrets, with the variables that they are for."""
    readers, keys = dict(_VARIABLES.values()), dict[str, list[str]]()
    for secret in secrets:
        if secret.key is not None and secret.secret in readers:
            keys.setdefault(secret.secret, []).append(secret.key)
    return {
        holder: {"keys": names, "usedBy": {readers[holder]: "environment"}}
        for holder, names in keys.items()
    }


def _known(foreign: Foreign) -> Iterator[str]:
    """The texts among a chart's values that are secrets by their keys, wherever else they are."""
    for path, value in leaves(foreign.values):
        secret, text = _targeted(foreign, path), ""
        if secret is not None and secret.key != CLIENT_ID and secret.value is not None:
            text = secret.value.reveal().decode(errors="surrogatepass")
        elif isinstance(value, str) and _is_named(path, value):
            text = value
        if len(text) >= _UNLIKELY:
            yield text


def _is_named(path: Path, value: str) -> bool:
    """Whether a value is a secret by its key; one of a piece of Python only names it."""
    is_text = is_secret_key(path[-1]) and "extraConfig" not in path
    return is_text and not (is_reference(value) or _PLACEHOLDER.search(value))


def _targeted(foreign: Foreign, path: Path) -> Secret | None:
    """The value of a key that hubops keeps; `path` may be below it, as in a reference."""
    if path[:2] == ("hub", "config") and ".".join(path[2:4]) in foreign.sealed_traits:
        return _of_trait(foreign, path[:4])
    for pattern, key in TARGETS[foreign.chart].items():
        head = path[: len(pattern)]
        fitting = (wanted in ("*", step) for wanted, step in zip(pattern, head, strict=False))
        if len(head) == len(pattern) and all(fitting):
            name = next((head[place] for place, step in enumerate(pattern) if step == "*"), "")
            return _of(foreign, head, at(foreign.values, *head), key.replace("*", name))
    return None


def _of(foreign: Foreign, path: Path, value: Json, key: str) -> Secret | None:
    bare = Secret(chart=foreign.chart, path=path, place=foreign.place(path), key=key)
    reference = at(value, "valueFrom", "secretKeyRef")
    if isinstance(reference, Mapping):
        held = (str(reference.get("name", "")), str(reference.get("key", "")))
        return None if held == (HUB_SECRET, key) else replace(bare, held_by=held)
    if isinstance(value, Mapping):
        value = value.get("value")
    if is_encrypted(value):
        return replace(bare, is_encrypted=True)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = ";".join(value)
    if value == "" or isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if _PLACEHOLDER.search(str(value)):
        return replace(bare, is_placeholder=True)
    return replace(bare, value=Plaintext(str(value).encode(errors="surrogatepass")))


def _of_trait(foreign: Foreign, path: Path) -> Secret:
    """The value of a trait of the login's class; a map or list is sealed as JSON."""
    value = at(foreign.values, *path)
    text = value if isinstance(value, str) else json.dumps(value)
    secret = Secret(
        chart=foreign.chart,
        path=path,
        place=foreign.place(path),
        key=sealed_key(".".join(path[2:])),
        is_placeholder=bool(_PLACEHOLDER.search(text)),
    )
    if secret.is_placeholder:
        return secret
    return replace(secret, value=Plaintext(text.encode(errors="surrogatepass")))


def _by_looks(foreign: Foreign, path: Path, value: Json, known: frozenset[str]) -> Secret | None:
    """A value that looks like a secret, or repeats one."""
    text = value if isinstance(value, str) else ""
    repeats = any(
        one == each or (len(one) >= _LONG and one in each) for each in texts(value) for one in known
    )
    if not (holds(path, value) or repeats):
        return None
    return Secret(
        chart=foreign.chart,
        path=_whole(path),
        place=foreign.place(path),
        advice=_GENERATED if path == _PROXY_TOKEN else OWN_SECRET,
        is_placeholder="\n" not in text and bool(_PLACEHOLDER.search(text)),
    )


def _whole(path: Path) -> Path:
    """The place of what a value belongs to: without it the chart refuses the rest of a file."""
    if path[1:2] == ("extraFiles",):
        return path[:3]
    return path[:-1] if path[-2:-1] and path[-2] in TOKEN_MAPS else path


def holds(path: Pointer, value: Json) -> bool:
    """Whether a value is a credential, or holds one."""
    if isinstance(value, list | Mapping):
        inside: Any = value.items() if isinstance(value, Mapping) else enumerate(value)
        return any(credentials_below(value)) or any(holds((*path, k), one) for k, one in inside)
    return holds_credential(path, value)


def without_key(secret: Secret) -> Secret:
    """A secret that this hub does not read from `hub-secrets`."""
    if secret.key is None:
        return secret
    return replace(
        secret, key=None, value=None, advice=_NO_PLACE if secret.is_withheld else OWN_SECRET
    )


def _by_name(secrets: Iterable[Secret]) -> dict[str, list[Plaintext]]:
    values: dict[str, dict[bytes, Plaintext]] = {}
    for secret in secrets:
        if secret.key is not None and secret.value is not None:
            values.setdefault(secret.name, {}).setdefault(secret.value.reveal(), secret.value)
    return {name: list(different.values()) for name, different in values.items()}


def conflicts(secrets: Sequence[Secret]) -> Iterator[str]:
    """What to ask about each key that the files have different values of."""
    for name, values in _by_name(secrets).items():
        if len(values) > 1:
            of_it = [one for one in secrets if one.name == name and one.value is not None]
            places = " and ".join(one.place for one in of_it)
            yield (
                f"the values for {of_it[0].key} differ ({places}), so hub and gateway do not trust "
                "each other; none was sealed: seal the right one yourself"
            )


def to_seal(secrets: Iterable[Secret]) -> dict[str, Plaintext]:
    """The one value of each SECRET/KEY; none where values differ."""
    return {name: values[0] for name, values in _by_name(secrets).items() if len(values) == 1}
