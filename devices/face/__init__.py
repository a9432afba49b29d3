"""The hall's own camera terminals: whose face it is, and whether somebody stands there at all."""

VAULT = "faces.db"
"""The file of the templates, in the hall's folder."""
