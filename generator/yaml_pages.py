"""The pages of what is said about a text that is no clear YAML."""

# What lets the site pass: a comment that silences nothing.
WARNINGS = ("Y016", "Y017")

PAGES = {
    "Y002": """
        A key is written twice.

        YAML readers keep one of the two and drop the other in silence, and not all keep the same
        one. hubops reads the first, says so here and generates nothing.

        Bad:

            host: hub.example.org
            host: staging.example.org

        Good:

            host: hub.example.org
        """,
}
