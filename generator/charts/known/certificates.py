"""cert-manager: certificates from an ACME authority such as Let's Encrypt.

Sources: deploy/charts/cert-manager of cert-manager/cert-manager at v1.19.6, v1.20.3 and v1.21.1:
values.yaml (`crds.enabled` is false, `crds.keep` true), templates/startupapicheck-job.yaml.
"""

from generator.charts.known.chart import KnownChart

CHART = KnownChart(
    name="cert-manager",
    app="cert-manager",
    purpose="Certificates for the hosts of the hubs, from an ACME authority.",
    brings="cert-manager",
    repository="https://charts.jetstack.io",
    version="v1.21.1",
    released="2026-07-29",
    source="github.com/cert-manager/cert-manager",
    namespace="cert-manager",
    wave=-30,
    values="""\
# Without this the chart brings no definitions, and no one updates them.
crds: {enabled: true}
# The leases in its own namespace, so that it needs no rights in kube-system.
global: {leaderElection: {namespace: cert-manager}}
""",
    kinds=(
        "CustomResourceDefinition",
        "ClusterRole",
        "ClusterRoleBinding",
        "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration",
    ),
    crds=("crds", "enabled"),
    crds_default=False,
    definitions="six, in the templates where crds.enabled is true: Argo CD updates them",
    random="nothing",
    writes_back="its cainjector writes caBundle into the webhooks; the chart renders none there, "
    "so Argo CD sees no difference",
    health="a Job after each sync waits until the webhook answers, so the next wave finds it ready",
    restart="cert-manager restarts: certificates renew a little later",
    survives="its definitions, and with them all certificates and issuers (crds.keep); the Secrets "
    "of the certificates",
)
