# shellcheck shell=bash
# Shared by the scripts in ci/: where things are, what this machine has, how a preset is built. Sourced, never run.
#
# Builds go to <checkout>/build/<preset> where the checkout can be written, otherwise to a folder of the caller's own
# cache, so that a read-only clone, or one that belongs to somebody else, works the same. Paths may hold spaces.

rota_root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)

# What people read goes to stderr; stdout belongs to results.
say() { printf 'rota: %s\n' "$*" >&2; }
die() {
  local status=$1
  shift
  say "$*"
  exit "$status"
}

# A path as people read it: short where it is below the folder they are in.
shown() { realpath -m --relative-base="$PWD" -- "$1"; }

# Prints the folder that holds one build folder for each preset; ROTA_BUILD_ROOT overrides.
build_root() {
  if [[ -n ${ROTA_BUILD_ROOT:-} ]]; then
    realpath -m -- "$ROTA_BUILD_ROOT"
  elif is_writable "$rota_root/build"; then
    printf '%s\n' "$rota_root/build"
  else
    local path_hash cache
    path_hash=$(printf '%s' "$rota_root" | sha256sum)
    cache=$(own_cache) || return
    printf '%s/build-%s\n' "$cache" "${path_hash:0:12}"
  fi
}

# True when the folder can be written, or made and then written.
is_writable() {
  if [[ -e $1 ]]; then [[ -d $1 && -w $1 ]]; else [[ -w $(dirname -- "$1") ]]; fi
}

# The caller's cache folder. Users without a usable home (services, "nobody") get one below TMPDIR; there anybody may
# have made that name first, so it has to be ours.
own_cache() {
  local cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}
  if mkdir -p -- "$cache/rota" 2>/dev/null && [[ -w $cache/rota ]]; then
    printf '%s/rota\n' "$cache"
    return
  fi
  cache=${TMPDIR:-/tmp}/rota-$(id -u)
  mkdir -m 0700 -- "$cache" 2>/dev/null
  if [[ ! -O $cache || ! -w $cache || -L $cache ]]; then
    say "no folder to build in: set ROTA_BUILD_ROOT"
    return 75
  fi
  printf '%s\n' "$cache"
}

# How many compilers at once: one for each core, but no more than fit into memory (a compiler here takes up to 1 GiB).
build_jobs() {
  local cores fits
  cores=$(nproc)
  fits=$(awk '/^MemAvailable:/ {print int($2 / 1048576)}' /proc/meminfo)
  if ((${fits:-1} < cores)); then cores=${fits:-1}; fi
  printf '%s\n' "${ROTA_JOBS:-$((cores > 0 ? cores : 1))}"
}

# ROTA_UNITY=ON compiles several sources of a target as one, which takes half as long for a first build, and longer for any
# later one. Names in unnamed namespaces of one target must differ then.
#
# configure_and_build PRESET [TARGET…]: brings the preset's build up to date (everything, or the targets) and sets
# build_dir. The tools' output goes to <build_dir>.log and is shown only when they fail.
configure_and_build() {
  local targets="${*:2}"
  quietly "$1" "building $1${targets:+: $targets}" configure_and_compile "$@"
}

# configure_only PRESET: as above, without compiling.
configure_only() { quietly "$1" "configuring $1" configure "$1"; }

quietly() {
  local preset=$1 message=$2 log lock status=0
  build_dir=$(build_root)/$preset || return
  mkdir -p -- "$build_dir" || return
  log=$build_dir.log
  exec {lock}>"$build_dir.lock" || return
  flock "$lock" || return  # two scripts at once take turns in one build folder
  say "$message (log: $(shown "$log"))"
  "${@:3}" >"$log" 2>&1 || status=1
  exec {lock}>&-
  if ((status == 0)); then return; fi
  show_build_failure "$log"
  say "$message failed; the whole log: $(shown "$log")"
  return 1
}

configure_and_compile() { configure "$1" && compile "${@:2}"; }

configure() {
  local arguments=(--preset "$1" -S "$rota_root" -B "$build_dir" "-DCMAKE_CXX_COMPILER_LAUNCHER=$(compiler_launcher)"
    "-DCMAKE_UNITY_BUILD=${ROTA_UNITY:-OFF}" -DCMAKE_UNITY_BUILD_BATCH_SIZE=16)
  if is_foreign_build; then arguments+=(--fresh); fi
  (cd -- "$rota_root" && cmake "${arguments[@]}")
}

# A build folder that came along when its checkout was copied or moved; CMake refuses to use it.
is_foreign_build() {
  local cache=$build_dir/CMakeCache.txt
  [[ -f $cache ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$rota_root" "$cache"
}

# ccache speeds up a rebuild where it is installed and has a folder to write to; nothing needs it.
compiler_launcher() {
  local ccache
  ccache=$(command -v ccache) && is_writable "$(ccache --get-config cache_dir)" && printf '%s\n' "$ccache"
  return 0
}

compile() {
  local arguments=(--build "$build_dir" --parallel "$(build_jobs)")
  if (($# > 0)); then arguments+=(--target "$@"); fi
  cmake "${arguments[@]}"
}

# The part of a log that tells why: from the first failed step on, or else its end.
show_build_failure() {
  if grep -q '^FAILED: \|^CMake Error' "$1"; then
    sed -n '/^FAILED: \|^CMake Error/,$p' "$1" | head -n 80
  else
    tail -n 40 "$1"
  fi >&2
}
