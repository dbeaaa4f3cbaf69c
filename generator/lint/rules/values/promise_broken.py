"""A chart value switches off something that hubops promises.

hubops promises who may log in, that people can reach the hub, that its database survives, and what
users' code may reach. The charts can do without each of these, so `values` can switch it off. The
release then works, and what the README's security model says no longer holds. Remove the value. If
it is intentional, add a comment on its line with this code and a reason.

Bad:
    jupyterhub:
      values:
        singleuser: {networkPolicy: {enabled: false}}
Good:
    jupyterhub:
      values:
        singleuser: {networkPolicy: {egressAllowRules: {nonPrivateIPs: false}}}

See https://z2jh.jupyter.org/en/stable/administrator/security.html
"""

from generator.charts.chart import Chart
from generator.charts.overrides import Place, dotted
from generator.charts.promises import broken
from generator.lint.rules.base import LOGIN, Finder, Findings, every_part, warnings, written_values
from generator.site.model import Site

finding = warnings("C321")


def check(site: Site) -> Findings:
    """A warning at each such value."""
    return findings(site, finding, is_refused=False)


def findings(site: Site, finding: Finder, *, is_refused: bool) -> Findings:
    """One at each value, and each annotation of an ingress, that breaks a promise of the kind."""
    help = f"remove it, or say why it stays: # hubops: ignore[{finding.code}] reason"
    for cluster in site.clusters.values():
        annotations = cluster.ingress.annotations if cluster.ingress is not None else {}
        values = {"ingress": {"annotations": annotations}}
        for one in broken("jupyterhub", values, site.shared) if annotations else ():
            if one.is_refused == is_refused:
                at = (*cluster.at, *one.path)
                yield finding(at, f"'{one.path[-1]}': {one.why}", help, on_key=True)
    for settings in every_part(site, lambda settings: settings.login):
        config = settings.login.config if settings.login is not None else {}
        for one in broken("jupyterhub", {"hub": {"config": config}}, settings) if config else ():
            if one.is_refused == is_refused:
                at = settings.origin.at(*LOGIN, "config", *one.path[2:])
                yield finding(at, f"'{dotted(one.path[2:])}': {one.why}", help, on_key=True)
    judged: set[tuple[object, ...]] = set()
    for settings, written in written_values(site):
        # Environments that override something else share the values as they are.
        login = settings.login and (settings.login.provider, settings.login.allow.everyone)
        case = written.chart.name, id(written.values), login
        if case in judged:
            continue
        judged.add(case)
        for one in broken(written.chart.name, written.values, settings):
            # What C320 reports is said once.
            if one.is_refused == is_refused and not _is_protected(written.chart, one.path):
                yield finding(
                    settings.origin.at(*written.place, *one.path),
                    f"'{dotted(one.path)}': {one.why}",
                    help,
                    on_key=True,
                )


def _is_protected(chart: Chart, path: Place) -> bool:
    """Whether hubops leaves a value out itself, and another rule refuses what is written there."""
    row = chart.table.get(tuple(map(str, path)))
    return row is not None and row.is_protected and row.default is None
