"""What every endpoint for devices takes from HTTP: the request as it was signed."""

from fastapi import Request

from sync_server.devices.signatures import SignedRequest, signed_request


async def signed(request: Request, meant: str | None = None) -> SignedRequest:
    """The request with its signature.

    `meant` is the method that was signed, where the network let only another one through.
    """
    return signed_request(meant or request.method, request.url.path, await request.body(), request.headers)
