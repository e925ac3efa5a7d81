"""Where something is: columns of a place, positions, addresses, old codes and names."""
