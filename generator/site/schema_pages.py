"""The pages of what is said about a site.yaml that is not of the schema's shape."""

from generator.yaml.pages import paged

PAGES = paged("""\
S101: A key that site.yaml does not know.

No part of hubops reads it, so the intended setting would not change. Most often it is misspelt, or
one level too high or too low: the help names the nearest key, or the section that the key belongs
to. All keys are in docs/site-reference.md; chart values without a key in site.yaml go under
`values`.

Bad:
    clusters:
      fedcloud:
        storageclass: csi-cinder
Good:
    clusters:
      fedcloud:
        storageClass: csi-cinder

S102: A key is missing.

There is no default that is right for every site: only its people know which storage class a cluster
has, or who may log in. The help shows an example. hubops also reports an environment that removes a
required section with null.

Bad:
    clusters:
      second:
        server: https://second.example.org:6443
        kubernetes: "1.31"
        ingress: {className: nginx}
Good:
    clusters:
      second:
        server: https://second.example.org:6443
        kubernetes: "1.31"
        storageClass: csi-cinder
        ingress: {className: nginx}

S103: A value of the wrong type.

A map, a list, text, a number, or true and false: each key takes one of them. A version is text in
quotes, because YAML reads a bare 1.30 as the number 1.3; a list of one entry is still a list.

Bad:
    clusters:
      fedcloud:
        kubernetes: 1.30
Good:
    clusters:
      fedcloud:
        kubernetes: "1.30"

S104: Text in a form that its key does not take.

A host is a lower-case DNS name without `https://`, a quantity has a number and a unit such as
`5Gi`, a duration is written `20m` or `1h30m`, a name is one that Kubernetes accepts. The help
describes the form and shows an example.

Bad:
    environments:
      production:
        host: https://hub.example.org/
Good:
    environments:
      production:
        host: hub.example.org

S105: A word that its key does not take.

Some keys take one of a few words. The help names the nearest one, or all of them.

Bad:
    jupyterhub:
      authentication:
        provider: GitHub
Good:
    jupyterhub:
      authentication:
        provider: github

S106: A number out of range, too few entries, or one entry twice.

A number is outside its range, a list or a map is empty where at least one entry is needed, or a
list has an entry twice.

Bad:
    daskGateway:
      limits: {cores: 4, memory: 24Gi, workers: 0}
Good:
    daskGateway:
      limits: {cores: 4, memory: 24Gi, workers: 3}

S107: A key that belongs to another login provider.

hubops knows GitHub's addresses, and only GitHub has organizations; only `generic-oauth` has URLs.
Such a key would change nothing, and readers would believe that it does. Remove it, or choose the
provider that it belongs to.

Bad:
    jupyterhub:
      authentication:
        provider: github
        organizations: [coast-lab]
        tokenUrl: https://login.example.org/token
Good:
    jupyterhub:
      authentication: {provider: github, organizations: [coast-lab]}
""")
