"""Two sides of a change, environment by environment and cluster by cluster. Pure.

A side is a site with what its repository holds beside it. Both are built in the same way, so the
difference is what Argo CD would see.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from generator import names
from generator.build import applications, extra, repository
from generator.build.sealed_secrets import owner
from generator.change.cleanup import Placement
from generator.change.cluster_objects import FOR_CHECKS, Resource, cluster_objects
from generator.change.difference import (
    ABSENT,
    Sealing,
    ValueChange,
    leaves,
    sealing,
    value_changes,
)
from generator.charts import APPS, CHARTS, rows
from generator.charts.chart import Values
from generator.charts.defaults import is_default, is_own_image
from generator.lint import history
from generator.records import field, record, replace
from generator.site.app import ChartPin, FurtherChart
from generator.site.model import Cluster, Environment, Release, Settings, Site
from generator.site.profiles import Profile

# What differs, by app or by file.
Differences = Mapping[str, tuple[ValueChange, ...]]


@record
class Side:
    """A site with the ciphertexts and the users' own files of its repository.

    `roots` are the names of clusters' roots in its tree, where hubops gave them other ones then.
    """

    site: Site
    inputs: repository.Inputs = field(factory=repository.Inputs)
    roots: Mapping[str, str] = field(factory=dict)

    @cached_property
    def environments(self) -> Mapping[str, "EnvironmentSide"]:
        """Each environment by its name."""
        return {
            environment.name: EnvironmentSide(
                site=self.site,
                environment=environment,
                cluster=self.site.clusters[environment.cluster],
                inputs=self.inputs,
            )
            for environment in self.site.environments
        }


@record
class EnvironmentSide:
    """One environment on one side, as it takes effect."""

    site: Site
    environment: Environment
    cluster: Cluster
    inputs: repository.Inputs

    @cached_property
    def sealed(self) -> Mapping[tuple[str, str], str | None]:
        """What it holds for each secret and key, with None where nothing is sealed yet."""
        return {
            (secret.name, key): self.inputs.sealed.get(owner(self.environment, secret, key))
            for secret in repository.secrets_of(self.environment)
            for key in secret.keys
        }

    @cached_property
    def apps(self) -> tuple[str, ...]:
        """What runs in it, in the order Argo CD syncs it."""
        return (*repository.apps_in(self.environment), *self.further)

    @cached_property
    def further(self) -> Mapping[str, FurtherChart]:
        """Its further charts by name."""
        return {app.name: app for app in self.environment.apps}

    def release(self, app: str) -> Release:
        """One of its apps as the unit of building."""
        return Release(site=self.site, app=app, environment=self.environment, cluster=self.cluster)

    @cached_property
    def values(self) -> Mapping[str, Values]:
        """The effective chart values of each release."""
        held = repository.hub_ciphertexts(self.environment, self.inputs.sealed)
        charts = [app for app in self.apps if app in CHARTS]
        values = {app: repository.release_values(self.release(app), held) for app in charts}
        return values | {name: dict(app.values) for name, app in self.further.items()}

    @cached_property
    def applications(self) -> Mapping[str, Resource]:
        """Each Application without its chart values."""
        own = repository.apps_in(self.environment)
        held = {app: applications.effective_application(self.release(app), {}) for app in own}
        return held | {
            name: applications.app_application(self.site, replace(app, values={}), self.environment)
            for name, app in self.further.items()
        }

    @cached_property
    def objects(self) -> Mapping[str, Resource | str]:
        """What the namespace holds beside the releases, by file; of SealedSecrets their scope.

        The users' own files in `extra/` are texts.
        """
        extra = sorted(self.inputs.extras.get(self.environment.name, {}).items())
        # What in site.yaml changes no object, but what lint and validate say.
        checks = {
            "requireSealed": self.environment.require_sealed,
            "testing": self.environment.testing,
            "jupyterhub in profiles": {
                name: one.jupyterhub for name, one in self.profiles.items() if one.jupyterhub
            },
        }
        return {
            **dict(repository.namespace_objects(self.site, self.environment)),
            "SealedSecrets": {"scope": self.environment.sealing_scope},
            **{f"extra/{path}": _as_text(content) for path, content in extra},
            FOR_CHECKS: checks,
        }

    @cached_property
    def extra_objects(self) -> Mapping[tuple[str, str], tuple[str, Mapping[str, Any]]]:
        """The objects of its `extra/` with their files, by what they are called and where."""
        files = self.inputs.extras.get(self.environment.name, {})
        return {
            (extra.spelled(one.resource), one.namespace): (one.path, one.resource)
            for one in reversed([*extra.contents(files)])
            if isinstance(one, extra.Described)
        }

    @property
    def settings(self) -> Settings:
        """What site.yaml says of it."""
        return self.environment.settings

    @cached_property
    def profiles(self) -> Mapping[str, Profile]:
        """The profiles that users choose from, by slug, or by name where they have none."""
        hub = self.settings.hub
        profiles = hub.profiles if hub is not None else ()
        return {profile.slug or profile.name: profile for profile in profiles}

    @cached_property
    def images(self) -> Mapping[str, str]:
        """What users' servers run, by profile as it takes effect; by "" where there is no list."""
        shared = self.image("jupyterhub", "singleuser", "image")
        return {
            slug: str(rows.at(item, ("kubespawner_override", "image")) or shared)
            for slug, item in self.profile_items.items()
        } or {"": shared}

    def image(self, app: str, *path: str) -> str:
        """An image of a chart's values; empty where it is the chart's own."""
        values = self.values.get(app, {})
        parts = (rows.at(values, (*path, key)) for key in ("name", "tag"))
        return ":".join(str(part) for part in parts if part)

    @cached_property
    def profile_items(self) -> Mapping[str, Mapping[str, Any]]:
        """The profiles as they take effect, with what `values` write, by slug or else by name."""
        items = rows.at(self.values.get("jupyterhub", {}), ("singleuser", "profileList"))
        return {
            str(one.get("slug") or one.get("display_name")): one
            for one in (items if isinstance(items, list) else ())
            if isinstance(one, Mapping)
        }

    @property
    def placement(self) -> Placement:
        """Where it is and what runs there, as far as what stays behind depends on it."""
        environment, dask = self.environment, self.settings.dask
        return Placement(
            environment=environment.name,
            cluster=environment.cluster,
            namespace=environment.namespace,
            apps=self.apps,
            dask_release=dask.release_name if dask is not None else "",
            site=self.site.name,
            argocd_namespace=self.site.argocd_namespace,
            destination=self.cluster.destination,
        )

    def pin(self, app: str) -> ChartPin | None:
        """The chart pin of one of its apps; None where it does not run that app."""
        if app in self.further:
            return self.further[app].pin
        return self.settings.charts.get(app) if app in self.apps else None


