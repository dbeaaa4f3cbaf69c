"""What Python among chart values, or an argument of the hub, does to a promise."""

import re
from collections.abc import Iterator, Mapping

from generator.charts.overrides import matching
from generator.charts.pod_promises import HARMLESS
from generator.charts.promise import (
    ANYONE,
    AS_HUB,
    ELSEWHERE,
    EVERY_ADMIN,
    EVERYONE,
    IN_HUB,
    LOGIN,
    MEMORY,
    NODE,
    OUR_SECRETS,
    OUTSIDE,
    PLAIN,
    ROOT,
    SECOND,
    WHO,
    Broken,
)
from generator.names import HUB_SECRET
from generator.site.model import Json

# `c.A.b = True`, `c["A"]["b"] = True`, `--A.b=True`, `{"b": True}`, `setattr(c.A, "b", True)`.
_EQUALS = r"[\"'\]]{0,2}\s*[=:,]\s*"
_TRUE = rf"{_EQUALS}True\b"
_CAPABILITY = rf"\badd{_EQUALS}\[[^\]]*[\"'](?!(?:{'|'.join(sorted(HARMLESS))})[\"'])[A-Z_]+[\"']"
# What Python, or an argument of the hub, does: the first that it does is said. Each is compiled
# when first used: most sites have no Python.
_CODE = tuple(
    (pattern, Broken(path=(), why=why, is_refused=is_refused))
    for pattern, why, is_refused in (
        (
            r"\b(?:Dummy|SharedPassword)Authenticator\b"
            rf"|authenticator_class{_EQUALS}[\"']?(?:dummy|shared-password)",
            ANYONE,
            True,
        ),
        (
            rf"\b(?:privileged|host_?[nN]etwork|host_?(?:PID|IPC|pid|ipc)){_TRUE}"
            rf"|\bhost_?[pP]ath\b|{_CAPABILITY}",
            NODE,
            True,
        ),
        (rf"\bauthenticator_class{_EQUALS}", LOGIN, False),
        (rf"\ballow_all{_TRUE}", EVERYONE, False),
        (
            r"\b(?:Simple)?LocalProcessSpawner\b"
            rf"|spawner_class{_EQUALS}[\"'](?:simple|local)",
            IN_HUB,
            False,
        ),
        (
            rf"\b(?:db_url|--db){_EQUALS}[\"']?sqlite(?:\+\w+)?://(?:/?:memory:|[\"'\n]|$"
            r"|//(?!srv/jupyterhub/))|--no-db\b",
            MEMORY,
            False,
        ),
        (rf"\b(?:tls_verify|validate_(?:server_)?cert){_EQUALS}False\b", PLAIN, False),
        (
            rf"\ballow_?[pP]rivilege_?[eE]scalation{_TRUE}"
            rf"|\b(?:(?:run_as_|singleuser_)?uid|runAsUser){_EQUALS}0\b",
            ROOT,
            False,
        ),
        (
            rf"\bname{_EQUALS}[\"'](?:user|server)[\"'][^}})]*[\"'](?:admin[:\w-]*|access:servers)[\"']",
            EVERY_ADMIN,
            False,
        ),
        (
            r"Authenticator\.(?:admin|allowed)_users\s*=(?!=)",
            WHO,
            False,
        ),
        (
            r"\.(?:cookie_secret|auth_token|client_id|client_secret|jupyterhub_api_token)\s*=(?!=)"
            r"|\bCryptKeeper\.keys\s*=(?!=)"
            r"|\benviron\b\W*(?:CONFIGPROXY_AUTH_TOKEN|JUPYTERHUB_CRYPT_KEY)\W+=(?!=)",
            SECOND,
            False,
        ),
        (rf"\bservice_?[aA]ccount(?:_name|Name)?{_EQUALS}[\"']hub[\"']", AS_HUB, False),
        (rf"[\"'](?:{HUB_SECRET}|hub-db-dir)[\"']", OUR_SECRETS, False),
        (rf"\benable_user_namespaces{_TRUE}|\bKubeSpawner\.namespace{_EQUALS}", OUTSIDE, False),
        (rf"\bbackend_class{_EQUALS}", "users' code no longer runs in pods of its own", False),
        (rf"\bKube(?!Spawner)\w+\.namespace{_EQUALS}", ELSEWHERE, False),
    )
)
_COMMENT = r"(?m)#.*$"
_PYTHON = (
    ("hub", "extraConfig"),
    ("hub", "extraConfig", "*"),
    ("hub", "extraFiles", "*", "stringData"),
    ("hub", "args"),
    ("hub", "command"),
    ("gateway", "extraConfig"),
    ("gateway", "extraConfig", "*"),
)


def broken(values: Mapping[str, Json]) -> Iterator[Broken]:
    """The promises that such pieces of the values break; the first of several counts."""
    for path, text in (found for where in _PYTHON for found in matching(values, where)):
        if isinstance(text, list):  # `--a.b`, and its value in the next
            text = re.sub(r"(?m)^(--[\w.]+)\n(?!-)", r"\1=", "\n".join(map(str, text)))
        said = re.sub(_COMMENT, "", text) if isinstance(text, str) else ""
        for pattern, one in _CODE:
            if re.search(pattern, said):
                yield Broken(path=path, why=one.why, is_refused=one.is_refused)
