"""A second opinion: pySigma reads the rules, and its condition tree is evaluated over records.

Reads one JSON document per line, {"rule": text, "records": [...]}, and writes {"error": text} or {"holds": [...]} for each.
"""
import ipaddress
import json
import re
import sys

from sigma.collection import SigmaCollection
from sigma.conditions import ConditionAND, ConditionFieldEqualsValueExpression, ConditionNOT, ConditionOR, ConditionValueExpression
from sigma.types import (
    CompareOperators,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SpecialChars,
)

FLAGS = {
    SigmaRegularExpressionFlag.IGNORECASE: re.IGNORECASE,
    SigmaRegularExpressionFlag.MULTILINE: re.MULTILINE,
    SigmaRegularExpressionFlag.DOTALL: re.DOTALL,
}
COMPARISONS = {
    CompareOperators.LT: lambda a, b: a < b,
    CompareOperators.LTE: lambda a, b: a <= b,
    CompareOperators.GT: lambda a, b: a > b,
    CompareOperators.GTE: lambda a, b: a >= b,
}


def text_of(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def number_of(value):
    text = text_of(value)
    return float(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) else None


def pattern_of(value):
    wild = {SpecialChars.WILDCARD_MULTI: ".*", SpecialChars.WILDCARD_SINGLE: "."}
    return "".join(re.escape(part) if isinstance(part, str) else wild[part] for part in value.s)


def value_holds(value, actual, record, keyword=False):
    if isinstance(value, SigmaExpansion):
        return any(value_holds(one, actual, record, keyword) for one in value.values)
    if isinstance(value, SigmaNull):
        return actual is None
    if actual is None:
        return False
    text = text_of(actual)
    if isinstance(value, SigmaString):
        flags = re.DOTALL | (0 if isinstance(value, SigmaCasedString) else re.IGNORECASE)
        pattern = pattern_of(value)
        return bool(re.search(pattern, text, flags) if keyword else re.fullmatch(pattern, text, flags))
    if isinstance(value, SigmaBool):
        return text.lower() == str(value).lower()
    if isinstance(value, SigmaCompareExpression):
        number = number_of(actual)
        return number is not None and COMPARISONS[value.op](number, value.number.number)
    if isinstance(value, SigmaNumber):
        return text == str(value) or number_of(actual) == value.number
    if isinstance(value, SigmaRegularExpression):
        flags = 0
        for flag in value.flags:
            flags |= FLAGS[flag]
        return bool(re.search(str(value.regexp), text, flags))
    if isinstance(value, SigmaCIDRExpression):
        try:
            return ipaddress.ip_address(text) in value.network
        except ValueError:
            return False
    if isinstance(value, SigmaFieldReference):
        other = record.get(value.field)
        if other is None:
            return False
        a, b = text.lower(), text_of(other).lower()
        if value.starts_with and value.ends_with:
            return b in a
        return a.startswith(b) if value.starts_with else a.endswith(b) if value.ends_with else a == b
    raise TypeError(type(value).__name__)


def holds(node, record):
    if isinstance(node, ConditionAND):
        return all(holds(one, record) for one in node.args)
    if isinstance(node, ConditionOR):
        return any(holds(one, record) for one in node.args)
    if isinstance(node, ConditionNOT):
        return not holds(node.args[0], record)
    if isinstance(node, ConditionFieldEqualsValueExpression):
        if isinstance(node.value, SigmaExists):
            return (node.field in record) == bool(node.value)
        return value_holds(node.value, record.get(node.field), record)
    if isinstance(node, ConditionValueExpression):
        return any(value_holds(node.value, text, record, True) for text in record.values() if isinstance(text, str))
    raise TypeError(type(node).__name__)


for line in sys.stdin:
    asked = json.loads(line)
    try:
        (rule,) = SigmaCollection.from_yaml(asked["rule"]).rules
        trees = [condition.parsed for condition in rule.detection.parsed_condition]
        answer = {"holds": [any(holds(tree, record) for tree in trees) for record in asked["records"]]}
    except Exception as error:  # noqa: BLE001 - any refusal is an answer
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
