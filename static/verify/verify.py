#!/usr/bin/env python3
"""Counts a vote again from its published file, and says the first thing that is wrong, if anything is.

    python3 verify.py bundle.json [--key KEY] [--head HEAD] [--receipt RECEIPT] [--code 1234567890123456]

KEY: the public key of the site as you know it from elsewhere, such as a receipt. Without it the key is the one that the
file itself names: then signatures show only that all was signed by one key, not by whose.
HEAD and RECEIPT are files with the text from the notice board or from the printed receipt; HEAD may be the text itself.
Ends with 0: everything fits; 1: something is wrong; 2: no such file. Needs Python 3.8 or later, and nothing else.
This program shares no line with the portal that made the file. The format: open-count/1, docs/open-count.md.
"""

import argparse
import hashlib
import json
import os
import re
import sys
from bisect import bisect_left
from collections import Counter
from fractions import Fraction
from itertools import groupby

LARGEST = 2**53 - 1
HEX32, HEX64, HEX128 = (re.compile(f"[0-9a-f]{{{size}}}").fullmatch for size in (32, 64, 128))
CODE = re.compile("[0-9]{16}").fullmatch
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z").fullmatch
SHARE = re.compile("(>=?)?[0-9]{1,9}/[0-9]{1,9}").fullmatch
RECORD = re.compile('{"kind":"record","commitment":"([0-9a-f]{64})"}').fullmatch
SUPERSEDED = re.compile('{"kind":"superseded","leaf":(0|[1-9][0-9]{0,14})}').fullmatch
SHOWN = re.compile("[0-9:,]*").fullmatch
NUMBER = "[1-9][0-9]{0,14}"
CHOSEN = re.compile(f"({NUMBER}(,{NUMBER})*)?").fullmatch
MARK = re.compile(f"{NUMBER}:(0|{NUMBER})").fullmatch
SHARED = re.compile(f"({NUMBER}:{NUMBER}(,{NUMBER}:{NUMBER})*)?").fullmatch
MANIFEST = [
    "kind",
    "format",
    "round",
    "region",
    "question",
    "options",
    "budget",
    "ballot",
    "method",
    "beside",
    "conflicts",
    "seed_hash",
    "basis",
    "body",
    "quorum",
    "majority",
    "opens_at",
    "closes_at",
    "eligible",
    "roll_root",
    "publish",
    "fewest",
    "key",
]
KINDS = ("approval", "choose-k", "choose-1", "knapsack", "cumulative", "ordinal")
GREEDY = ("greedy", "greedy-threshold", "greedy-no-skip", "greedy-exclusive", "greedy-custom")


class Malformed(Exception):
    """What was given is not a file, head, receipt or code of this format."""


class Wrong(Exception):
    """Something does not fit; `check` is the short name of the check that failed."""

    def __init__(self, check, english, chinese):
        super().__init__(english)
        self.check, self.english, self.chinese = check, english, chinese


def main(arguments=None):
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle")
    parser.add_argument("--head", action="append", default=[], help="an earlier head: a file, or its text; repeatable")
    parser.add_argument("--receipt", action="append", default=[], help="a file with the text of a receipt; repeatable")
    parser.add_argument("--code", default="", help="the 16 digits of a ballot: shows what is published beside them")
    parser.add_argument("--key", default="", help="the site's public key as you know it: 64 hex digits")
    given = parser.parse_args(arguments)
    try:
        heads = [_content(head) if os.path.exists(head) else head for head in given.head]
        receipts = [_content(receipt) for receipt in given.receipt]
        check(_content(given.bundle), heads, receipts, given.code, _say, given.key)
    except Wrong as wrong:
        print(f"WRONG  {wrong.english}\n错误   {wrong.chinese}")
        return 1
    except (Malformed, OSError) as fault:
        print(f"cannot be read / 无法读取: {fault}")
        return 2
    print("everything fits\n全部相符")
    return 0


def _content(path):
    with open(path, encoding="utf-8", newline="") as file:
        try:
            return file.read()
        except UnicodeDecodeError:
            raise Malformed(f"{path} is not a text file") from None


def _say(english, chinese):
    print(f"ok     {english}\n相符   {chinese}")


# ---------- the checks, in their order


