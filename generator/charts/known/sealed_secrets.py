"""Sealed Secrets: the controller that decrypts what `hubops seal` encrypts.

Sources: helm/sealed-secrets of bitnami-labs/sealed-secrets at helm-v2.17.9 and helm-v2.18.5
(crds/, values.yaml); README, "Sealing key renewal".
"""

from generator.charts.known.chart import KnownChart

CHART = KnownChart(
    name="sealed-secrets",
    app="sealed-secrets",
    purpose="The controller that decrypts sealed values: before all that has secrets.",
    brings="sealed-secrets",
    repository="https://bitnami-labs.github.io/sealed-secrets",
    version="2.18.5",
    released="2026-04-09",
    source="github.com/bitnami-labs/sealed-secrets",
    namespace="kube-system",
    wave=-40,
    values="""\
# The name that kubeseal looks for.
fullnameOverride: sealed-secrets-controller
""",
    kinds=("CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding"),
    definitions="one, in the chart's crds folder: Argo CD updates it",
    random="nothing; the controller makes its keys itself, as Secrets that no chart has",
    writes_back="nothing",
    health="its Deployment",
    restart="the sealed-secrets controller restarts: new values are decrypted a little later",
    survives="its keys, as Secrets in its namespace: without them no sealed value can be decrypted",
)
