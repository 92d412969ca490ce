"""How much a browser may send, whether it says so beforehand or not."""

from collections.abc import Iterator

import pytest

from sync_server.office.devices import device_import
from sync_server.office.shell import forms
from tests.sync_server.office.conftest import Office


def chunks(content: bytes, boundary: str, csrf: str) -> Iterator[bytes]:
    """A form with a file, sent without saying how long it is."""
    yield f'--{boundary}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{csrf}\r\n'.encode()
    yield f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\n\r\n'.encode()
    for start in range(0, len(content), 65_536):
        yield content[start : start + 65_536]
    yield f"\r\n--{boundary}--\r\n".encode()


@pytest.mark.parametrize("read_max", [forms.UPLOAD_READ_MAX, 400_000])
def test_a_file_that_does_not_say_its_length_is_not_read_to_the_end(
    office: Office, monkeypatch: pytest.MonkeyPatch, read_max: int
) -> None:
    monkeypatch.setattr(device_import, "FILE_BYTES_MAX", 300_000)
    monkeypatch.setattr(forms, "UPLOAD_READ_MAX", read_max)
    office.sign_in()
    csrf = office.hidden("/devices")["csrf"]
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    sent = chunks(b" " * 500_000, "b", csrf)
    answer = office.client.post("/devices/import", content=sent, headers=headers)
    assert answer.status_code == 413
    assert "内容太大" in answer.text
    assert "Too large" in answer.text
    small = office.client.post("/devices/import", content=chunks(b"{}", "b", csrf), headers=headers)
    assert small.status_code == 422


def test_a_file_of_many_weeks_is_taken(office: Office) -> None:
    office.sign_in()
    csrf = office.hidden("/devices")["csrf"]
    answer = office.client.post("/devices/import", data={"csrf": csrf}, files={"file": ("a", b" " * 20_000_000)})
    assert answer.status_code == 422
    assert "不是设备导出的文件" in answer.text


def test_an_order_form_has_a_limit_too(office: Office) -> None:
    office.sign_in()
    answer = office.send_order("", remarks="x" * (forms.FORM_BYTES_MAX + 1))
    assert answer.status_code == 413
    assert "2 MB" in answer.text
