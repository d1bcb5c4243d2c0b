"""The ideas: one published query strategy a file."""