def check(text, heads=(), receipts=(), code="", say=lambda english, chinese: None, key=""):
    """Check the published file `text` and what else is known; what was counted, or Malformed or Wrong.

    `heads` and `receipts` are texts, as printed; `key`: the site's, if known;
    `say` is called with a sentence for each check that holds.
    """
    bundle = read_bundle(text)
    heads, receipts = [read_head(head) for head in heads], [read_receipt(receipt) for receipt in receipts]
    code = re.sub(r"[\s-]", "", code)
    if code and not CODE(code):
        raise Malformed("a code has 16 digits")
    key = re.sub(r"\s", "", key).lower()
    if key and not HEX64(key):
        raise Malformed("a key has 64 hex digits")
    leaves = bundle["leaves"]
    manifest, closed, records, superseded = check_leaves(leaves)
    say(
        f"The log has {len(leaves)} entries; the first fixes the question and the rule, the last closes the vote.",
        f"记录共 {len(leaves)} 条；第一条定下问题和规则，最后一条结束投票。",
    )
    if key and key != manifest["key"]:
        raise Wrong("key", "The vote is not signed with the key that you gave.", "签名用的不是您给出的密钥。")
    levels = tree([leaf.encode() for leaf in leaves])
    check_heads(bundle["heads"], manifest, levels, len(leaves))
    say(
        "{} signed heads; each fits the log up to there, and its signature is right.".format(len(bundle["heads"])),
        "共 {} 个签名的记录指纹，每个都与当时的记录相符，签名正确。".format(len(bundle["heads"])),
    )
    live = check_superseded(records, superseded)
    say(
        f"{len(live)} records count; {len(superseded)} were replaced or withdrawn before closing.",
        f"计入 {len(live)} 条；截止前被替换或撤回 {len(superseded)} 条。",
    )
    if sha(closed["seed"].encode()) != manifest["seed_hash"]:
        raise Wrong("seed", "The seed of the lots is not the one that was fixed before.", "抽签种子与事先定下的不同。")
    say("The seed of the lots is the one that was fixed before.", "抽签种子与事先定下的相同。")
    check_roll(bundle["roll"], manifest, closed)
    say(
        "The roll is the one that was fixed before: {} may vote; {} voted, as many as there are ballots.".format(
            manifest["eligible"], closed["voted"]
        ),
        "名册与事先定下的相同：应到 {}，实到 {}，与选票数相等。".format(manifest["eligible"], closed["voted"]),
    )
    if closed["publish"] == "aggregate":
        check_withheld(manifest, closed)
        counts = check_sums(bundle, manifest, closed, len(live))
        ballots = None
        say(
            "The choices are withheld to protect few or recognisable voters: outsiders cannot recount the sums.",
            "为保护人数少或可辨认的投票人，选择不公布：外人无法重算各项合计。",
        )
    else:
        ballots = check_records(bundle, manifest, closed, live)
        counts = check_counts(bundle, manifest, closed, ballots)
        say("All ballots are those in the log; the counts are right.", "全部选票都在记录中，合计正确。")
    check_result(bundle, manifest, closed, ballots, counts, say)
    for head in heads:
        check_earlier(head, manifest, levels, len(leaves), say)
    for receipt in receipts:
        check_receipt(receipt, bundle, manifest, records, superseded, say)
    if code:
        show_code(code, bundle, manifest, closed, say)
    return {"counts": counts, "winners": bundle["result"]["winners"], "form": closed["publish"]}


def read_bundle(text):
    """The published file as plain lists and dictionaries, or Malformed."""
    try:
        bundle = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("not a JSON file") from None
    need(isinstance(bundle, dict) and bundle.get("format") == "open-count/1", "not a file of the format open-count/1")
    need(
        set(bundle) - {"records"} == {"format", "leaves", "heads", "roll", "counts", "result"},
        "parts are missing or unknown",
    )
    need(isinstance(bundle["leaves"], list) and all(type(leaf) is str for leaf in bundle["leaves"]), "leaves")
    need(len(bundle["leaves"]) >= 2, "leaves")
    try:
        [leaf.encode() for leaf in bundle["leaves"]]
    except UnicodeEncodeError:
        raise Malformed("leaves") from None
    need(isinstance(bundle["heads"], list) and all(map(is_head, bundle["heads"])), "heads")
    need(rows(bundle["roll"], lambda row: matches(HEX64, row[0]) and whole(row[1], 1), 2), "roll")
    need(rows(bundle.get("records", []), is_record, 3), "records")
    need(isinstance(bundle["counts"], dict) and all(map(whole, bundle["counts"].values())), "counts")
    result = bundle["result"]
    need(isinstance(result, dict) and set(result) == {"winners", "total", "ties"} and whole(result["total"]), "result")
    need(words(result["winners"]) and isinstance(result["ties"], list) and all(map(words, result["ties"])), "result")
    return bundle


def need(holds, part):
    if not holds:
        raise Malformed(f"this is not as open-count/1 says: {part}")


def whole(value, most=LARGEST):
    return type(value) is int and 0 <= value <= most


def matches(pattern, value):
    return type(value) is str and pattern(value) is not None


def words(value):
    return isinstance(value, list) and all(type(word) is str for word in value)


def rows(value, good, width):
    return isinstance(value, list) and all(isinstance(row, list) and len(row) == width and good(row) for row in value)


def is_record(row):
    tag, choices, nonce = row
    return (matches(CODE, tag) or matches(HEX64, tag)) and matches(SHOWN, choices) and matches(HEX64, nonce)


def is_head(head):
    return (
        isinstance(head, dict)
        and set(head) == {"size", "root", "at", "signature"}
        and whole(head["size"])
        and matches(HEX64, head["root"])
        and matches(TIME, head["at"])
        and matches(HEX128, head["signature"])
    )


