# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What every script here needs. Sourced, never run; it changes nothing but
# the names it defines.

# The checkout, and what may be thrown away without losing work: kernels,
# initramfs archives, logs.
# shellcheck disable=SC2034 # the scripts that source this use it
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/tcptrack
CACHE=${TCPTRACK_CACHE:-$CACHE}
# shellcheck disable=SC2034 # used by the scripts that source this
PROG=${0##*/}

# Colours are for people: only on a terminal, and never against NO_COLOR.
if [[ -t 2 && -z ${NO_COLOR:-} ]]; then
	C_RED=$'\e[31m' C_BOLD=$'\e[1m' C_OFF=$'\e[0m'
else
	C_RED='' C_BOLD='' C_OFF=''
fi

note()
{
	printf '%s%s:%s %s\n' "$C_BOLD" "$PROG" "$C_OFF" "$*" >&2
}

die()
{
	printf '%s%s: %s%s\n' "$C_RED" "$PROG" "$*" "$C_OFF" >&2
	exit 1
}

# usage_from FILE: the comment block under a script's SPDX line is its manual.
usage_from()
{
	sed -n '3,/^[^#]/{/^#/!q; s/^# \{0,1\}//; p}' "$1"
}

need_cmd()
{
	local cmd
	for cmd; do
		command -v "$cmd" >/dev/null ||
			die "$cmd is not installed: run scripts/setup"
	done
}

cache_dir()
{
	local dir=$CACHE/$1

	mkdir -p "$dir" 2>/dev/null ||
		die "cannot create $dir: set TCPTRACK_CACHE to a directory you own"
	printf '%s\n' "$dir"
}

# installed_kernels: the releases with modules, oldest first.
installed_kernels()
{
	local dir

	for dir in /lib/modules/*/; do
		[[ -d $dir/kernel ]] && basename "$dir"
	done | sort -V
}

# resolve_kernel SPEC: a release name as it stands, or the newest installed
# one of a series such as 6.12.
resolve_kernel()
{
	local spec=$1 found

	if [[ -d /lib/modules/$spec ]]; then
		printf '%s\n' "$spec"
		return
	fi
	found=$(installed_kernels | awk -v s="$spec." 'index($0, s) == 1' |
		tail -n 1)
	[[ -n $found ]] ||
		die "no kernel $spec is installed (have: $(installed_kernels |
			paste -sd' ')); scripts/setup build installs 6.1 and 6.12"
	printf '%s\n' "$found"
}

# The source that the debug kernels are built from and whose checkpatch.pl and
# kernel-doc the sources are held to.
kernel_source_version()
{
	dpkg-query -W -f '${Version}' linux-source-6.12 2>/dev/null ||
		die "linux-source-6.12 is not installed: run scripts/setup debug"
}

# kernel_source: the unpacked source; unpacked first if it is not there yet.
kernel_source()
{
	local dir tmp tarball=/usr/src/linux-source-6.12.tar.xz

	dir=$(cache_dir src)/linux-source-6.12-$(kernel_source_version)
	if [[ ! -d $dir ]]; then
		[[ -f $tarball ]] || die "$tarball is missing: reinstall linux-source-6.12"
		note "unpacking linux-source-6.12"
		# Renamed when whole: a directory of that name is complete.
		tmp=$(mktemp -d "$dir.XXXXXX")
		tar -C "$tmp" --strip-components=1 -xf "$tarball"
		chmod 755 "$tmp"
		mv -T "$tmp" "$dir" 2>/dev/null || rm -rf "$tmp"
	fi
	printf '%s\n' "$dir"
}
