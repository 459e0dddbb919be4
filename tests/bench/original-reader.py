"""Imports as the original did: both files whole in memory, every line a dictionary, every known id in a set, then append."""
import json
import resource
import sys
import time
from pathlib import Path

source, target = Path(sys.argv[1]), Path(sys.argv[2])


def records_of(path):
    found = []
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in map(str.strip, lines):
        try:
            if line:
                found.append(json.loads(line))
        except json.JSONDecodeError:
            pass
    return found


start = time.perf_counter()
known = {record["id"] for record in records_of(target)}
new = []
for record in records_of(source):
    if record["id"] not in known:
        known.add(record["id"])
        new.append(record)
with open(target, "a", encoding="utf-8") as out:
    for record in new:
        out.write(json.dumps(record) + "\n")
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    "ms": (time.perf_counter() - start) * 1000,
    "cpu": time.process_time() * 1000,
    "megabytes": round(used.ru_maxrss / 1024),
}))