def check_leaves(leaves):
    """Manifest, closing, {index: commitment} of records, {index: record's index} of what superseded them."""
    manifest, closed = read_leaf(leaves[0]), read_leaf(leaves[-1])
    if manifest is None or not is_manifest(manifest):
        raise Wrong("manifest", "The first entry does not fix the vote as the format asks.", "第一条记录不合格式。")
    if closed is None or not is_closing(closed, manifest):
        raise Wrong("leaves", "The last entry does not close the vote.", "最后一条记录不是结束投票。")
    records, superseded = {}, {}
    for index in range(1, len(leaves) - 1):
        found = RECORD(leaves[index])
        if found:
            records[index] = found[1]
            continue
        found = SUPERSEDED(leaves[index])
        if not found:
            raise Wrong("leaves", f"Entry {index} is of no known kind.", f"第 {index} 条记录不合格式。")
        superseded[index] = int(found[1])
    return manifest, closed, records, superseded


def read_leaf(text):
    """The object that a leaf says, or None where it is not written as short as JSON can be."""
    try:
        value = json.loads(text)
        short = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and short == text else None


def is_manifest(value):
    if list(value) != MANIFEST or (value["kind"], value["format"]) != ("manifest", "open-count/1"):
        return False
    texts = ("region", "basis", "body")
    ballot, options, conflicts = value["ballot"], value["options"], value["conflicts"]
    listed = isinstance(options, list) and options and all(map(is_option, range(1, len(options) + 1), options))
    if not listed or not isinstance(ballot, dict) or set(ballot) != {"kind", "most"} or ballot["kind"] not in KINDS:
        return False
    keys = {option["key"] for option in options}
    most = ballot["most"]
    return (
        matches(HEX32, value["round"])
        and all(type(value[name]) is str for name in texts)
        and is_said(value["question"])
        and whole(value["budget"])
        and ((whole(most) and most > 0) or (most is None and ballot["kind"] not in ("choose-k", "cumulative")))
        and is_method(value["method"])
        and (value["beside"] is None or is_method(value["beside"]))
        and isinstance(conflicts, list)
        and all(words(one) and len(one) == len(set(one)) > 1 and set(one) <= keys for one in conflicts)
        and not (conflicts and value["method"]["rule"] == "equalshares")
        and all(matches(HEX64, value[name]) for name in ("seed_hash", "roll_root", "key"))
        and all(value[name] is None or matches(SHARE, value[name]) for name in ("quorum", "majority"))
        and all(matches(TIME, value[name]) for name in ("opens_at", "closes_at"))
        and value["opens_at"] < value["closes_at"]
        and whole(value["eligible"])
        and value["publish"] in ("ballots", "marks", "aggregate")
        and not (value["publish"] == "marks" and needs_whole_ballots(value))
        and whole(value["fewest"])
    )


def is_option(number, option):
    return (
        isinstance(option, dict)
        and list(option) == ["key", "title", "cost"]
        and option["key"] == str(number)
        and is_said(option["title"])
        and whole(option["cost"])
    )


def is_said(value):
    return (
        isinstance(value, dict)
        and bool(value)
        and all(re.fullmatch("[A-Za-z-]+", tag) and type(text) is str for tag, text in value.items())
    )


def is_method(value):
    return (
        isinstance(value, dict)
        and list(value) == ["rule", "threshold", "completion", "stop_exhaustive", "comparison", "increment"]
        and value["rule"] in (*GREEDY, "equalshares")
        and whole(value["threshold"])
        and value["completion"] in ("none", "add1", "add1u")
        and type(value["stop_exhaustive"]) is bool
        and type(value["comparison"]) is bool
        and whole(value["increment"])
        and value["increment"] > 0
    )


def is_closing(value, manifest):
    return (
        list(value) == ["kind", "ballots", "voted", "seed", "publish"]
        and value["kind"] == "closed"
        and whole(value["ballots"])
        and whole(value["voted"])
        and matches(HEX64, value["seed"])
        and value["publish"] in (manifest["publish"], "aggregate")
    )


def needs_whole_ballots(manifest):
    return manifest["ballot"]["kind"] == "ordinal" or manifest["method"]["rule"] == "equalshares"


def check_heads(heads, manifest, levels, leaves):
    key, before = PublicKey(manifest["key"]), (0, "")
    for place, head in enumerate(heads, 1):
        now = (head["size"], head["at"])
        if not (before < now and before[1] <= now[1] and 1 <= head["size"] <= leaves):
            raise Wrong("heads", f"Head {place} is out of order.", f"第 {place} 个记录指纹次序不对。")
        if root(levels, head["size"]) != head["root"]:
            raise Wrong("heads", f"Head {place} does not fit the log.", f"第 {place} 个记录指纹与记录不符。")
        if not key.signed(head_text(manifest["round"], head), head["signature"]):
            raise Wrong("heads", f"The signature of head {place} is wrong.", f"第 {place} 个记录指纹的签名不对。")
        before = now
    if before[0] != leaves:
        raise Wrong("heads", "No head covers the whole log.", "没有覆盖全部记录的指纹。")
    if before[1] < manifest["closes_at"]:
        raise Wrong("heads", "The log was closed before voting ended.", "投票尚未截止，记录就已结束。")


def head_text(round_uid, head):
    return "\n".join(("open-count-head", round_uid, str(head["size"]), head["root"], head["at"]))


