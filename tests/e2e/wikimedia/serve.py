"""Serves the pageviews API with two years of generated views that end yesterday, on port 443 without TLS."""

import time
from datetime import date, timedelta

from wikimedia_server import WikimediaServer

from pageviews import synthetic

DAYS = 800

frame = synthetic.seasonal(1, first=date.today() - timedelta(days=DAYS), days=DAYS)
views = {article: {day.date(): int(count) for day, count in frame[article].items()} for article in frame.columns}

with WikimediaServer(views, ("0.0.0.0", 443)).running():
    while True:
        time.sleep(3600)
