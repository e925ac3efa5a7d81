"""The map: schematic areas coloured by a figure, sites as points, and the same as a list beside it."""
