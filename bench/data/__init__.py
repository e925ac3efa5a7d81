"""The data: a city of 100,000 sites and 1,000,000 hazards at scale 1, the same at every making."""
