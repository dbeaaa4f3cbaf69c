"""A worker option's default lies outside its range.

Dask Gateway checks the default when it starts and ends in a crash loop. A minimum above the maximum
leaves nothing to choose. `min` and `max` are the default where they are left out.

Bad:

    daskGateway:
      worker:
        memory: {default: 2Gi, min: 4Gi, max: 6Gi}

Good:

    daskGateway:
      worker:
        memory: {default: 4Gi, min: 4Gi, max: 6Gi}

See https://gateway.dask.org/cluster-options.html
"""

from collections.abc import Iterator
from functools import lru_cache

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error, relying
from generator.quantities import amount
from generator.site.model import Option, Site

CODE = "L402"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at each such option."""
    for settings, environments in site.variants():
        if settings.dask is None:
            continue
        options = {"cores": settings.dask.worker_cores, "memory": settings.dask.worker_memory}
        for name, option in options.items():
            message = _fault(option) if option is not None else ""
            if message:
                place = ("daskGateway", "worker", name)
                found = error(
                    code=CODE,
                    at=settings.origin.at(*place),
                    message=message,
                    help="order them: min, default, max; 'min' and 'max' left out are the default",
                )
                yield from relying(found, environments, (*place, "min"), (*place, "max"))


@lru_cache(maxsize=256)  # the environments of a fleet have few sizes
def _fault(option: Option) -> str:
    least, most = amount(option.min), amount(option.max)
    if least > most:
        return f"the minimum {option.min} is above the maximum {option.max}"
    if amount(option.default) < least:
        return f"the default {option.default} is below the minimum {option.min}"
    if amount(option.default) > most:
        return f"the default {option.default} is above the maximum {option.max}"
    return ""
