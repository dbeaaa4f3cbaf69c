"""What hubops writes for a site, read by an import, gives the settings of that site again."""

from typing import Any

import pytest
import yaml

from generator.change.sides import Side
from tests.support.imports import proposed
from tests.support.schema_keys import at_home, own_keys, written
from tests.support.sites import ROOT, site_of

TEXT = (ROOT / "tests" / "golden" / "every-key" / "site.yaml").read_text("utf-8")
ENVIRONMENTS = Side(site=site_of(TEXT)).environments
# Keys, with all below them, that the values of a hub do not tell, and why.
NOT_TOLD = {
    "jupyterhub.releaseName": "the releases that run tell it",
    "daskGateway.installCRDs": "Helm installs them without a value",
    "jupyterhub.hub.jupyterhub": "it declares what an image carries",
    "jupyterhub.authentication.vo": "its entitlements say the same",
    "jupyterhub.authentication.roles": "its entitlements say the same",
    "jupyterhub.authentication.allow.everyone": "it is false, which is not written",
    "jupyterhub.authentication.secretConfig": "hubops' Python takes them from hub-secrets",
    "jupyterhub.pullSecrets": "the values name a Secret, and not its registry",
    "jupyterhub.servers.volumes": "the volume of a Secret is among them",
    "jupyterhub.servers.profiles.[]": "what profiles add is in hubops' own words and Python",
}


def imported(name: str) -> dict[str, Any]:
    """What an import proposes for the values of an environment."""
    values = {app.replace("-", "_"): dict(one) for app, one in ENVIRONMENTS[name].values.items()}
    texts: dict[str, Any] = {
        app: one for app, one in values.items() if app in ("jupyterhub", "dask_gateway")
    }
    proposal = proposed(**texts)
    assert proposal.is_proven
    raw: dict[str, Any] = yaml.safe_load(proposal.text)
    return raw


@pytest.mark.parametrize("name", ["production", "workshop", "developers"])
def test_templates_of_pages_are_read_back(name: str) -> None:
    said = yaml.safe_load(TEXT)["jupyterhub"]["page"]
    assert imported(name)["jupyterhub"]["page"] == said


def test_each_key_is_read_back_or_has_a_reason_not_to_be() -> None:
    read = {at_home(key) for name in ENVIRONMENTS for key in written(imported(name))}
    keys = (key for key in own_keys() if key[0] in ("jupyterhub", "daskGateway"))
    left = {".".join(key) for key in keys if key not in read}
    reasons = {one for one in NOT_TOLD if any(f"{key}.".startswith(f"{one}.") for key in left)}
    assert [
        key for key in sorted(left) if not any(f"{key}.".startswith(f"{one}.") for one in NOT_TOLD)
    ] == []
    assert reasons == NOT_TOLD.keys()
