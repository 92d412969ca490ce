"""What `/openapi.json` says of the interface: every body's shape, also of those that no framework parses."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.schemas.sync import Fault, PullAnswer, PushAnswer
from tests.sync_server.office.conftest import open_office
from tests.sync_server.server import Server

BODIES = {
    "/v1/sync/push": ("PushRequest", "PushAnswer"),
    "/v1/sync/pull": ("PullRequest", "PullAnswer"),
    "/v1/enrol": ("EnrolRequest", "EnrolAnswer"),
}


@pytest.fixture
def description(server: Server) -> Iterator[dict[str, Any]]:
    with open_office(server) as client:
        yield client.get("/openapi.json").json()


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():  # pyright: ignore[reportUnknownVariableType]
            if key == "$ref":
                yield str(value)  # pyright: ignore[reportUnknownArgumentType]
            yield from references(value)
    elif isinstance(part, list):
        for value in part:  # pyright: ignore[reportUnknownVariableType]
            yield from references(value)


@pytest.mark.parametrize("path", BODIES)
def test_what_a_device_sends_and_gets_has_its_shape(description: dict[str, Any], path: str) -> None:
    asked, answered = BODIES[path]
    operation = description["paths"][path]["post"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert (body, answer) == (
        {"$ref": f"#/components/schemas/{asked}"},
        {"$ref": f"#/components/schemas/{answered}"},
    )
    fault = operation["responses"]["422"]["content"]["application/json"]["schema"]
    assert fault == {"$ref": "#/components/schemas/Fault"}


@pytest.mark.parametrize("path", ["/v1/sync/push", "/v1/sync/pull"])
def test_a_signed_request_names_its_headers(description: dict[str, Any], path: str) -> None:
    headers = [parameter["name"] for parameter in description["paths"][path]["post"]["parameters"]]
    assert headers == ["Mumen-Device", "Mumen-Incarnation", "Mumen-Nonce", "Mumen-Signature"]


def test_a_request_about_photographs_names_its_headers_and_what_it_may_be_answered(
    description: dict[str, Any],
) -> None:
    paths = {path: one for path, one in description["paths"].items() if path.startswith("/v1/photos")}
    assert {path: set(one) for path, one in paths.items()} == {
        "/v1/photos": {"options", "post"},
        "/v1/photos/uploads/{upload_id}": {"head", "patch", "delete"},
        "/v1/photos/{sha256}": {"head", "get"},
    }
    for path, methods in paths.items():
        for method, operation in methods.items():
            headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
            assert ("Mumen-Signature" in headers) is (method != "options"), (method, path)
            assert ("401" in operation["responses"]) is (method != "options"), (method, path)
    chunk = paths["/v1/photos/uploads/{upload_id}"]["patch"]
    assert "Upload-Offset" in {one["name"] for one in chunk["parameters"]}
    assert set(chunk["requestBody"]["content"]) == {"application/offset+octet-stream"}
    assert {"204", "409", "410", "460"} <= set(chunk["responses"])


def test_no_reference_leads_nowhere(description: dict[str, Any]) -> None:
    found = set(references(description))
    assert len(found) > 20
    assert {ref.rpartition("/")[2] for ref in found} <= set(description["components"]["schemas"])


def test_a_push_holds_envelopes_and_an_envelope_one_of_all_commands(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    assert schemas["PushRequest"]["properties"]["commands"]["items"]["$ref"].endswith("/Envelope")
    assert schemas["Envelope"]["properties"]["command"]["$ref"].endswith("/Command")
    assert {"complete_operation", "report_scan"} <= set(schemas["Command"]["discriminator"]["mapping"])


def test_the_answers_are_described_as_they_are_sent(description: dict[str, Any]) -> None:
    for model in (PushAnswer, PullAnswer):
        assert set(description["components"]["schemas"][model.__name__]["properties"]) == set(model.model_fields)


def test_without_a_build_the_page_says_what_to_do(server: Server) -> None:
    with open_office(server) as client:
        answer = client.get("/docs")
    assert answer.status_code == 503
    assert "make run" in answer.text
    assert "cdn" not in answer.text


def test_the_description_is_the_same_when_asked_again(server: Server) -> None:
    with open_office(server) as client:
        assert client.get("/openapi.json").json() == client.get("/openapi.json").json()


def test_a_body_of_a_wrong_shape_is_a_fault_like_any_other(server: Server) -> None:
    with open_office(server) as client:
        answer = client.post("/v1/enrol", json={"code": 5})
    assert answer.status_code == 422
    assert Fault.model_validate(answer.json()).code == "shape"
