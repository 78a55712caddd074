"""The worked examples in docs/rules are run: what the documentation says is what the engine computes."""

import doctest
from pathlib import Path

import pytest

RULES = Path(__file__).parents[2] / "docs" / "rules"


@pytest.mark.parametrize("page", sorted(RULES.glob("*.md")), ids=lambda page: page.stem)
def test_the_examples_of_a_rule_come_out_as_written(page: Path) -> None:
    outcome = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 0
    assert outcome.failed == 0
