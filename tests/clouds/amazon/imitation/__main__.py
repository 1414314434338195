"""Starts the imitation; its first line of output is its address, and it ends with its standard input."""

import argparse
import os
import sys
import threading

# AWS's own policies can be attached to a role only where moto has loaded them, which it decides on import.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")


def main() -> None:
    """Serves until the input ends."""
    parser = argparse.ArgumentParser(prog="imitation", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port of loopback; 0: a free one")
    parser.add_argument("--kubernetes-server", help="address of the API server that every cluster is said to have")
    parser.add_argument("--kubernetes-authority", help="its certificate authority as base64")
    arguments = parser.parse_args()

    from werkzeug.serving import make_server

    from .app import Imitation
    from .settings import Settings

    app = Imitation(Settings(arguments.kubernetes_server, arguments.kubernetes_authority))
    server = make_server("127.0.0.1", arguments.port, app, threaded=True, request_handler=app.request_handler)
    app.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(app.url, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
