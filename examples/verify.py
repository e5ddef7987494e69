#!/usr/bin/env python3
"""Recomputes the hash chains of a fleks ledger from its entries as JSON lines; nothing but Python 3 is needed.

    fleks export --format jsonl | python3 verify.py
    fleks history 42 --limit 1000 --format jsonl | python3 verify.py

Prints what does not fit and exits 8, or says that all is sound, with the digest that `fleks verify --checkpoint` prints.
docs/LEDGER-FORMAT.md specifies what is computed here.
"""

import hashlib
import json
import sys


def ends(entry_id):
    """Client and seq of an entry's id: 42-7 or 42-lesson-7."""
    parts = entry_id.split("-")
    return int(parts[0]), int(parts[-1])


def canonical(entry):
    """The sealed part of an entry, as bytes."""
    counterpart = ends(entry["counterpart"]) if entry["counterpart"] else (None, None)
    fields = [
        entry["client"]["id"],
        entry["unit"],
        ends(entry["id"])[1],
        entry["kind"],
        entry["direction"],
        entry["amount"],
        entry["balanceBefore"],
        entry["balanceAfter"],
        entry["staff"]["id"] if entry["staff"] else None,
        entry["method"],
        entry["note"],
        entry["reference"],
        ends(entry["reverses"])[1] if entry["reverses"] else None,
        *counterpart,
        entry["occurredAt"],
        entry["operator"],
    ]
    return compact(fields)


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def minor(amount):
    """An amount without its decimal mark, to add with."""
    return int(amount.replace(".", ""))


sys.stdin.reconfigure(encoding="utf-8")
accounts = {}
for line in sys.stdin:
    entry = json.loads(line)
    if "hash" in entry:  # an export also has lines about clients and staff
        accounts.setdefault((entry["client"]["id"], entry["unit"]), []).append(entry)

damages = count = 0
whole = True
heads = hashlib.sha256(b"fleks:checkpoint:1\n")
for (client, unit), entries in sorted(accounts.items(), key=lambda item: (item[0][0], item[0][1].encode())):
    entries.sort(key=lambda entry: ends(entry["id"])[1])
    count += len(entries)
    seq, balance, chain = 0, 0, hashlib.sha256(f"fleks:1:{client}:{unit}".encode()).hexdigest()
    if ends(entries[0]["id"])[1] != 1:
        whole = False  # the list does not go back to the beginning: its first entry is taken as it stands
        seq, balance, chain = ends(entries[0]["id"])[1], minor(entries[0]["balanceAfter"]), entries.pop(0)["hash"]
    for entry in entries:
        moved = minor(entry["amount"]) * (1 if entry["direction"] == "IN" else -1)
        for wrong, what in (
            (ends(entry["id"])[1] != seq + 1, "does not follow the entry before it"),
            (minor(entry["balanceBefore"]) != balance, "does not begin where the entry before it ended"),
            (minor(entry["balanceBefore"]) + moved != minor(entry["balanceAfter"]), "does not add up"),
            (hashlib.sha256(bytes.fromhex(chain) + canonical(entry)).hexdigest() != entry["hash"], "has a wrong hash"),
        ):
            if wrong:
                damages += 1
                print(entry["id"], what)
        seq, balance, chain = ends(entry["id"])[1], minor(entry["balanceAfter"]), entry["hash"]
    heads.update(compact([client, unit, seq, chain]) + b"\n")

print(f"{count} entries of {len(accounts)} accounts:", f"{damages} damages" if damages else "all sound")
if whole and not damages:
    print("checkpoint", heads.hexdigest())
sys.exit(8 if damages else 0)
