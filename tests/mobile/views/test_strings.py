from mobile import strings
from shared.rules.refusals import NextStep, RefusalCode


def test_every_refusal_and_every_next_step_has_one_sentence() -> None:
    assert set(strings.REFUSALS) == set(RefusalCode)
    assert set(strings.NEXT_STEPS) == set(NextStep)


def test_no_sentence_is_empty_in_either_language() -> None:
    phrases = [*strings.OUTCOMES.values(), *strings.REFUSALS.values(), *strings.NEXT_STEPS.values(), strings.UNKNOWN]
    assert all(phrase.zh and phrase.en for phrase in phrases)


def test_no_code_has_two_meanings() -> None:
    assert not set(strings.OUTCOMES) & set(strings.REFUSALS)


def test_a_newer_servers_code_still_says_what_to_do() -> None:
    assert strings.verdict("from_the_future") == strings.UNKNOWN
    assert strings.next_step("from_the_future") == strings.NEXT_STEPS["call_leader"]
