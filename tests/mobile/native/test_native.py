"""What a station PC serves to its own browser, and to nobody else."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest
from fastapi import FastAPI, WebSocket
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from mobile.native.__main__ import is_taken
from mobile.native.bridge import PageBridge
from mobile.native.guard import OwnPagesOnly
from mobile.native.platform import SERVER_DEFAULT, NativePlatform, open_native_platform

OWN, BRIDGE = "http://localhost:8090", "ws://localhost:8090/bridge"


@pytest.fixture
def client() -> TestClient:
    """A page and a WebSocket that answers at once."""
    server = FastAPI()

    @server.websocket("/bridge")
    async def talk(window: WebSocket) -> None:
        await window.accept()
        await window.send_text("hello")

    @server.get("/")
    def page() -> str:
        return "page"

    server.add_middleware(OwnPagesOnly)
    return TestClient(server, base_url=OWN)


class TestOwnPagesOnly:
    def test_lets_this_machines_own_page_in(self, client: TestClient) -> None:
        assert client.get("/", headers={"Origin": OWN}).status_code == client.get("/").status_code == 200
        assert client.get("/", headers={"Host": "127.0.0.1:8090", "Origin": "http://127.0.0.1:8090"}).status_code == 200

    def test_lets_it_talk(self, client: TestClient) -> None:
        with client.websocket_connect(BRIDGE, headers={"Origin": OWN}) as page:
            assert page.receive_text() == "hello"

    @pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:9999", "null"])
    def test_keeps_other_pages_off_the_bridge(self, client: TestClient, origin: str) -> None:
        connection = client.websocket_connect(BRIDGE, headers={"Origin": origin})
        with pytest.raises(WebSocketDisconnect), connection:
            pass

    def test_keeps_names_out_that_somebody_else_has_pointed_here(self, client: TestClient) -> None:
        host = {"Host": "rebound.example:8090", "Origin": "http://rebound.example:8090"}
        assert client.get("/", headers=host).status_code == 403


class Window:
    """A page's end of the bridge; `said` is what it was told, `say` what it says."""

    def __init__(self) -> None:
        self.said: list[dict[str, str]] = []
        self.say: asyncio.Queue[dict[str, str] | None] = asyncio.Queue()

    async def accept(self) -> None:
        return

    async def send_json(self, message: dict[str, str]) -> None:
        self.said.append(message)

    async def receive_json(self) -> dict[str, str]:
        said = await self.say.get()
        if said is None:
            raise WebSocketDisconnect(1001)
        return said


@asynccontextmanager
async def opened(bridge: PageBridge) -> AsyncGenerator[Window, None]:
    """A window that is closed at the end."""
    window = Window()
    serving = asyncio.create_task(bridge.serve(cast("WebSocket", window)))
    await settle()
    yield window
    window.say.put_nowait(None)
    await serving


async def settle() -> None:
    """Everything that is under way gets its turn."""
    for _ in range(5):
        await asyncio.sleep(0)


class TestBridge:
    def test_carries_tones_and_files_to_the_page_and_codes_back(self, tmp_path: Path) -> None:
        async def talk() -> None:
            bridge, heard = PageBridge(), list[str]()
            platform = NativePlatform(tmp_path, "http://server", bridge)
            platform.listen(heard.append)
            async with opened(bridge) as page:
                platform.play("ok")
                platform.download("outbox.json", b"{}")
                platform.share("label.pdf", b"%PDF", "application/pdf")
                platform.ready()
                page.say.put_nowait({"keystrokes": "D17K3M9QX2RT4WCC"})
                await settle()
                assert page.said[0]["kind"] == "process"
                assert page.said[1:] == [
                    {"kind": "play", "tone": "ok"},
                    {"kind": "download", "name": "outbox.json", "content": "e30="},
                    {"kind": "download", "name": "label.pdf", "type": "application/pdf", "content": "JVBERg=="},
                    {"kind": "ready"},
                ]
                assert heard == ["D17K3M9QX2RT4WCC"]

        asyncio.run(talk())

    def test_speaks_to_the_newest_window_and_every_start_screen_goes(self) -> None:
        async def talk() -> None:
            bridge = PageBridge()
            async with opened(bridge) as first:
                bridge.ready()
                async with opened(bridge) as second:
                    bridge.tell({"kind": "play", "tone": "ok"})
                    await settle()
                    assert first.said[1:] == [{"kind": "ready"}]
                    assert second.said[1:] == [{"kind": "ready"}, {"kind": "play", "tone": "ok"}]
                    assert first.said[0] == second.said[0]  # it is the same process still
                bridge.tell({"kind": "play", "tone": "stop"})
                await settle()
                assert first.said[-1]["tone"] == "stop"

        asyncio.run(talk())

    def test_names_another_process_another_way(self) -> None:
        async def talk() -> None:
            async with opened(PageBridge()) as first, opened(PageBridge()) as second:
                assert first.said[0]["kind"] == second.said[0]["kind"] == "process"
                assert first.said[0]["number"] != second.said[0]["number"]

        asyncio.run(talk())

    def test_says_nothing_where_no_window_is_open(self, tmp_path: Path) -> None:
        NativePlatform(tmp_path, "http://server", PageBridge()).play("ok")
        NativePlatform(tmp_path, "http://server").play("ok")


class TestOpenNativePlatform:
    def test_follows_the_environment(self, tmp_path: Path) -> None:
        named = {"MUMEN_SERVER_URL": "https://mumen.example/", "MUMEN_DEVICE_DIR": str(tmp_path / "device")}
        assert open_native_platform(named).origin() == "https://mumen.example"
        assert (tmp_path / "device").is_dir()
        assert open_native_platform({"MUMEN_DEVICE_DIR": str(tmp_path)}).origin() == SERVER_DEFAULT


def test_a_port_in_use_is_seen_before_anything_is_started() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert is_taken(other.getsockname()[1])
        free = other.getsockname()[1]
    assert not is_taken(free)
