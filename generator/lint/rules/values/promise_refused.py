"""A chart value gives away the node, a public address or the login.

The namespace that hubops makes admits no privileged pod, none that shares the node's network or
files, and no Service with its own public address: Kubernetes refuses them, and what needs them
never starts. A login that takes any password is for environments that say `testing: true`, as
`provider: dummy`. Remove the value. A container that only prepares a volume needs no privileges:
use `fsGid`, or an init container that is root and nothing more.

Bad:
    jupyterhub:
      values:
        singleuser: {extraContainers: [{name: d, securityContext: {privileged: true}}]}
Good:
    jupyterhub:
      values:
        singleuser: {fsGid: 100}

See https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from generator.lint.rules.base import Findings, errors
from generator.lint.rules.values import promise_broken
from generator.site.model import Site

finding = errors("C322")


def check(site: Site) -> Findings:
    """A finding at each such value."""
    return promise_broken.findings(site, finding, is_refused=True)
