"""The progress page: what it is made of, and how it looks in a browser."""
