"""Two sides of a change, environment by environment and cluster by cluster. Pure.

A side is a site with what its repository holds beside it. Both are built in the same way, so what
differs is what Argo CD would see differ.
"""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from generator import names
from generator.build import applications, projects, repository
from generator.build.sealed_secrets import owner
from generator.change.cleanup import Placement
from generator.change.difference import ABSENT, Sealing, ValueChange, sealing, value_changes
from generator.charts import CHARTS
from generator.charts.chart import Values
from generator.records import field, record
from generator.site.model import ChartPin, Cluster, Environment, Release, Site

Resource = dict[str, Any]

# Stands among the objects for what only lint, seal and validate read.
FOR_CHECKS = "site.yaml, for checks alone"


@record(slots=False)
class Side:
    """A site with the ciphertexts and the users' own files of its repository."""

    site: Site
    inputs: repository.Inputs = field(factory=repository.Inputs)

    @cached_property
    def places(self) -> Mapping[str, "Place"]:
        """Each environment by its name."""
        return {
            environment.name: Place(
                site=self.site,
                environment=environment,
                cluster=self.site.clusters[environment.cluster],
                inputs=self.inputs,
            )
            for environment in self.site.environments
        }


@record(slots=False)
class Place:
    """One environment on one side, as it takes effect."""

    site: Site
    environment: Environment
    cluster: Cluster
    inputs: repository.Inputs

    @cached_property
    def encrypted(self) -> Mapping[str, Mapping[str, str]]:
        """What its SealedSecrets hold: secret -> key -> ciphertext or placeholder."""
        return repository.ciphertexts(self.environment, self.inputs.sealed)

    @cached_property
    def sealed(self) -> Mapping[str, Mapping[str, str | None]]:
        """The same, with None where nothing is sealed yet."""
        return {
            secret.name: {
                key: self.inputs.sealed.get(owner(self.environment, secret, key))
                for key in secret.keys
            }
            for secret in repository.secrets_of(self.environment)
        }

    @cached_property
    def apps(self) -> tuple[str, ...]:
        """What runs in it, in the order Argo CD syncs it."""
        return repository.apps_in(self.environment)

    def release(self, app: str) -> Release:
        """One of its apps as the unit of building."""
        return Release(site=self.site, app=app, environment=self.environment, cluster=self.cluster)

    @cached_property
    def values(self) -> Mapping[str, Values]:
        """The effective chart values of each release."""
        return {
            app: repository.release_values(self.release(app), self.encrypted)
            for app in self.apps
            if app in CHARTS
        }

    @cached_property
    def applications(self) -> Mapping[str, Resource]:
        """Each Application without its chart values."""
        return {app: applications.effective_application(self.release(app), {}) for app in self.apps}

    @cached_property
    def objects(self) -> Mapping[str, Resource | str]:
        """What the namespace holds beside the releases, by file; of SealedSecrets their scope.

        The users' own files in `extra/` are texts.
        """
        extra = self.inputs.extras.get(self.environment.name, {})
        texts = {f"extra/{path}": _as_text(extra[path]) for path in sorted(extra)}
        described = dict(repository.namespace_objects(self.site, self.environment))
        scope = {"scope": self.environment.sealing_scope}
        return {**described, "SealedSecrets": scope, **texts, FOR_CHECKS: self._for_checks}

    @property
    def _for_checks(self) -> Resource:
        """What of site.yaml changes no object, but what lint and validate say."""
        hub = self.environment.settings.hub
        promised = {
            profile.slug or profile.name: profile.jupyterhub
            for profile in (hub.profiles if hub is not None else ())
            if profile.jupyterhub is not None
        }
        return {
            "requireSealed": self.environment.require_sealed,
            "testing": self.environment.testing,
            "jupyterhub in profiles": promised,
        }

    def pin(self, app: str) -> ChartPin | None:
        """The chart pin of one of its apps; None where it does not run that."""
        return self.environment.settings.charts.get(app) if app in self.apps else None

    def version(self, app: str) -> str | None:
        """The chart version of one of its apps, wherever it is fetched from."""
        pin = self.pin(app)
        return None if pin is None else pin.text