def check_superseded(records, superseded):
    """The commitments that count, sorted."""
    gone = set()
    for index, target in superseded.items():
        if target >= index or target not in records or target in gone:
            raise Wrong(
                "superseded",
                f"Entry {index} replaces what is no earlier record, or was replaced before.",
                f"第 {index} 条记录所替换的不是先前有效的记录。",
            )
        gone.add(target)
    return sorted(commitment for index, commitment in records.items() if index not in gone)


def check_roll(roll, manifest, closed):
    lines = [line for line, _ in roll]
    if lines != sorted(set(lines)):
        raise Wrong("roll", "The roll is not sorted, or has a line twice.", "名册未排序或有重复。")
    if len(lines) != manifest["eligible"]:
        raise Wrong("roll", "The roll has another length than was fixed before.", "名册人数与事先定下的不同。")
    if root(tree([line.encode() for line in lines]), len(lines)) != manifest["roll_root"]:
        raise Wrong("roll", "The roll is not the one that was fixed before.", "名册与事先定下的不同。")
    voted = sum(voted for _, voted in roll)
    if not voted == closed["voted"] == closed["ballots"]:
        raise Wrong(
            "voted",
            "{} are marked as having voted; the closing entry says {} voters and {} ballots.".format(
                voted, closed["voted"], closed["ballots"]
            ),
            "名册上已投票 {} 人；结束记录为 {} 人、{} 张选票。".format(voted, closed["voted"], closed["ballots"]),
        )


def check_records(bundle, manifest, closed, live):
    """The ballots (or marks) by what they choose: {choices text: how many}."""
    records, form = bundle.get("records"), closed["publish"]
    if records is None:
        raise Wrong("records", "The list of ballots is missing.", "缺少选票清单。")
    tags = [record[0] for record in records]
    if not all(map(CODE if form == "ballots" else HEX64, tags)):
        raise Wrong("records", "A ballot is listed under what is no code.", "有选票的编码不合格式。")
    last = ""
    for tag in tags:
        if tag <= last:
            raise Wrong(
                "records", f"The list is not sorted, or has a ballot twice: {tag}.", f"清单未排序或重复：{tag}。"
            )
        last = tag
    ballots = Counter(record[1] for record in records)
    for choices in sorted(ballots):
        if not is_valid(choices, manifest, form):
            raise Wrong("records", f"A ballot is not valid: {choices}.", f"有无效选票：{choices}。")
    begin, digest = ("open-count-record\n{}\n".format(manifest["round"])).encode(), hashlib.sha256
    made = sorted(digest(begin + "\n".join(record).encode()).hexdigest() for record in records)
    if made != live:
        english, chinese = "are not those in the log", "与记录中的不符"
        missing, extra = Counter(live) - Counter(made), Counter(made) - Counter(live)
        raise Wrong(
            "commitments",
            f"The published ballots {english}: {sum(missing.values())} missing, {sum(extra.values())} foreign.",
            f"公布的选票{chinese}：缺 {sum(missing.values())}，多 {sum(extra.values())}。",
        )
    if form == "ballots":
        check_number(len(records), closed)
        return ballots
    given = Counter()
    for mark, times in ballots.items():
        given[mark.partition(":")[0]] += times
    for key in keys_of(manifest):
        check_number(given[key], closed)
    return ballots


def check_number(number, closed):
    if number != closed["ballots"]:
        raise Wrong(
            "ballots",
            "There are {} ballots; the closing entry says {}.".format(number, closed["ballots"]),
            "共有 {} 张选票；结束记录为 {} 张。".format(number, closed["ballots"]),
        )


def check_withheld(manifest, closed):
    """Sums alone are allowed as the manifest says; whether a pattern is unique, only the site can see."""
    early = manifest["publish"] == "aggregate" or needs_whole_ballots(manifest)
    if not early and closed["ballots"] >= manifest["fewest"]:
        raise Wrong(
            "withheld",
            "The choices are withheld, though {} ballots are enough to publish them.".format(closed["ballots"]),
            "共 {} 张选票，已够公布，选择却没有公布。".format(closed["ballots"]),
        )


def is_valid(choices, manifest, form):
    """Whether one ballot (or, mark by mark, what it gives one option) may look so."""
    kind, most = manifest["ballot"]["kind"], manifest["ballot"]["most"]
    if form == "marks":
        if not MARK(choices):
            return False
        key, points = map(int, choices.split(":"))
        if key > len(manifest["options"]):
            return False
        if kind == "knapsack" and points and manifest["options"][key - 1]["cost"] > manifest["budget"]:
            return False
        return points <= (most if kind == "cumulative" else 1)
    if not (SHARED if kind == "cumulative" else CHOSEN)(choices):
        return False
    given = shares(choices, kind)
    keys, count = [int(key) for key, _ in given], len(given)
    if len(set(keys)) < count or not all(key <= len(manifest["options"]) for key in keys):
        return False
    if kind != "ordinal" and keys != sorted(keys):
        return False
    if kind == "cumulative":
        return sum(points for _, points in given) <= most
    if kind == "knapsack":
        return sum(manifest["options"][key - 1]["cost"] for key in keys) <= manifest["budget"]
    return count <= (1 if kind == "choose-1" else count if kind == "approval" or most is None else most)


