"""Hikvision's event stream (alertStream), for a terminal that cannot post: the hall stays on its line."""

TARGET = "/ISAPI/Event/notification/alertStream"
SILENCE = 90.0
"""Seconds without a byte after which the line is dead; the terminal sends something every half minute."""
REPLAYS = True
"""Whether the terminal begins with everything in its log: nothing is missed then, however long the line was down."""
