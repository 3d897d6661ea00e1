"""Ids that nobody used before, and ids that follow from their cause."""

from services.identity import derived_command_id, new_command_id, new_salt, new_token


class TestIds:
    def test_what_is_drawn_never_repeats(self) -> None:
        for draw in (new_command_id, new_salt, new_token):
            assert len({draw() for _ in range(100)}) == 100

    def test_the_same_cause_has_the_same_id_and_no_other_has_it(self) -> None:
        assert derived_command_id("contoh", 1, "a") == derived_command_id("contoh", 1, "a")
        causes = (("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("a", "b", "c"), ("c", "ab"), ())
        assert len({derived_command_id(*cause) for cause in causes}) == len(causes)