@record(slots=False)
class Step:
    """What happens to one environment: `before` or `after` is None where there is none.

    `site` is that of the newer side.
    """

    name: str
    site: Site
    before: Place | None
    after: Place | None

    @property
    def place(self) -> Place:
        """The newer of the two sides."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def both(self) -> tuple[Place, Place] | None:
        """Both sides, where the environment was there and stays."""
        return None if self.before is None or self.after is None else (self.before, self.after)

    @cached_property
    def apps(self) -> tuple[str, ...]:
        """The apps of either side, in the order Argo CD syncs them."""
        known = {
            *(self.before.apps if self.before else ()),
            *(self.after.apps if self.after else ()),
        }
        return tuple(app for app in names.APPS if app in known)

    @cached_property
    def values(self) -> Mapping[str, tuple[ValueChange, ...]]:
        """The chart values that differ, by app; without the hashes that follow from the others.

        Of a list with named items, what the order of them was and is, for users see it.
        """
        return {
            app: tuple(
                change
                for change in value_changes(*self._sides("values", app), ordered=True)
                if names.CONTENT_ANNOTATION not in change.path
            )
            for app in self.apps
        }

    @cached_property
    def applications(self) -> Mapping[str, tuple[ValueChange, ...]]:
        """What differs in each Application beside its values: pins, sync policy, destination."""
        return {app: value_changes(*self._sides("applications", app)) for app in self.apps}

    @cached_property
    def objects(self) -> Mapping[str, tuple[ValueChange, ...]]:
        """What differs in the namespace's own objects, by file."""
        files = {
            **(self.before.objects if self.before else {}),
            **(self.after.objects if self.after else {}),
        }
        found = {path: value_changes(*self._sides("objects", path)) for path in files}
        return {path: changes for path, changes in found.items() if changes}

    @cached_property
    def sealed(self) -> Mapping[tuple[str, str], Sealing]:
        """What happens to each sealed value, by secret and key."""
        before = self.before.sealed if self.before else {}
        after = self.after.sealed if self.after else {}
        return {
            (secret, key): change
            for secret in sorted(before.keys() | after.keys())
            for key, change in sealing(before.get(secret, {}), after.get(secret, {})).items()
        }

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs for this environment."""
        parts = (*self.values.values(), *self.applications.values(), *self.objects.values())
        return self.both is not None and not any(parts) and not self.sealed

    def changed(self, app: str, *path: str) -> tuple[ValueChange, ...]:
        """The changes of one app at or below a path of its values."""
        return tuple(change for change in self.values.get(app, ()) if change.under(*path))

    def _sides(self, part: str, key: str) -> tuple[Any, Any]:
        sides = (
            getattr(side, part) if side is not None else {} for side in (self.before, self.after)
        )
        before, after = (side.get(key, ABSENT) for side in sides)
        return before, after


@record(slots=False)
class ClusterStep:
    """What happens to one cluster's own objects: its projects and its root."""

    name: str
    before: Mapping[str, Resource]
    after: Mapping[str, Resource]

    @cached_property
    def objects(self) -> Mapping[str, tuple[ValueChange, ...]]:
        """What differs, by file."""
        found = {
            path: value_changes(self.before.get(path, ABSENT), self.after.get(path, ABSENT))
            for path in {**self.before, **self.after}
        }
        return {path: changes for path, changes in found.items() if changes}


def placement(place: Place) -> Placement:
    """Where an environment is, and what runs there, as what stays behind is told of it."""
    environment, dask = place.environment, place.environment.settings.dask
    return Placement(
        environment=environment.name,
        cluster=environment.cluster,
        namespace=environment.namespace,
        apps=place.apps,
        dask_release=dask.release_name if dask is not None else "",
        site=place.site.name,
        argocd_namespace=place.site.argocd_namespace,
    )


def steps(before: Side, after: Side) -> Iterator[Step]:
    """Each environment of either side; those of the newer side first, in its order."""
    for name in {**after.places, **before.places}:
        yield Step(
            name=name,
            site=after.site,
            before=before.places.get(name),
            after=after.places.get(name),
        )


def cluster_steps(before: Side, after: Side) -> Iterator[ClusterStep]:
    """Each cluster of either side."""
    for name in {**after.site.clusters, **before.site.clusters}:
        yield ClusterStep(
            name=name,
            before=_cluster_objects(before.site, name),
            after=_cluster_objects(after.site, name),
        )


def _cluster_objects(site: Site, name: str) -> Mapping[str, Resource]:
    cluster = site.clusters.get(name)
    if cluster is None:
        return {}
    return {
        "project.yaml": _as_sets(projects.workload_project(site, cluster)),
        "bootstrap/project.yaml": _as_sets(projects.bootstrap_project(site, cluster)),
        "bootstrap/root.yaml": applications.cluster_root(site, cluster),
        "bootstrap/argocd-cm.patch.yaml": applications.argocd_cm_patch(cluster),
        FOR_CHECKS: {
            "kubernetes": cluster.kubernetes.text,
            "sealingCertificate": cluster.sealing_certificate or "",
        },
    }


def _as_sets(project: Resource) -> Resource:
    """An AppProject with its lists in one order, whatever that of site.yaml: they are sets."""
    spec = {
        key: sorted(value, key=repr) if isinstance(value, list) else value
        for key, value in project["spec"].items()
    }
    return {**project, "spec": spec}


def _as_text(content: bytes) -> str:
    """A user's file; of one that is no text what tells it from another."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return f"{len(content)} bytes, sha256:{hashlib.sha256(content).hexdigest()}"
