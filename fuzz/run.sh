#!/bin/sh
# One fuzz target for some seconds: fuzz/run.sh TARGET [SECONDS]. The stable compiler is enough, and cargo-fuzz is not
# needed; its own commands work as well (`RUSTC_BOOTSTRAP=1 cargo fuzz run TARGET --sanitizer none`).
set -eu
target=$1
seconds=${2:-600}
cd "$(dirname "$0")"
# counters of code that was run, for the fuzzer; there is next to no unsafe code, so no sanitizer
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
export RUSTC_BOOTSTRAP=1
host=$(rustc -vV | sed -n 's/^host: //p')
# a target of its own name, or the flags would reach build scripts
cargo build --locked --release --target "$host" --bin "$target"
mkdir -p "target/corpus/$target" "target/artifacts/$target"
exec nice -n 15 "target/$host/release/$target" "target/corpus/$target" -artifact_prefix="target/artifacts/$target/" \
  -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=512 -max_len=65536 -print_final_stats=1
