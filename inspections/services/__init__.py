"""The verbs on self-inspections and visits."""
