"""What a browser says of itself, short enough to tell one's own from a stranger's."""

import re

BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("HeadlessChrome", "Chrome"),
    ("Chrome", "Chrome"),
    ("Version", "Safari"),
)
"""The more particular first: most of them call themselves Chrome and Safari too."""
SYSTEMS = (
    ("Windows", "Windows"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_text(agent: str) -> str:
    """Chrome 109 · Windows; what it said itself where neither is known."""
    found = ((name, re.search(rf"\b{token}/(\d+)", agent)) for token, name in BROWSERS)
    browser = next((f"{name} {version[1]}" for name, version in found if version), "")
    system = next((name for token, name in SYSTEMS if token in agent), "")
    return " · ".join(filter(None, (browser, system))) or agent
