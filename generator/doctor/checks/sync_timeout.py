"""Nothing bounds how long a sync runs.

While the operation of a root runs, Argo CD takes up no newer commit. The key
`controller.sync.timeout.seconds` in argocd-cmd-params-cm ends an operation that waits without end.
Argo CD has it since 2.14, and sets no default.
"""

from generator.doctor.checks.base import INFO, Diagnoses
from generator.doctor.look import Look
from generator.doctor.reading import part
from generator.versions import VersionRange

CODE = "D105"
_KNOWN = VersionRange.parse(">=2.14")
_KEY = "controller.sync.timeout.seconds"


def check(look: Look) -> Diagnoses:
    """One where the setting is missing."""
    live = look.argocd.get("ConfigMap", {}).get("argocd-cmd-params-cm")
    if live is None or not look.clusters or look.clusters[0].argocd not in _KNOWN:
        return
    if not str(part(live, "settings").get(_KEY, "")).strip("0 "):
        yield look.found(
            CODE,
            INFO,
            f"'{_KEY}' is not set: a sync that waits can keep newer commits out without end",
            "set it, then restart the application controller",
            commands=(
                f"{look.means.argocd} patch configmap argocd-cmd-params-cm "
                f"-n {look.site.argocd_namespace} --type merge "
                f"""-p '{{"data":{{"{_KEY}":"1800"}}}}'""",
            ),
            about="argocd settings",
        )
