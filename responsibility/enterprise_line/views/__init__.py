"""Pages of the enterprise's own line."""
