"""What becomes of what is owed when a site closes, rests, or is out of season: by rules that are data."""
