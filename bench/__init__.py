"""How fast the portal is at the size of a city, as ratios to a floor measured in the same run: `make bench`.

The outer process (`python -m bench`) starts servers and gunicorn of its own; `bench.data` fills the database,
`bench.measure` asks and judges. What is measured against which target stands in `goals.toml`.
"""
