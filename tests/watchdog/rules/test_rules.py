"""The rules are found by the names of their flags."""

from importlib import import_module

import pytest

from hotline.bodies import Rule


@pytest.mark.parametrize("rule", Rule)
def test_who_looks_for_a_flag_finds_its_rule(rule: Rule) -> None:
    """Each has a module of its name, with a class of its name, which says so."""
    module = import_module(f"hotline.watchdog.rules.{rule}")
    named = getattr(module, "".join(word.title() for word in rule.split("_")))
    assert named.__doc__.startswith(f"The rule `{rule}`, at work for one watchdog")