def shares(choices, kind):
    """What a choices text gives to whom: [(key, points)]; a ranking of n gives n to its first, 1 to its last."""
    parts = choices.split(",") if choices else []
    if kind == "cumulative" or ":" in choices:
        return [(key, int(points)) for key, _, points in (part.partition(":") for part in parts)]
    return [(part, len(parts) - place if kind == "ordinal" else 1) for place, part in enumerate(parts)]


def check_counts(bundle, manifest, closed, ballots):
    """The recounted votes or points by key."""
    counts = {option["key"]: 0 for option in manifest["options"]}
    for choices, times in ballots.items():
        for key, points in shares(choices, manifest["ballot"]["kind"]):
            counts[key] += points * times
    if closed["publish"] == "marks" and exceeds(counts, manifest, closed["ballots"]):
        raise Wrong("ballots", "There are more marks than so many ballots can carry.", "标记多于这些选票所能容纳的。")
    for key in sorted(set(counts) | set(bundle["counts"]), key=lambda key: (len(key), key)):
        if counts.get(key) != bundle["counts"].get(key):
            raise Wrong(
                "counts",
                "Option {}: {} were counted, {} are published.".format(key, counts.get(key), bundle["counts"].get(key)),
                "选项 {}：重算为 {}，公布为 {}。".format(key, counts.get(key), bundle["counts"].get(key)),
            )
    return counts


def exceeds(counts, manifest, ballots):
    """Whether marks, published singly, are more than `ballots` ballots may hold."""
    kind, most = manifest["ballot"]["kind"], manifest["ballot"]["most"]
    if kind == "knapsack":
        costs = {option["key"]: option["cost"] for option in manifest["options"]}
        return sum(costs[key] * times for key, times in counts.items()) > manifest["budget"] * ballots
    limit = {"choose-1": 1, "choose-k": most, "cumulative": most}.get(kind)
    return limit is not None and sum(counts.values()) > limit * ballots


def check_sums(bundle, manifest, closed, live):
    """The published votes or points by key, where nothing else is published; as far as they can be checked."""
    if "records" in bundle:
        raise Wrong(
            "records", "Ballots are listed, but the closing entry withholds them.", "结束记录不公布选票，清单却在。"
        )
    counts, ballots, kind = bundle["counts"], closed["ballots"], manifest["ballot"]["kind"]
    marks = sum(counts.values())
    each = len(manifest["options"]) if manifest["publish"] == "marks" else 1
    if live != each * ballots:
        raise Wrong("ballots", "The log has another number of ballots.", "记录中的选票数目不同。")
    if set(counts) != set(keys_of(manifest)):
        raise Wrong("counts", "The counts are not those of the options.", "合计与选项不符。")
    most, options = manifest["ballot"]["most"], len(counts)
    longest = min(most or options, options)
    each = {"cumulative": most, "ordinal": longest}.get(kind, 1)
    total = {"choose-1": 1, "choose-k": most, "cumulative": most, "ordinal": longest * (longest + 1) // 2}.get(
        kind, options
    )
    if marks > total * ballots or any(count > each * ballots for count in counts.values()):
        raise Wrong("counts", "The counts are more than so many ballots can give.", "合计多于这些选票所能给的。")
    return counts


def check_result(bundle, manifest, closed, ballots, counts, say):
    result, method = bundle["result"], manifest["method"]
    costs = {option["key"]: option["cost"] for option in manifest["options"]}
    winners, ties = result["winners"], result["ties"]
    if len(set(winners)) < len(winners) or not set(winners) <= set(costs):
        raise Wrong("result", "The winners are not options of this vote.", "胜出者不是本次投票的选项。")
    lots = lot_places(manifest, closed["seed"])
    if ballots is None and method["rule"] == "equalshares":
        if sum(costs[key] for key in winners) > manifest["budget"]:
            raise Wrong("result", "The winners cost more than the budget.", "胜出项目的费用超出预算。")
        say("The winners cannot be recounted without the ballots.", "没有选票，无法重算胜出者。")
    else:
        found, found_ties = count(manifest, method, counts, ballots, lots)
        if found != winners:
            raise Wrong(
                "result",
                f"By the rule {listed(found)} win, published are {listed(winners)}.",
                f"按规则胜出的是 {listed(found)}，公布的是 {listed(winners)}。",
            )
        if found_ties != ties:
            raise Wrong("result", "The ties are not those that were met.", "公布的平票与实际不符。")
        say(f"Counted by the rule: {listed(winners)} win.", f"按规则计算，胜出：{listed(winners)}。")
    for tie in ties:
        order = [lots.get(key) for key in tie]
        if len(tie) < 2 or None in order or order != sorted(set(order)) or len({counts[key] for key in tie}) > 1:
            raise Wrong("result", f"A tie is not one: {listed(tie)}.", f"平票不成立：{listed(tie)}。")
    if sum(costs[key] for key in winners) != result["total"]:
        raise Wrong("result", "The cost of the winners is added up wrongly.", "胜出项目的费用合计不对。")
    for option in manifest["options"]:
        title = option["title"]
        key, won = option["key"], "won / 胜出" if option["key"] in winners else ""
        english = "  {}. {}: {} {}".format(key, title.get("en") or next(iter(title.values())), counts[key], won)
        say(
            english.rstrip(),
            "  {}. {}：{}".format(key, title.get("zh-Hans") or next(iter(title.values())), counts[key]),
        )


