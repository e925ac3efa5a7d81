"""Commands of the grid."""
