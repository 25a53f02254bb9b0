"""Check a receipt of the sealed log: python3 check_receipt.py receipt.json [root-you-noted-down]"""

import hashlib
import json
import sys


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def root_of(receipt: dict) -> bytes:
    """RFC 9162, section 2.1.3.2: from the leaf, along the path, to the root."""
    index, last = receipt["position"], receipt["size"] - 1
    value = sha(b"\0" + receipt["event"].encode())
    for step in map(bytes.fromhex, receipt["path"]):
        if index & 1 or index == last:
            value = sha(b"\1" + step + value)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            value = sha(b"\1" + value + step)
        index, last = index >> 1, last >> 1
    return value if last == 0 else b""


receipt = json.load(open(sys.argv[1], encoding="utf-8"))
sound = root_of(receipt).hex() == (sys.argv[2] if len(sys.argv) > 2 else receipt["root"])
print("in the log" if sound else "NOT in the log:", receipt["event"])
sys.exit(not sound)
