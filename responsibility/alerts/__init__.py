"""Who is told when it is late: the ladder, the sweep, deliveries."""