def _differing(
    before: Mapping[str, Any], after: Mapping[str, Any], *, ordered: bool = False
) -> Differences:
    found = {
        key: value_changes(before.get(key, ABSENT), after.get(key, ABSENT), ordered=ordered)
        for key in {**before, **after}
    }
    return {key: changes for key, changes in found.items() if changes}


@record
class Step:
    """An environment that is on both sides: what it was, and what it is."""

    before: EnvironmentSide
    after: EnvironmentSide

    @property
    def sides(self) -> tuple[EnvironmentSide, EnvironmentSide]:
        """Both, the older first."""
        return self.before, self.after

    @cached_property
    def is_moved(self) -> bool:
        """Whether another, empty hub starts somewhere else."""
        was, now = (side.environment for side in self.sides)
        return not history.may_keep_its_place(self.before.site, was, self.after.site, now)

    @cached_property
    def apps(self) -> tuple[str, ...]:
        """The apps of either side, in the order Argo CD syncs them."""
        known = {**dict.fromkeys(self.after.apps), **dict.fromkeys(self.before.apps)}
        further = (app for app in known if app not in APPS)
        return (*(app for app in APPS if app in known), *further)

    def has(self, app: str) -> bool:
        """Whether an app runs on both sides."""
        return all(app in side.apps for side in self.sides)

    def upgrades(self, app: str) -> bool:
        """Whether an app's chart changes its version."""
        old, new = (side.pin(app) for side in self.sides)
        return (old and old.text) != (new and new.text)

    @cached_property
    def values(self) -> Differences:
        """The chart values that differ, by app; without the hashes that follow from the others.

        Of a list with named items also the order, because users see it.
        """
        every = _differing(self.before.values, self.after.values, ordered=True)
        found = {
            app: tuple(one for one in changes if names.CONTENT_ANNOTATION not in one.path)
            for app, changes in every.items()
        }
        return {app: changes for app, changes in found.items() if changes}

    @cached_property
    def applications(self) -> Differences:
        """What differs in each Application beside its values: pins, sync policy, destination."""
        return _differing(self.before.applications, self.after.applications)

    @cached_property
    def objects(self) -> Differences:
        """What differs in the namespace's own objects, by file."""
        return _differing(self.before.objects, self.after.objects)

    @cached_property
    def sealed(self) -> Mapping[tuple[str, str], Sealing]:
        """What happens to each sealed value, by secret and key."""
        return sealing(self.before.sealed, self.after.sealed)

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs for this environment."""
        return not (self.values or self.applications or self.objects or self.sealed)

    def changed(
        self, app: str, *path: str, but: Iterable[tuple[str, ...]] = ()
    ) -> tuple[ValueChange, ...]:
        """The changes of one app at or below a path of its values, but for some paths below it.

        Without those that only write, or no longer write, what the chart says by itself.
        """
        return tuple(
            change
            for shown in self.values.get(app, ())
            for change in leaves(shown)
            if change.under(*path)
            and not any(change.under(*path, *inner) for inner in but)
            and not self._writes_default(app, change)
        )

    def _writes_default(self, app: str, change: ValueChange) -> bool:
        """Whether one side has nothing, and the other what its chart says by itself."""
        if (change.before is ABSENT) == (change.after is ABSENT):
            return False
        side, value = (
            (self.before, change.before) if change.after is ABSENT else (self.after, change.after)
        )
        pin = side.pin(app)
        if is_default(app, change.path, value) or pin is None or pin.version is None:
            return is_default(app, change.path, value)
        release = side.site.versions.exact(app, pin.version)
        return is_own_image(app, change.path, value, release)

    @property
    def pull_secrets(self) -> tuple[ValueChange, ...]:
        """The changes of the pull secret that the chart makes; none where it makes none."""
        made = (
            rows.at(side.values.get("jupyterhub", {}), ("imagePullSecret", "create"))
            for side in self.sides
        )
        return self.changed("jupyterhub", "imagePullSecret") if True in made else ()

    @cached_property
    def written(self) -> tuple[ValueChange, ...]:
        """What differs in the hub's chart values as site.yaml writes them itself."""
        before, after = (CHARTS["jupyterhub"].raw_values(side.settings) for side in self.sides)
        return value_changes(before, after)


