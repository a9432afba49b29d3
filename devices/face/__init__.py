"""The hall's own camera terminals: whose face it is, and whether somebody stands there at all."""
