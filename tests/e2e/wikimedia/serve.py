"""serve.py [ADDRESS PORT]: serves the pageviews API with two years of generated views that end yesterday.

Plain HTTP, on port 443 of every address unless told otherwise.
"""

import sys
import time
from datetime import date, timedelta

from wikimedia_server import WikimediaServer

from pageviews import synthetic

DAYS = 800

frame = synthetic.seasonal(1, first=date.today() - timedelta(days=DAYS), days=DAYS)
views = {article: {day.date(): int(count) for day, count in frame[article].items()} for article in frame.columns}

address, port = sys.argv[1:] or ("0.0.0.0", "443")

with WikimediaServer(views, (address, int(port))).running():
    while True:
        time.sleep(3600)
