"""What people are told, in both languages: whole, and with what to do wherever something went wrong."""

import re

import pytest

from mobile import sentences, strings
from mobile.outcome import Outcome, SignIn, SignInStatus, Tone
from shared.rules.refusals import NextStep, RefusalCode
from shared.words import Phrase

HAN = re.compile(r"[\u4e00-\u9fff]")
WHEN = "16:40"
FACTS: dict[str, object] = {
    "worker_name": "Li Qiang",
    "station_name": "开料 1 号位",
    "station_name_en": "Cutting 1",
    "operation_name": "终检",
    "operation_name_en": "Final inspection",
    "missing_names": ["开料", "压贴"],
    "missing_names_en": ["Cutting", "Pressing"],
    "inferred_names": ["开料"],
    "inferred_names_en": ["Cutting"],
    "reason": "划伤",
    "text": "D1-7K3M",
    "resolution": "send_back",
    "replaced_by": "D17K3M9QX2RT4WCC",
}
CODES = sorted({*strings.OUTCOMES, *strings.REFUSALS, "from_the_future"})
EXPLAINED = [
    "already", "conflict_resolved", "contradicted", "damaged", "decided", "earlier_operation_missing", "failed",
    "foreign", "inspection_due", "inspection_missing", "label_replaced", "label_revoked", "late", "newer_label",
    "not_known_here", "not_on_this_rack", "not_permitted", "parked", "photo_not_kept", "photo_too_large",
    "photo_unreadable", "piece_cancelled", "piece_on_hold", "piece_scrapped", "rack_changed_meanwhile",
    "read_with_gaps", "storage_full", "wrong_check",
]  # fmt: skip
"""What a headline alone does not say."""

SIGN_INS = [
    SignIn(SignInStatus.WRONG, 4),
    SignIn(SignInStatus.WRONG, 1),
    SignIn(SignInStatus.LOCKED, 0, 1),
    SignIn(SignInStatus.NO_PIN, 0),
    SignIn(SignInStatus.STORAGE_FULL, 0),
]


def outcome(code: str, facts: dict[str, object] | None = None, *steps: str) -> Outcome:
    return Outcome(Tone.STOP, code, FACTS if facts is None else facts, steps)


def assert_is_whole(phrase: Phrase) -> None:
    assert HAN.search(phrase.zh)
    assert re.search(r"[A-Za-z]{2}", phrase.en)
    assert not HAN.search(phrase.en)
    assert "{" not in phrase.zh + phrase.en


class TestDetail:
    @pytest.mark.parametrize("code", CODES)
    @pytest.mark.parametrize("facts", [FACTS, {}], ids=["all facts", "no facts"])
    def test_is_a_whole_sentence_in_both_languages(self, code: str, facts: dict[str, object]) -> None:
        for phrase in sentences.detail(outcome(code, facts), WHEN):
            assert HAN.search(phrase.zh)
            assert phrase.en[0].isupper()
            assert re.search(r"[a-z]{2}.* ", phrase.en), "more than one word"
            assert "{" not in phrase.zh + phrase.en
            assert not HAN.search(phrase.en)

    def test_stands_under_every_headline_that_does_not_say_it_all(self) -> None:
        assert [code for code in CODES if sentences.detail(outcome(code), WHEN)] == EXPLAINED

    def test_names_who_was_first_where_and_when(self) -> None:
        (said,) = sentences.detail(outcome("already"), WHEN)
        assert said == ("Li Qiang 已在 开料 1 号位 完成 · 16:40", "Li Qiang did it at Cutting 1, 16:40.")

    def test_lists_what_is_missing(self) -> None:
        first, second = sentences.detail(outcome("earlier_operation_missing"), WHEN)
        assert first == ("还缺：开料、压贴", "Still missing: Cutting, Pressing.")
        assert "已留待" in second.zh

    def test_translates_a_reason_that_has_a_code_and_leaves_others_as_they_were_written(self) -> None:
        assert sentences.detail(outcome("piece_on_hold"), "")[0].en == "Reason: scratched"
        assert sentences.detail(outcome("piece_on_hold", {"reason": "掉漆"}), "")[0].zh == "原因：掉漆"

    def test_says_what_was_decided_and_whose_decision_it_was(self) -> None:
        assert sentences.detail(outcome("decided"), "") == [
            ("选了“没做，退回补做”", "The choice was “It was not: send the piece back”.")
        ]
        assert sentences.detail(outcome("conflict_resolved"), "") == [("Li Qiang：退回补做", "Li Qiang: Sent back.")]
        by_itself = outcome("conflict_resolved", {"resolution": "arrived", "worker_id": None})
        assert sentences.detail(by_itself, "")[0].zh == "系统：补扫已到，自动入账"

    def test_gives_the_code_of_the_new_label_as_it_is_printed(self) -> None:
        for code in ("label_replaced", "label_revoked"):
            assert "D1-7K3M-9QX2-RT4W-CC" in sentences.detail(outcome(code), "")[0].zh

    def test_of_a_dead_label_says_which_one_counts_since_when_and_which_copy(self) -> None:
        facts = FACTS | {"new_label_code": "D1ABCDEFGHJKMN00", "new_label_copies": 2}
        fresh, when = sentences.detail(outcome("label_revoked", facts), WHEN)
        assert fresh == ("新标签：D1-ABCD-EFGH-JKMN-00（副本 2）", "The new label reads D1-ABCD-EFGH-JKMN-00, copy 2.")
        assert when.zh == "16:40 换的，只认新的；找不到就让组长补打"
        first = sentences.detail(outcome("label_revoked", facts | {"new_label_copies": 1}), "")
        assert ["副本" in said.zh or "换的" in said.zh for said in first] == [False, False]
        assert sentences.detail(outcome("label_revoked", {}), "")[0].zh == "这张标签不能再用"


