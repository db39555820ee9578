"""Times of packets and logs."""

import calendar
import time


def seconds(text: str) -> float:
    """RFC 3339 in UTC, with any fraction, as seconds since 1970."""
    whole, _, fraction = text.rstrip("Z").partition(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + float(f"0.{fraction or 0}")
