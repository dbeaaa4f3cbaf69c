"""An image of a production environment has a tag that moves.

The image behind `main` or `latest` changes without a commit: no pull request shows it, Git can't
roll it back, and later no one can tell which image produced a result. New servers get the new
image, because `pullPolicy: Always` is set; running ones keep theirs, so two users, or a notebook
and its Dask workers, may differ. hubops reports this for environments with `requireSealed: true`; a
tag without a digit counts as moving. Pin a release, or the digest that is in use.

Bad:
    environments:
      production:
        requireSealed: true
    jupyterhub:
      servers:
        profiles:
          - {name: Coast, image: "quay.io/coast/notebook:main"}
Good:
    environments:
      production:
        requireSealed: true
    jupyterhub:
      servers:
        profiles:
          - {name: Coast, image: "quay.io/coast/notebook:2026.1"}

See https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy
"""

import re

from generator.charts.gateway_config import has_tag
from generator.credentials import shown
from generator.lint.rules.base import Findings, infos
from generator.lint.rules.servers import images
from generator.site.model import Site

finding = infos("I604")

_OF_SERVERS = "new servers get the newest image and running ones keep theirs"
_OF_HUB = "a restart on another node can bring another hub"


def check(site: Site) -> Findings:
    """An info at each such image."""
    for settings, environments in site.variants:
        if not any(environment.require_sealed for environment in environments):
            continue
        for path, image in images(settings):
            if tag := _moving_tag(image):
                then = _OF_HUB if "hub" in path else _OF_SERVERS
                yield finding(
                    settings.origin.at(*path),
                    f"tag '{shown(tag)}' moves: the image changes without a commit",
                    f"pin a release or a digest (IMAGE@sha256:...); with this tag {then}",
                )


def _moving_tag(image: str) -> str:
    """The tag of an image, if it moves; empty where it stays, or where there is none."""
    tag = image.rpartition(":")[2] if has_tag(image) and "@" not in image else ""
    return "" if re.search(r"\d", tag) else tag
