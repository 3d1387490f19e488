"""``python -m pipelines.web``: Dagster's web server, which answers only to the names it is served under.

Without that a page on the internet whose name leads to 127.0.0.1 could command the UI of whoever looks at it. Options are those
of ``dagster-webserver``. Keep out: who may look; that is the proxy's (README).
"""

from __future__ import annotations

import uvicorn
from starlette.middleware.trustedhost import TrustedHostMiddleware

from pipelines.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost")


def main() -> None:
    """Serves until it is stopped."""
    from dagster_webserver.cli import main as serve_ui

    names = [*LOOPBACK, *Settings.from_environment().ui_hosts]
    serve = uvicorn.run
    # The command builds its application itself and hands it to uvicorn; there is no setting for names.
    uvicorn.run = lambda app, **options: serve(TrustedHostMiddleware(app, allowed_hosts=names, www_redirect=False), **options)
    serve_ui()


if __name__ == "__main__":
    main()
