from mobile import strings
from shared.rules.refusals import RefusalCode


def test_every_fault_of_an_enrolment_says_what_to_do() -> None:
    codes = [code for code in RefusalCode if code.startswith("enrolment")]
    assert len(codes) == 3
    for code in codes:
        assert "向办公室要新码" in strings.enrol_problem(code).zh
    assert "网络" in strings.enrol_problem("offline").zh
