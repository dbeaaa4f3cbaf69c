"""The pages of what is said about a site.yaml that is not of the schema's shape."""

PAGES = {
    "S101": """
        A key that site.yaml does not know.

        Nothing reads it, so what it was meant to set would silently stay as it is. Most often it is
        misspelt, or stands one level too high or too low: the help names the nearest key, or the
        section that the key belongs to.

        Bad:

            clusters:
              fedcloud:
                storageclass: csi-cinder

        Good:

            clusters:
              fedcloud:
                storageClass: csi-cinder
        """,
}