def listed(keys):
    return ", ".join(keys) or "–"


def lot_places(manifest, seed):
    """The place of each option among the lots."""
    lots = {key: sha("\n".join(("open-count-lot", seed, key)).encode()) for key in keys_of(manifest)}
    return {key: place for place, key in enumerate(sorted(lots, key=lots.__getitem__))}


def keys_of(manifest):
    return [option["key"] for option in manifest["options"]]


# ---------- what a voter or a witness brings along


def read_head(text):
    """A head as JSON, or as the lines that were signed and then the signature."""
    try:
        head = json.loads(text)
    except (ValueError, RecursionError):
        lines = text.split()
        if len(lines) != 6 or lines[0] != "open-count-head" or not lines[2].isdigit() or len(lines[2]) > 15:
            raise Malformed("this is no head") from None
        head = {"size": int(lines[2]), "root": lines[3], "at": lines[4], "signature": lines[5]}
        round_uid = lines[1]
    else:
        round_uid = None
    if not is_head(head):
        raise Malformed("this is no head")
    return round_uid, head


def check_earlier(given, manifest, levels, leaves, say):
    round_uid, head = given
    if round_uid not in (None, manifest["round"]):
        raise Wrong("earlier", "That head is of another vote.", "该记录指纹属于另一次投票。")
    if not PublicKey(manifest["key"]).signed(head_text(manifest["round"], head), head["signature"]):
        raise Wrong(
            "earlier",
            "The signature of that head does not fit this vote's key.",
            "该记录指纹的签名与本次投票的密钥不符。",
        )
    if not 1 <= head["size"] <= leaves or root(levels, head["size"]) != head["root"]:
        raise Wrong(
            "earlier",
            "The log was changed after the head of {} with {} entries was signed. That head is the proof.".format(
                head["at"], head["size"]
            ),
            "{} 签名（{} 条）之后记录被改过，该指纹就是证据。".format(head["at"], head["size"]),
        )
    say(
        "The log still begins as the head of {} says ({} entries).".format(head["at"], head["size"]),
        "记录开头与 {} 的指纹（{} 条）相同。".format(head["at"], head["size"]),
    )


def read_receipt(text):
    """Round, code, commitments and signature of a receipt, as printed."""
    lines = [re.sub(r"\s", "", line) for line in text.splitlines()]
    lines = [line for line in lines if line]
    if "open-count-receipt" in lines:
        lines = lines[lines.index("open-count-receipt") :]
    good = len(lines) >= 5 and lines[0] == "open-count-receipt" and HEX32(lines[1]) and CODE(lines[2])
    if not good or not HEX128(lines[-1]) or not all(map(HEX64, lines[3:-1])):
        raise Malformed("this is no receipt")
    return lines[1], lines[2], lines[3:-1], lines[-1]


def check_receipt(receipt, bundle, manifest, records, superseded, say):
    round_uid, code, commitments, signature = receipt
    if round_uid != manifest["round"]:
        raise Wrong("receipt", "The receipt is of another vote.", "回执属于另一次投票。")
    if not PublicKey(manifest["key"]).signed(
        "\n".join(("open-count-receipt", round_uid, code, *commitments)), signature
    ):
        raise Wrong("receipt", "The signature of the receipt is wrong.", "回执的签名不对。")
    gone = set(superseded.values())
    live = {commitment for index, commitment in records.items() if index not in gone}
    if live.issuperset(commitments):
        check_shown(code, commitments, bundle, manifest)
        say("The ballot of the receipt is in the log and was counted.", "回执上的选票在记录中并已计入。")
    elif set(records.values()).issuperset(commitments):
        say(
            "The ballot of the receipt is in the log; it was replaced or withdrawn before closing. Did you do that?",
            "回执上的选票在记录中，截止前已被替换或撤回。是您本人所为吗？",
        )
    else:
        raise Wrong(
            "receipt",
            "The site signed that it received this ballot, and it is not whole in the log. The receipt is the proof.",
            "网站签名确认收到这张选票，记录中却不完整或没有。回执就是证据。",
        )


def check_shown(code, commitments, bundle, manifest):
    """What is published beside the code is what the receipt promised."""
    if "records" not in bundle:
        return
    begin = "open-count-record\n{}\n".format(manifest["round"])
    shown = sorted(sha((begin + "\n".join(record)).encode()) for record in records_beside(code, bundle, manifest))
    if shown != sorted(commitments):
        raise Wrong(
            "receipt", "Beside the code stands another ballot than that of the receipt.", "编码旁的选票与回执不同。"
        )


def records_beside(code, bundle, manifest):
    """The records that are published for a code."""
    tags = [code]
    if manifest["publish"] == "marks":
        round_uid = manifest["round"]
        tags = [sha("\n".join(("open-count-tag", round_uid, code, key)).encode()) for key in keys_of(manifest)]
    places = [(bisect_left(bundle["records"], [tag]), tag) for tag in tags]
    return [
        bundle["records"][at] for at, tag in places if at < len(bundle["records"]) and bundle["records"][at][0] == tag
    ]


