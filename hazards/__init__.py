"""A hazard from its report to its closing."""
