"""People as the oracle: who is asked what, who said what, and what it comes to."""
