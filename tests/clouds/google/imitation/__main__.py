"""Starts the imitation; its first line of output is its address, and it ends with its standard input."""

import argparse
import sys
import threading

from .server import Imitation

parser = argparse.ArgumentParser(prog="imitation", description=__doc__)
parser.add_argument("--port", type=int, default=0, help="port of loopback; 0: a free one")
parser.add_argument("--control-plane", help="host and port that every cluster names as its control plane's")
arguments = parser.parse_args()

server = Imitation(arguments.port, arguments.control_plane)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.url, flush=True)
sys.stdin.read()
