"""A log says what is wrong (with `--logs`).

- `Can't locate revision identified by`: the hub's database is newer than the hub. An older
  JupyterHub can't read it. Go back to the newer chart, or restore the copy of the database.
- `Missing required environment $JUPYTERHUB_SERVICE_URL`: the notebook image has another JupyterHub
  than the hub. Build it with the hub's version of the package.
- `redirect_uri_mismatch`, `invalid_client`: the login provider refuses the address or the client.
- a full disk: the volume of the hub's database, or the node, is full.

Doctor keeps these lines alone, masked.
"""

import re

from generator.charts.login_values import callback_url
from generator.doctor.checks.base import ERROR, Diagnoses
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.logs import KNOWN
from generator.doctor.look import LiveEnvironment, Look

CODE = "D136"


def check(look: Look) -> Diagnoses:
    """One for each thing that a log says."""
    for place in look.places:
        for component, lines in look.snapshot.lines.get(place.environment.name, {}).items():
            for kind, pattern in KNOWN.items():
                if any(re.search(pattern, line) for line in lines):
                    yield _said(place, component, kind)


def _said(place: LiveEnvironment, component: str, kind: str) -> Diagnosis:
    pin = place.environment.settings.charts.get("jupyterhub")
    known = place.look.site.versions
    version = known.hub_release(pin.version).jupyterhub if pin and pin.version else "of the chart"
    words = {
        "database is newer": (
            f"the hub's database is newer than JupyterHub {version}",
            "go back to the newer chart, or restore the copy of the database",
            ("charts", "jupyterhub", "version"),
            True,
        ),
        "no service URL": (
            f"a notebook image has another JupyterHub than the hub ({version})",
            "build the image with the hub's version of the package jupyterhub",
            ("jupyterhub", "servers", "profiles"),
            False,
        ),
        "database is full": (
            f"a disk of the {component} is full",
            "free or enlarge the volume",
            ("jupyterhub", "database", "storage"),
            True,
        ),
        "login refused": (
            "the login provider refuses the client or its address",
            f"register {callback_url(place.environment)}, and compare the client's id and secret",
            ("jupyterhub", "authentication"),
            False,
        ),
        "token refused": (
            "Dask Gateway can't ask the hub who a user is",
            "restart the gateway after the hub",
            ("daskGateway",),
            False,
        ),
    }
    message, help, at, breaks = words[kind]
    selector = "component=hub" if component == "hub" else "component=singleuser-server"
    if component == "gateway":
        selector = "app.kubernetes.io/name=dask-gateway"
    return place.found(
        CODE,
        ERROR,
        f"log of the {component}: {message}",
        help,
        about="log",
        breaks=breaks and component == "hub",
        at=place.settings_at(*at),
        commands=(
            f"{place.kubectl} logs -n {place.environment.namespace} -l {selector} --tail=50",
        ),
    )
