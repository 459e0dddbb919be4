"""Reads as the original did: every known id into a set, then line by line, appending what is new."""
import json
import resource
import sys
import time

source, target = sys.argv[1], sys.argv[2]
start = time.perf_counter()
known = set()
try:
    with open(target, encoding="utf-8") as lines:
        for line in lines:
            known.add(json.loads(line)["id"])
except FileNotFoundError:
    pass
with open(source, encoding="utf-8") as lines, open(target, "a", encoding="utf-8") as out:
    for line in lines:
        line = line.strip()
        if not line:
            continue
        record = json.loads(line)
        if record["id"] in known:
            continue
        known.add(record["id"])
        out.write(json.dumps(record) + "\n")
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    "ms": (time.perf_counter() - start) * 1000,
    "cpu": time.process_time() * 1000,
    "megabytes": round(used.ru_maxrss / 1024),
}))