class TestBrief:
    @pytest.mark.parametrize("code", CODES)
    def test_says_it_in_both_languages(self, code: str) -> None:
        assert_is_whole(sentences.brief(outcome(code, None, "call_leader")))

    def test_sends_people_to_their_leader(self) -> None:
        said = sentences.brief(outcome("piece_cancelled", {}, "put_aside", "call_leader"))
        assert (said.zh, said.en) == ("这件已取消 · 找组长", "Piece cancelled; call the leader")


class TestSteps:
    @pytest.mark.parametrize("step", list(NextStep))
    def test_every_step_is_said(self, step: NextStep) -> None:
        said = sentences.steps(outcome("completed", {}, step))
        assert said is not None
        assert_is_whole(said)

    def test_nothing_to_do_is_nothing(self) -> None:
        assert sentences.steps(outcome("completed", {})) is None


class TestEnrolProblem:
    @pytest.mark.parametrize("code", [code for code in RefusalCode if code.startswith("enrolment")])
    def test_a_code_that_is_unknown_used_or_expired_needs_a_new_one(self, code: RefusalCode) -> None:
        said = sentences.enrol_problem(code)
        assert said.zh.endswith("向办公室要新码")
        assert said.en.endswith("ask the office for a new one.")

    @pytest.mark.parametrize("code", [*sentences.ENROL_PROBLEMS, "http_502"])
    def test_says_what_to_do(self, code: str) -> None:
        said = sentences.enrol_problem(code)
        assert_is_whole(said)
        assert re.search(r"[：→]", said.zh)
        assert re.search(r": .*\.$", said.en)

    def test_every_code_says_something_else(self) -> None:
        assert len(set(sentences.ENROL_PROBLEMS.values())) == len(sentences.ENROL_PROBLEMS)


class TestSignInProblem:
    @pytest.mark.parametrize("answer", SIGN_INS, ids=lambda answer: f"{answer.status}-{answer.tries_left}")
    def test_ends_with_what_to_do(self, answer: SignIn) -> None:
        said = sentences.sign_in_problem(answer, WHEN)
        assert_is_whole(said)
        assert re.search(r"(办公室|到时再试|组长清理存储)$", said.zh)  # nobody but the clock opens a lock
        assert re.search(r"(ask the office|Try again then|ask the leader)", said.en)

    def test_counts_tries_and_says_until_when(self) -> None:
        wrong, last, locked, *_ = (sentences.sign_in_problem(answer, WHEN) for answer in SIGN_INS)
        assert ("还能试 4 次" in wrong.zh, "4 tries" in wrong.en, "1 try left" in last.en) == (True, True, True)
        assert (WHEN in locked.zh, WHEN in locked.en) == (True, True)


class TestProblem:
    @pytest.mark.parametrize("code", [*sentences.PROBLEMS, "http_500"])
    def test_says_what_to_do(self, code: str) -> None:
        said = sentences.problem(code)
        assert_is_whole(said)
        assert re.search(r"(办公室|组长)", said.zh)
        assert re.search(r"(office|leader)", said.en)


def test_where_a_scan_is_kept_is_said_in_as_many_ways_as_there_are() -> None:
    kept = Outcome(Tone.OK, "completed", is_recorded=True)
    said = [
        sentences.where(Outcome(Tone.OK, "completed", is_recorded=True, is_synced=True)),
        sentences.where(Outcome(Tone.STOP, "label_revoked", is_recorded=True, is_synced=True, is_refused=True)),
        sentences.where(kept),
        sentences.where(Outcome(Tone.STOP, "foreign")),
    ]
    for phrase in said:
        assert_is_whole(phrase)
    assert len(set(said)) == 4


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [(0, "1分钟", "1 min"), (59, "59分钟", "59 min"), (60, "1小时", "1 h"), (2_880, "2天", "2 d")],
)
def test_a_duration_is_said_in_its_largest_unit(minutes: int, zh: str, en: str) -> None:
    assert sentences.duration(minutes) == (zh, en)
