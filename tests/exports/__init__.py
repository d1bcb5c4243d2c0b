"""What leaves the house: every format, read back by those who will read it."""
