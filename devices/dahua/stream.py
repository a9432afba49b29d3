"""Dahua's event stream (eventManager), for a terminal that cannot upload: the hall stays on its line."""

TARGET = "/cgi-bin/eventManager.cgi?action=attach&codes=[AccessControl]&heartbeat=5"
SILENCE = 20.0
"""Seconds without a byte after which the line is dead; the terminal was asked for a heartbeat every five."""
REPLAYS = False
"""Whether the terminal begins with everything in its log. It does not: its records are read before each line."""
