#!/usr/bin/env bash
# A good guess: an .xz file may hold several streams one after the other, with padding of NUL bytes (a multiple of
#   four) between them; both are in the file format's specification, and `xz -dc` gives the content of all streams.
#   Python's lzma module says that it reads files of several streams.
# What really happens: lzma.open and lzma.LZMAFile take the padding for garbage behind the last stream. They give the
#   content of the first stream alone, without an error.
# Versions: CPython 3.11 (lzma of the standard library); xz-utils 5.4 to compare with.
# Seen: in a made-up file of two streams, while testing that a damaged second stream is refused.
# Why it matters here: of a filing packed in pieces, half of the contributions are never seen, and nothing says so.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 - "$work/padded.xz" <<'PYTHON'
import lzma
import sys

streams = [lzma.compress(f"row {number}\n".encode()) for number in (1, 2)]
with open(sys.argv[1], "wb") as handle:
    handle.write(b"\0\0\0\0".join(streams))
PYTHON

by_xz=$(xz -dc "$work/padded.xz" | wc -l)
by_python=$(python3 -c 'import lzma, sys; print(len(lzma.open(sys.argv[1]).read().splitlines()))' "$work/padded.xz")
python3 --version
xz --version | head -n 1
echo "lines read by xz: $by_xz, by Python's lzma: $by_python"
if [ "$by_xz" != 2 ] || [ "$by_python" != 1 ]; then
    echo "the behavior has changed" >&2
    exit 1
fi
echo "seen: two streams with padding between them; Python gives the first alone, without an error"
