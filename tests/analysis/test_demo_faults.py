"""The demo city's faults: one for each rule of the audit, so that each can be tried."""

from analysis.demo.faults import FAULTS
from responsibility.coverage.rules import rules

#: Rules for which nothing is planted: a day would have to come on which something stands in the way.
NOT_SHOWN = {"reorganisation"}


def test_there_is_a_fault_for_every_rule_that_can_be_shown():
    assert {fault.rule for fault in FAULTS} == {rule.code for rule in rules} - NOT_SHOWN
