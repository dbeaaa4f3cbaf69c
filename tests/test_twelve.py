"""A site with twelve mistakes of twelve kinds is told of exactly twelve, in one run."""

from generator.report import text
from tests.sites import load_text

# Each `# <-` stands on the line of a mistake and names the code of the finding.
SITE = """\
schemaVersion: 1
site: coast
repository: {url: https://github.com/coast-lab/gitops.git, revision: HEAD}  # <- G804
argocd: {version: "3.1"}
charts:
  jupyterhub: {version: 4.x}  # <- C301
  dask-gateway: {version: 2026.3.0}
clusters:
  fedcloud:
    server: https://kubernetes.default.svc
    kubernetes: 1.30  # <- S103
    storageClass: csi-cinder
    ingress: {className: nginx}
  gricad:
    name: gricad
    kubernetes: "1.30"
    storageclass: ceph  # <- S101
    ingress: {className: nginx}
environments:
  production:
    cluster: fedclod  # <- R201
    namespace: hub
    host: hub.example.org
  staging:  # <- S102
    cluster: fedcloud
    host: hub.example.org  # <- R203
    jupyterhub:
      authentication: {provider: dummy}  # <- A502
      servers: {memory: {limit: 2Gi}}  # <- L401
jupyterhub:
  authentication:
    provider: generic-oauth
    authorizeUrl: https://aai.example.org/auth
    tokenUrl: https://aai.example.org/token
    userdataUrl: https://aai.example.org/userinfo
    allow: {everyone: true}
  servers:
    memory: {guarantee: 4Gi, limit: 8Gi}
    profiles:
      - {name: Stable, image: quay.io/coast/notebook, default: true}  # <- I601
      - {name: Newest, image: "quay.io/coast/notebook:2026.2"}
  values:
    hub: {extraEnv: {API_TOKEN: hunter2-tides}}  # <- K701
daskGateway:
  limits: {cores: 4, memory: 24Gi, workers: 3}
  idleTimeout: 20:00  # <- Y011
"""
PLANTED = [
    (number, line.rpartition("# <- ")[2])
    for number, line in enumerate(SITE.splitlines(), start=1)
    if "# <- " in line
]


def test_twelve_mistakes_give_twelve_findings_in_text() -> None:
    loaded = load_text(SITE)
    printed = text.findings(loaded.report, loaded.lines)
    heads = [line for line in printed.splitlines() if line.startswith("site.yaml:")]
    found = [(int(head.split(":")[1]), head.partition("[")[2][:4]) for head in heads]
    assert len(PLANTED) == 12
    assert found == PLANTED
    assert "hunter2" not in printed
    assert text.count(loaded.report, "", "again") == "11 errors, 1 warning; again"
