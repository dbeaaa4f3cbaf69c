"""kube-prometheus-stack: Prometheus with its operator, Alertmanager and Grafana.

Sources: charts/kube-prometheus-stack of prometheus-community/helm-charts at 87.21.0 and 88.5.3:
charts/crds (six of ten definitions are larger than the 262144 bytes of an annotation),
charts/grafana (a password at random without `admin.existingSecret`), templates.
"""

from generator.charts.known.chart import KnownChart

CHART = KnownChart(
    name="kube-prometheus-stack",
    app="monitoring",
    purpose="Prometheus with its operator, Alertmanager and Grafana.",
    brings="prometheus-operator",
    repository="https://prometheus-community.github.io/helm-charts",
    version="88.5.3",
    released="2026-08-21",
    source="github.com/prometheus-community/helm-charts",
    namespace="monitoring",
    # Its node exporter reads the nodes: host network, host paths.
    labels={"pod-security.kubernetes.io/enforce": "privileged"},
    wave=-15,
    values="""\
# Without a Secret Grafana's password is random at every rendering, and Argo CD never in sync.
grafana: {admin: {existingSecret: grafana-admin}}
# Of parts in kube-system that many clusters do not let anyone ask.
kubeControllerManager: {enabled: false}
kubeEtcd: {enabled: false}
kubeProxy: {enabled: false}
kubeScheduler: {enabled: false}
coreDns: {enabled: false}
# All ServiceMonitors and rules, not only those of this release.
prometheus:
  prometheusSpec:
    podMonitorSelectorNilUsesHelmValues: false
    ruleSelectorNilUsesHelmValues: false
    serviceMonitorSelectorNilUsesHelmValues: false
""",
    kinds=(
        "CustomResourceDefinition",
        "ClusterRole",
        "ClusterRoleBinding",
        "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration",
    ),
    server_side_apply=True,
    secrets={"grafana-admin": ("admin-user", "admin-password")},
    crds=("crds", "enabled"),
    definitions="ten, in the crds folder of a chart inside: Argo CD updates them where "
    "crds.enabled is true, with server-side apply, for six are larger than 262144 bytes",
    random="Grafana's password, and the checksum that follows from it, without "
    "grafana.admin.existingSecret",
    writes_back="a Job writes caBundle into its webhooks; the chart renders none there, so Argo CD "
    "sees no difference",
    health="its Deployments and DaemonSet; Argo CD does not know the health of Prometheus itself, "
    "and two Jobs run at every sync",
    restart="monitoring restarts: some minutes of measurements are missing",
    survives="the volumes of Prometheus, if it has any; its definitions, unless you delete them "
    "too, and with them all rules",
)
