"""A key below `values` does not reach the chart unchanged.

Kustomize reads `$patch` and similar keys as instructions, also deep inside chart values, and
deletes or replaces the keys beside them. It stops at an empty key and at one that is too long for
YAML readers, and drops `<<`, YAML's merge key. Neither chart has such a key. To remove a shared key
in one environment, write it there with `null`.

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

from generator.credentials import masked
from generator.lint.rules.base import Findings, errors, every_raw_value
from generator.site.model import Site

finding = errors("C311")

# YAML readers look for the colon within 1024 characters of the key's first.
_LONGEST = 1000
_USELESS = {
    "": "is empty, and Kustomize stops at it",
    "<<": "is YAML's merge key, and Kustomize drops it",
}


def check(site: Site) -> Findings:
    """A finding at each such key."""
    for at, _ in every_raw_value(site):
        key = at[-1]
        if isinstance(key, str) and (fault := _fault(key)):
            yield finding(
                at,
                f"key '{masked(key[:40])}' {fault}",
                "remove it; to remove a shared key in an environment, write it with null",
                on_key=True,
            )


def _fault(key: str) -> str | None:
    if key.startswith("$"):
        return "begins with '$', as instructions to Kustomize do"
    if len(json.dumps(key, ensure_ascii=False)) > _LONGEST:
        return "is longer than YAML readers take"
    return _USELESS.get(key)
