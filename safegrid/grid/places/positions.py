"""Positions from Chinese map applications to WGS-84.

GCJ-02 shifts a position by some hundred metres, BD-09 shifts GCJ-02 once more. Only the forward
shifts are formulas; the way back is found by iteration. All coordinates are degrees,
longitude first.
"""

from collections.abc import Callable
from math import atan2, cos, hypot, pi, radians, sin, sqrt

from safegrid.grid.choices import Datum

Position = tuple[float, float]

#: The ellipsoid of Krassowsky 1940, on which GCJ-02 is defined: semi-major axis in metres, eccentricity².
SEMI_MAJOR = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
#: Where GCJ-02 shifts at all: a rough box around China, degrees.
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
BD_ANGLE = pi * 3000 / 180
#: Stop when a step is below about a tenth of a millimetre.
ENOUGH = 1e-9
MAX_STEPS = 30


def is_on_earth(longitude: float, latitude: float) -> bool:
    """Return whether the numbers are a position at all; NaN and infinity are not."""
    return -180 <= longitude <= 180 and -90 <= latitude <= 90


def to_wgs84(position: Position, datum: str) -> Position:
    """Return `position`, given in `datum`, in WGS-84, to six decimals (0.1 m)."""
    if datum == Datum.BD09:
        position = from_bd09(position)
    if datum in (Datum.BD09, Datum.GCJ02):
        position = from_gcj02(position)
    return round(position[0], 6), round(position[1], 6)


def to_gcj02(position: Position) -> Position:
    """Shift a WGS-84 position to GCJ-02. Outside of China nothing is shifted."""
    longitude, latitude = position
    if not (WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH):
        return position
    x, y = longitude - 105, latitude - 35
    waves = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (waves + 20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (waves + 20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    magic = 1 - ECCENTRICITY_SQUARED * sin(radians(latitude)) ** 2
    meridian = SEMI_MAJOR * (1 - ECCENTRICITY_SQUARED) / (magic * sqrt(magic))  # radius of curvature, metres
    parallel = SEMI_MAJOR / sqrt(magic) * cos(radians(latitude))
    return longitude + east * 180 / (parallel * pi), latitude + north * 180 / (meridian * pi)


def to_bd09(position: Position) -> Position:
    """Shift a GCJ-02 position to BD-09."""
    x, y = position
    radius = hypot(x, y) + 0.00002 * sin(y * BD_ANGLE)
    angle = atan2(y, x) + 0.000003 * cos(x * BD_ANGLE)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006


def from_gcj02(position: Position) -> Position:
    """Return the WGS-84 position that GCJ-02 shifts to `position`."""
    return _inverse(to_gcj02, position)


def from_bd09(position: Position) -> Position:
    """Return the GCJ-02 position that BD-09 shifts to `position`."""
    return _inverse(to_bd09, position)


def _inverse(shift: Callable[[Position], Position], shifted: Position) -> Position:
    """Find what `shift` takes to `shifted`: correct a guess by its own error until nothing is left."""
    guess = shifted
    for _ in range(MAX_STEPS):
        found = shift(guess)
        east, north = shifted[0] - found[0], shifted[1] - found[1]
        guess = guess[0] + east, guess[1] + north
        if abs(east) < ENOUGH and abs(north) < ENOUGH:
            break
    return guess
