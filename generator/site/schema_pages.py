"""The pages of what is said about a site.yaml that is not of the schema's shape."""

PAGES = {
    "S101": """
        A key that site.yaml does not know.

        Nothing reads it, so what it was meant to set would silently stay as it is. Most often it is
        misspelt, or stands one level too high or too low: the help names the nearest key, or the
        section that the key belongs to. All keys are in docs/site-reference.md; chart values that
        site.yaml has no word for go under `values`.

        Bad:

            clusters:
              fedcloud:
                storageclass: csi-cinder

        Good:

            clusters:
              fedcloud:
                storageClass: csi-cinder
        """,
    "S102": """
        A key is missing.

        There is no default that would be right for every site: which storage class a cluster has,
        or who may log in, only its people know. The help shows an example. An environment that
        removes a section with null, without which no environment can be, is told so as well.

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
        """,
    "S103": """
        A value of the wrong type.

        A map, a list, text, a number, or true and false: each key takes one of them. A version is
        text in quotes, because YAML reads a bare 1.30 as the number 1.3; a list of one entry is
        still a list.

        Bad:

            clusters:
              fedcloud:
                kubernetes: 1.30

        Good:

            clusters:
              fedcloud:
                kubernetes: "1.30"
        """,
    "S104": """
        A text that is not of the form its key takes.

        A host is a lower-case DNS name without `https://`, a quantity has a number and a unit such
        as `5Gi`, a duration reads `20m` or `1h30m`, a name is one that Kubernetes accepts. The help
        says which form it is and shows an example.

        Bad:

            environments:
              production:
                host: https://hub.example.org/

        Good:

            environments:
              production:
                host: hub.example.org
        """,
    "S105": """
        A word that is none of those its key takes.

        Some keys take one of a few words. The help names the nearest one, or all of them.

        Bad:

            jupyterhub:
              authentication:
                provider: GitHub

        Good:

            jupyterhub:
              authentication:
                provider: github
        """,
    "S106": """
        Too few, too many, or the same one twice.

        A number lies outside its range, a list or a map is empty where one entry at least is
        needed, or a list names something twice.

        Bad:

            daskGateway:
              limits: {cores: 4, memory: 24Gi, workers: 0}

        Good:

            daskGateway:
              limits: {cores: 4, memory: 24Gi, workers: 3}
        """,
    "S107": """
        A key that belongs to another login provider.

        GitHub's addresses are known, and only GitHub has organisations; only `generic-oauth` has
        URLs. Such a key would change nothing and make readers believe that it does. Remove it, or
        choose the provider that it belongs to.

        Bad:

            jupyterhub:
              authentication:
                provider: github
                organizations: [coast-lab]
                tokenUrl: https://login.example.org/token

        Good:

            jupyterhub:
              authentication:
                provider: github
                organizations: [coast-lab]
        """,
}
