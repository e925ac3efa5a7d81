"""Template tags that every template has."""
