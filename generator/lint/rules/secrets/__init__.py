"""The site's own Secrets and those of apps, and what pods get of them: variables, files, images."""
