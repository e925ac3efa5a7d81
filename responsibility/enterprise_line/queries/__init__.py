"""Questions about an enterprise's own line."""
