"""A worker option's default lies outside its range.

Dask Gateway checks the default when it starts and ends in a crash loop. A minimum above the maximum
leaves nothing to choose. Left out, `min` and `max` are the default.

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

from functools import lru_cache

from generator.lint.rules.base import Environments, Findings, errors, relying
from generator.lint.rules.dask import of_gateways
from generator.quantities import amount
from generator.site.model import DaskGateway, Option, Settings

finding = errors("L402")


def _found(settings: Settings, dask: DaskGateway, environments: Environments) -> Findings:
    """A finding at each such option."""
    options = {"cores": dask.worker_cores, "memory": dask.worker_memory}
    for name, option in options.items():
        message = _fault(option) if option is not None else ""
        if message:
            place = ("daskGateway", "worker", name)
            outside = finding(
                settings.origin.at(*place),
                message,
                "order them: min, default, max; 'min' and 'max' left out are the default",
            )
            yield from relying(outside, environments, (*place, "min"), (*place, "max"))


check = of_gateways(_found)


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
