from mobile.views.pin_pad import BACK, DONE, pressed


def test_keys_build_and_take_back_a_pin() -> None:
    pin = ""
    for key in ("1", "2", BACK, "0", DONE):
        pin = pressed(pin, key)
    assert pin == "10"
    assert not pressed("", BACK)
