"""People, the posts they hold, what the posts reach, and sign-in."""
