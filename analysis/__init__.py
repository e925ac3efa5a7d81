"""The roof: my work and dashboard, the map's layers, what heads look at. Nobody imports it."""
