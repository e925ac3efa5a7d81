"""What is supervised: places, matters, units, enterprises and their sites."""
