"""A photograph's bytes for whoever may see the office, a signature's for whoever may see customers; by their hash."""

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from shared.words import Phrase
from sync_server import photo_rows
from sync_server.office.shell.errors import NOT_PERMITTED, OfficeFault
from sync_server.office.shell.viewer import viewer_of
from sync_server.photos import tus_headers
from sync_server.photos.exchange import picture_headers
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)
NO_PHOTO = (
    Phrase("没有这张照片", "No such photo"),
    Phrase("请从部件页面打开照片。", "Open it from the page of its piece."),
)
NOT_HERE = (
    Phrase("照片还没有传到", "The photo has not arrived"),
    Phrase(
        "拍照的设备联网后会自动上传，请稍后再看。",
        "The device that took it sends it when it has a network; look again later.",
    ),
)
LOST = (
    Phrase("照片文件丢失或损坏", "The photo's file is missing or damaged"),
    Phrase("请从备份恢复，或在现场重新拍一张。", "Restore it from a backup, or take it again on the floor."),
)


@router.get("/photos/{sha256}")
async def show_photo(request: Request, sha256: str) -> Response:
    """The picture. A browser may keep it under its hash, but asks each time whether it may still show it."""
    viewer, services = await viewer_of(request), services_of(request)

    def find(session: Session) -> photo_rows.Announced | None:
        return photo_rows.announced(session, sha256)

    announced = await services.read(find) if tus_headers.is_sha256(sha256) else None
    if announced is None:
        raise OfficeFault(404, *NO_PHOTO)
    if announced.is_signature and not viewer.sees_customers:
        raise OfficeFault(403, *NOT_PERMITTED)
    kept = {"ETag": f'"{sha256}"', "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == kept["ETag"]:
        return Response(status_code=304, headers=kept)
    content = await services.aside(lambda: services.blobs.read(sha256))
    if content is None:
        raise OfficeFault(404, *(LOST if announced.is_stored else NOT_HERE))
    return Response(content, headers=kept | picture_headers(announced.media_type))
