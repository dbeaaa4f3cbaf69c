"""The first files of a site, as texts: what `hubops init` asks and what it writes."""
