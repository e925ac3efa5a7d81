"""Working days and deadlines that are counted in them."""
