"""activeloop: which examples to label next, who labels them, and where the model got better."""
