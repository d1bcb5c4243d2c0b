"""What is labelled: datasets, how they are read, and where the well-known ones come from."""
