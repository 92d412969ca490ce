"""`/docs`: the interface's description, to read and to try, made of files of our own only."""

from fastapi import APIRouter, Request, Response

from shared.words import Phrase
from sync_server.office.shell.errors import OfficeFault
from sync_server.office.shell.page import assets_of, page
from sync_server.office.shell.style import font_faces

router = APIRouter(include_in_schema=False)
NOT_BUILT = (
    Phrase("接口说明页还没有构建", "The page of the interface is not built"),
    Phrase(
        "请在服务器上运行 make run（或 mumen build-app）；说明本身在 /openapi.json。",
        "Run make run (or mumen build-app) on the server; the description itself is at /openapi.json.",
    ),
)


@router.get("/docs")
async def show_interface(request: Request) -> Response:
    """Swagger UI. It asks no other host for anything, not even for a check of the description."""
    assets = assets_of(request)
    script, style = assets.url("swagger-ui.js"), assets.url("swagger-ui.css")
    if not script or not style:
        raise OfficeFault(503, *NOT_BUILT)
    fonts = font_faces(assets)
    return page(request, "interface.html", None, {"swagger_script": script, "swagger_style": style, "fonts": fonts})
