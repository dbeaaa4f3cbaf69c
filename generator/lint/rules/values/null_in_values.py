"""A chart value is null.

Depending on its version, Argo CD drops a null in `helm.valuesObject` or never stops refreshing it,
and Kustomize reads one in a patch as a deletion. Remove the key, or write the intended value. A
null in an environment's own `values` is fine where it removes a shared key.

Bad:
    jupyterhub:
      values:
        singleuser:
          extraFiles: null
Good:
    jupyterhub:
      values:
        singleuser:
          extraFiles: {}

See https://github.com/argoproj/argo-cd/issues/19781
"""

from generator.lint.rules.base import Findings, errors, every_raw_value
from generator.site.model import Site

finding = errors("C310")


def check(site: Site) -> Findings:
    """A finding at each null below `values`."""
    for at, value in every_raw_value(site):
        if value is None:
            step = at[-1]
            name = f"'{step}'" if isinstance(step, str) else f"entry {step + 1}"
            yield finding(
                at,
                f"{name} is null, and a null does not reach the chart",
                "remove it, or write an empty value: {}, [] or ''",
            )
