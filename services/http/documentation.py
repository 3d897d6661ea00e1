"""The description of the API, for programs and as a page that needs nothing from the internet.

Both ask for a token as all else does: who has none learns nothing, not even which questions there are.
"""

import base64
import hashlib
from importlib.resources import files
from typing import Any, Final

import msgspec
from litestar import MediaType, Request, Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from services.http.openapi import describe

_ASSETS: Final = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
_START: Final = 'SwaggerUIBundle({url: "openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null});'
_PAGE: Final = f"""<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<title>API SAKIP</title>
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script>{_START}</script>
</body>
</html>
"""
_POLICY: Final = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
    f" script-src 'self' 'sha256-{base64.b64encode(hashlib.sha256(_START.encode()).digest()).decode()}'"
)


@get("/openapi.json", name="openapi", sync_to_thread=True)
def document(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the OpenAPI 3.1 document, which is made when it is first asked for."""
    state = request.app.state
    if "document" not in state:
        state.document = msgspec.json.encode(describe(request.app))
    return Response(state.document, media_type=MediaType.JSON)


@get("/docs", name="docs", sync_to_thread=False)
def page() -> Response[str]:
    """Return a page to read and try the API; its policy lets nothing in from elsewhere."""
    return Response(_PAGE, media_type=MediaType.HTML, headers={"Content-Security-Policy": _POLICY})


@get("/docs/{asset:str}", name="docs.asset", sync_to_thread=True)
def static(asset: FromPath[str]) -> Response[bytes]:
    """Return a file of the page, out of the package that brings it."""
    if asset not in _ASSETS:
        raise NotFoundException
    return Response((files("swagger_ui") / "static" / asset).read_bytes(), media_type=_ASSETS[asset])


ROUTER = Router(path="/", route_handlers=[document, page, static])
