"""A chart lacks fixes of vulnerabilities that a later version has.

The message names the later versions and their advisories. Upgrade: `hubops bump jupyterhub VERSION
--dry-run` shows what that takes. Judge by the advisories how soon; many need a user who is already
logged in. Where no chart carries the fixed JupyterHub yet, it is an info: a hub image of your own
can, built from the chart's image with the newer JupyterHub of the same minor version.

The table is hubops' own (generator/charts/versions.json), and grows with its releases; a site's own
rows under `versions` count too. With `--as-of` only what was released by that day counts.

Bad:
    charts: {jupyterhub: {version: 4.2.0}, dask-gateway: {version: 2025.4.0}}
Good:
    charts: {jupyterhub: {version: 4.4.0}, dask-gateway: {version: 2026.3.0}}
    jupyterhub:
      hub: {image: "registry.example.org/hub:4.4.0-5.5.1", jupyterhub: 5.5.1}

See https://github.com/jupyterhub/jupyterhub/security/advisories
"""

from collections.abc import Mapping

from generator.lint.rules.base import Findings, Surroundings, infos, used_pins, warnings
from generator.site.model import Settings, Site
from generator.site.releases import HUB
from generator.site.support import JUPYTERHUB
from generator.versions import Version

finding = warnings("C341")
_note = infos("C341")


def can_judge(site: Site, around: Surroundings) -> bool:
    """Whether the table knows all that holds on the day to judge by."""
    return around.day >= site.versions.support.of > ""


def check(site: Site, around: Surroundings) -> Findings:
    """A finding at each pinned version that a known fix came after."""
    for settings, _ in site.variants if around.day else ():
        for pin, version in used_pins(settings):
            at = settings.origin.at("charts", pin.name, "version")
            newer = [
                release
                for release in site.versions.releases(pin.name)
                if release.security
                and version < Version.parse(release.version)
                and release.released <= around.day
            ]
            if newer:
                fixes = "; ".join(f"{one.version}: {', '.join(one.security)}" for one in newer)
                count = f"{len(newer)} security release{'s' if len(newer) > 1 else ''}"
                yield finding(
                    at,
                    f"{pin.name} {pin.text} lacks {count}: {fixes}",
                    f"hubops bump {pin.name} {newer[-1].version} --dry-run  shows what the upgrade "
                    "takes",
                )
            elif pin.name == HUB:
                yield from _of_the_hub(site, around.day, settings, version)


def _of_the_hub(site: Site, today: str, settings: Settings, version: Version) -> Findings:
    """What only a newer JupyterHub fixes, which no chart carries yet."""
    if not site.versions.is_known(HUB, version) or _has_own_image(settings):
        return
    carried = site.versions.hub_release(version).jupyterhub
    for row in site.versions.support.rows.get(JUPYTERHUB, {}).values():
        charts = [
            release
            for release in site.versions.releases(HUB)
            if Version.parse(release.jupyterhub) >= Version.parse(row.name)
            and release.released <= today
        ]
        if charts or not row.is_out(today) or Version.parse(carried) >= Version.parse(row.name):
            continue
        yield _note(
            settings.origin.at("charts", HUB, "version"),
            f"{HUB} {version} carries JupyterHub {carried}, and no chart carries {row.name} yet, "
            f"which fixes {', '.join(row.security)}",
            "read the advisories; where they concern you, run a hub image of your own: FROM "
            f"quay.io/jupyterhub/k8s-hub:{version}, RUN pip install jupyterhub=={row.name}",
        )


def _has_own_image(settings: Settings) -> bool:
    if settings.at("jupyterhub.hub.image"):
        return True
    values = settings.hub.values.get("hub") if settings.hub is not None else None
    return isinstance(values, Mapping) and "image" in values