@record
class Arrival:
    """An environment that is new; `base` is the older site."""

    after: EnvironmentSide
    base: Site

    @property
    def taken(self) -> str:
        """The environment whose place it has; empty where there was none."""
        return history.taken_place(self.base, self.after.site, self.after.environment)

    @cached_property
    def sealed(self) -> Mapping[tuple[str, str], Sealing]:
        """What happens to each sealed value, by secret and key."""
        return sealing({}, self.after.sealed)


@record
class Departure:
    """An environment that is no longer described; `site` is the newer one."""

    before: EnvironmentSide
    site: Site


@record
class ClusterStep:
    """What happens to one cluster's own objects, its projects and its root, in the newer site."""

    name: str
    site: Site
    before: Mapping[str, Resource]
    after: Mapping[str, Resource]

    @cached_property
    def objects(self) -> Differences:
        """What differs, by file."""
        return _differing(self.before, self.after)


def steps(before: Side, after: Side) -> Iterator[Step | Arrival | Departure]:
    """Each environment of either side; those of the newer side first, in its order."""
    for name in {**after.environments, **before.environments}:
        old, new = before.environments.get(name), after.environments.get(name)
        if old is not None and new is not None:
            yield Step(before=old, after=new)
        elif new is not None:
            yield Arrival(after=new, base=before.site)
        elif old is not None:
            yield Departure(before=old, site=after.site)


def cluster_steps(before: Side, after: Side) -> Iterator[ClusterStep]:
    """Each cluster of either side."""
    for name in {**after.site.clusters, **before.site.clusters}:
        yield ClusterStep(
            name=name,
            before=cluster_objects(before.site, before.inputs, name, before.roots),
            after=cluster_objects(after.site, after.inputs, name, after.roots),
            site=after.site,
        )


def _as_text(content: bytes) -> str:
    """A user's file; of one that is not text, its size and digest."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return f"{len(content)} bytes, sha256:{hashlib.sha256(content).hexdigest()}"
