"""The form of every benchmark's last line."""

import json

import pytest

from benchmarks.report import percentile, report


def test_the_last_line_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    report("app", {"app.scan_ms_p50_500": 1.23456})
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said["name"] == "app"
    assert said["figures"] == {"app.scan_ms_p50_500": 1.235}
    assert said["machine"]["cores"] >= 1


def test_a_percentile_lies_where_it_says() -> None:
    assert percentile([float(n) for n in range(101)], 0.95) == pytest.approx(95.0)