def show_code(code, bundle, manifest, closed, say):
    if closed["publish"] == "aggregate":
        say("The choices are withheld: nothing is published beside a code.", "选择不公布，编码旁没有内容。")
        return
    beside = records_beside(code, bundle, manifest)
    if not beside:
        raise Wrong("code", "Nothing is published beside this code.", "清单中没有这个编码。")
    marks = [mark for _, choices, _ in beside for mark in choices.split(",") if mark and not mark.endswith(":0")]
    if manifest["ballot"]["kind"] != "cumulative":
        marks = [mark.partition(":")[0] for mark in marks]
    if manifest["ballot"]["kind"] != "ordinal":
        marks.sort(key=lambda mark: int(mark.partition(":")[0]))
    said = listed(marks)
    say(f"Beside the code {code} stands: {said}", f"编码 {code} 旁公布的是：{said}")


# ---------- counting


def count(manifest, method, scores, ballots, lots):
    """Winners in the order they won, and the ties that lots decided.

    `scores`: votes or points by key; `ballots`: {choices text: how many}, only needed by Equal Shares.
    """
    costs = {option["key"]: option["cost"] for option in manifest["options"]}
    rivals = {key: set() for key in costs}
    for conflict in manifest["conflicts"]:
        for key in conflict:
            rivals[key].update(other for other in conflict if other != key)
    able = [key for key in costs if scores[key] >= max(1, method["threshold"])]
    order = sorted(able, key=lambda key: (-scores[key], lots[key]))
    if method["rule"] != "equalshares":
        return greedily(order, costs, manifest["budget"], scores, rivals, method["rule"])
    return EqualShares(manifest, method, scores, ballots, lots, order).outcome()


def greedily(order, costs, budget, scores, rivals, rule):
    """The greedy family: the best first, each funded if it fits; `rivals` exclude each other."""
    stops, stretches = rule in ("greedy-no-skip", "greedy-custom"), rule == "greedy-custom"

    def fits(key, left):
        return costs[key] <= left or (stretches and 5 * left >= 4 * costs[key])

    winners, ties, left, stopped = [], [], budget, False
    for _, equal in groupby(order, key=scores.__getitem__):
        if stopped:
            break
        equal = list(equal)
        free = [key for key in equal if not rivals[key] & set(winners)]
        free = free if stops else [key for key in free if costs[key] <= left]
        clash = any(rivals[key] & set(free) for key in free)
        together = sum(costs[key] for key in free) <= left and not clash
        if len(free) > 1 and not together and any(fits(key, left) for key in free):
            ties.append(free)
        for key in equal:
            if stopped or rivals[key] & set(winners):
                continue
            stopped = stops and costs[key] > left
            if fits(key, left):
                winners.append(key)
                left = max(0, left - costs[key])
    return winners, ties


