"""A key below `values` does not reach the chart as it stands.

Kustomize takes `$patch` and its like for instructions, also deep inside chart values, and deletes
or replaces what stands beside them. It stops at an empty key and at one longer than YAML readers
take, and drops `<<`, YAML's merge key. No key of either chart is of that kind. To remove a shared
key in one environment, write it there with `null`.

Bad:

    jupyterhub:
      values:
        hub:
          nodeSelector:
            $patch: replace
            pool: core

Good:

    jupyterhub:
      values:
        hub:
          nodeSelector:
            pool: core

See https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
"""

import json
from collections.abc import Iterator

from generator.credentials import masked
from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error, every_settings, raw_values
from generator.site.model import Site

CODE = "C311"
SEVERITY = Severity.ERROR

# YAML readers look for the colon within 1024 characters of the key's begin.
_LONGEST = 1000
_USELESS = {
    "": "is empty, and Kustomize stops at it",
    "<<": "is YAML's own, and Kustomize drops it",
}


def check(site: Site) -> Iterator[Finding]:
    """A finding at each such key."""
    for settings in every_settings(site):
        for at, _ in raw_values(settings):
            key = at[-1]
            if isinstance(key, str) and (fault := _fault(key)):
                yield error(
                    code=CODE,
                    at=at,
                    on_key=True,
                    message=f"key '{masked(key[:40])}' {fault}",
                    help="remove it; an environment removes a shared key by giving it null",
                )


def _fault(key: str) -> str | None:
    if key.startswith("$"):
        return "begins with '$', as instructions to Kustomize do"
    if len(json.dumps(key, ensure_ascii=False)) > _LONGEST:
        return "is longer than YAML readers take"
    return _USELESS.get(key)
