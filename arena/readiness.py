"""What a running arena says of itself at /readyz."""

import json
from http.client import HTTPConnection, HTTPException


def missing(port: int) -> list[str]:
    """What the arena still waits for; nothing when it is ready."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Accept": "application/json"})
        response = connection.getresponse()
        body = response.read()
    except (OSError, HTTPException):
        return ["the web process"]
    finally:
        connection.close()
    if response.status == 200:
        return []
    try:
        return [str(name) for name in json.loads(body)["missing"]]
    except (ValueError, TypeError, KeyError):
        return [f"an answer other than {response.status} from /readyz"]
