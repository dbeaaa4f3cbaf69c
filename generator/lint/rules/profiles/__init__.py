"""The profiles that users choose from, their options and choices."""