class EqualShares:
    """The Method of Equal Shares, exactly; identical ballots are one group of voters."""

    def __init__(self, manifest, method, scores, ballots, lots, order):
        self.method, self.scores, self.lots, self.order = method, scores, lots, order
        self.budget = manifest["budget"]
        self.costs = {option["key"]: option["cost"] for option in manifest["options"]}
        kind = manifest["ballot"]["kind"]
        self.times, self.likes = [], []
        for choices, times in ballots.items():
            self.times.append(times)
            self.likes.append(dict(self._likes(choices, kind)))
        self.fans = {key: [] for key in order}
        for group, likes in enumerate(self.likes):
            for key in likes.keys() & self.fans.keys():
                if likes[key]:
                    self.fans[key].append((group, likes[key]))
        self.wanted = [key for key in order if self.fans[key]]

    def _likes(self, choices, kind):
        """Satisfaction by key: points; places below it in the ranking; otherwise the cost."""
        for key, points in shares(choices, kind):
            yield key, points if kind == "cumulative" else points - 1 if kind == "ordinal" else max(1, self.costs[key])

    def outcome(self):
        """Winners in the order they won, and the ties that lots decided."""
        voters, step = sum(self.times), self.method["increment"]
        if not voters:
            return [], []
        adds = self.method["completion"] != "none"
        share = self.budget // (voters * step) * step if adds else Fraction(self.budget, voters)
        won, ties = self.bought(share)
        while adds and not self._is_done(won):
            share += step
            more, more_ties = self.bought(share)
            if self._cost(more) > self.budget:
                break
            won, ties = more, more_ties
        if self.method["completion"] == "add1u":
            won = self._filled(won)
        return self._compared(won, ties) if self.method["comparison"] else (won, ties)

    def _is_done(self, won):
        rest = [key for key in self.wanted if key not in won]
        left = self.budget if not self.method["stop_exhaustive"] else self.budget - self._cost(won)
        return all(self.costs[key] > left for key in rest)

    def _cost(self, keys):
        return sum(self.costs[key] for key in keys)

    def bought(self, share):
        """What the voters buy if each holds `share`, in the order of buying, and the ties."""
        self.money = [Fraction(share)] * len(self.times)
        won, ties, prices = [], [], {key: Fraction(0) for key in self.wanted}
        while True:
            offers = []
            for key in sorted(prices, key=prices.__getitem__):
                if offers and prices[key] > min(offers)[0]:
                    break
                price = self._price(key)
                if price is None:
                    del prices[key]
                    continue
                prices[key] = price
                offers.append((price, self.costs[key], -self.scores[key], self.lots[key], key))
            if not offers:
                return won, ties
            price, cost, score, _, key = min(offers)
            equal = [offer[-1] for offer in sorted(offers) if offer[:3] == (price, cost, score)]
            if len(equal) > 1:
                ties.append(equal)
            for group, units in self.fans[key]:
                self.money[group] = max(Fraction(0), self.money[group] - price * units)
            del prices[key]
            won.append(key)

    def _price(self, key):
        """The lowest price of a unit at which the fans can pay for `key`; None where they cannot."""
        cost, classes, money, units = Fraction(self.costs[key]), {}, 0, 0
        if not cost:
            return cost
        for group, liking in self.fans[key]:
            has, times = self.money[group], self.times[group]
            if has:
                one = classes.setdefault(has / liking, [0, 0])
                one[0] += has * times
                one[1] += liking * times
                money, units = money + has * times, units + liking * times
        if not units or money < cost:
            return None
        for ratio in sorted(classes):
            price = cost / units
            if price <= ratio:
                return price
            cost, units = cost - classes[ratio][0], units - classes[ratio][1]
        return None

    def _filled(self, won):
        left, more = self.budget - self._cost(won), []
        for key in self.wanted:
            if key not in won and self.costs[key] <= left:
                more.append(key)
                left -= self.costs[key]
        return won + more

    def _compared(self, won, ties):
        rivals = {key: set() for key in self.costs}
        greedy, greedy_ties = greedily(self.order, self.costs, self.budget, self.scores, rivals, "greedy")
        gain = 0
        for times, likes in zip(self.times, self.likes):  # noqa: B905 (Python 3.8 knows no strict=)
            difference = sum(likes.get(key, 0) for key in greedy) - sum(likes.get(key, 0) for key in won)
            gain += times * ((difference > 0) - (difference < 0))
        return (greedy, greedy_ties) if gain > 0 else (won, ties)


# ---------- hashes, the tree of RFC 6962, signatures by RFC 8032


def sha(data):
    return hashlib.sha256(data).hexdigest()


def tree(leaves):
    """The hashes of the leaves (bytes), and above each full pair of nodes its own."""
    digest = hashlib.sha256
    levels = [[digest(b"\0" + leaf).digest() for leaf in leaves]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([digest(b"\1" + below[at] + below[at + 1]).digest() for at in range(0, len(below) - 1, 2)])
    return levels


def root(levels, size):
    """The root over the first `size` leaves."""
    node, end = None, size
    for height, level in enumerate(levels):
        if size >> height & 1:
            end -= 1 << height
            left = level[end >> height]
            node = left if node is None else hashlib.sha256(b"\1" + left + node).digest()
    return (node or hashlib.sha256().digest()).hex()


PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
TWIST = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ZERO = (0, 1, 1, 0)


class PublicKey:
    """A key that signatures are checked with; a key that is no point of the curve fits no signature."""

    def __init__(self, key):
        self.bytes = bytes.fromhex(key)
        point = decoded(self.bytes)
        self.table = point and multiples((PRIME - point[0], point[1], 1, PRIME - point[3]))

    def signed(self, text, signature):
        """Whether `signature` (hex) is that of `text` by this key."""
        start, rest = bytes.fromhex(signature[:64]), int.from_bytes(bytes.fromhex(signature[64:]), "little")
        if not self.table or rest >= ORDER:
            return False
        hashed = hashlib.sha512(start + self.bytes + text.encode("utf-8", "replace")).digest()
        times, point = int.from_bytes(hashed, "little") % ORDER, ZERO
        for shift in range(252, -1, -4):
            for _ in range(4):
                point = doubled(point)
            point = added(added(point, BASES[rest >> shift & 15]), self.table[times >> shift & 15])
        return encoded(point) == start


def added(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * TWIST * p[3] * q[3] % PRIME, 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def doubled(p):
    a, b = p[0] * p[0], p[1] * p[1]
    h, g = a + b, a - b
    e, f = h - (p[0] + p[1]) ** 2, 2 * p[2] * p[2] + g
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def multiples(point):
    """0 to 15 times a point."""
    found = [ZERO]
    for _ in range(15):
        found.append(added(found[-1], point))
    return found


def encoded(point):
    inverse = pow(point[2], PRIME - 2, PRIME)
    x, y = point[0] * inverse % PRIME, point[1] * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decoded(data):
    """The point that 32 bytes stand for, or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(TWIST * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if x * x % PRIME != square:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if x * x % PRIME != square or (not x and sign):
        return None
    x = PRIME - x if x & 1 != sign else x
    return x, y, 1, x * y % PRIME


BASES = multiples(decoded((4 * pow(5, PRIME - 2, PRIME) % PRIME).to_bytes(32, "little")))

if __name__ == "__main__":
    sys.exit(main())
