# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# scripts/vm's initramfs: three uncompressed archives, one after the other,
# which is what the kernel unpacks fastest and what can be cached in parts.
#
#   base     busybox, the programs asked for and their libraries
#   modules  the modules of one kernel that tests may want, decompressed
#   run      the module under test, the added files, the command
#
# Needs no privilege: owners are set by cpio, and the devices are the
# kernel's.

# Programs every guest has beside busybox's, where this machine has them.
VM_PROGRAMS=(bash conntrack dash ethtool ip kmod nft nstat ss sysctl tc)

# Modules every guest can load. What a kernel lacks or has built in is left
# out.
VM_MODULES=(
	veth dummy tun ifb vrf macvlan bridge br_netfilter virtio_net pktgen
	nf_conntrack nf_conntrack_netlink nf_nat nfnetlink_log nfnetlink_queue
	nf_log_syslog nf_tables nft_chain_nat nft_compat nft_connlimit nft_ct
	nft_fib_inet nft_flow_offload nft_hash nft_limit nft_log nft_masq
	nft_nat nft_numgen nft_queue nft_quota nft_redir nft_reject_inet
	nft_reject_netdev nft_socket nft_synproxy nft_tproxy nf_flow_table_inet
	ip_tables iptable_filter iptable_nat iptable_raw ip6table_filter
	xt_conntrack xt_tcpudp xt_limit xt_nat ipt_REJECT
	ip_vs ip_vs_rr tcp_diag inet_diag unix_diag netlink_diag af_packet_diag
	sch_netem sch_tbf sch_fq sch_ingress cls_matchall cls_u32 cls_bpf
	act_mirred act_gact tls tcp_bbr
)

# pack DIR FILE: the same bytes from the same files, for --icount repeats
# exactly only if its initramfs does; and never half a file under its name.
pack()
{
	local tmp

	tmp=$(mktemp "$2.XXXXXX")
	find "$1" -exec touch -h -d @0 {} +
	# Archives of programs and kernels long gone.
	find "${2%/*}" -maxdepth 1 -name '*.cpio*' -mtime +14 -delete
	(cd "$1" && find . -mindepth 1 -print0 | LC_ALL=C sort -z |
		cpio -0 -o -H newc -R 0:0 --reproducible --quiet) >"$tmp"
	mv "$tmp" "$2"
}

is_elf()
{
	[[ $(head -c 4 "$1" 2>/dev/null | tr -d '\0') == $'\x7fELF' ]]
}

# libraries_of FILE...: paths of the shared objects, the loader included.
libraries_of()
{
	ldd "$@" 2>/dev/null |
		sed -nE 's|.*=> (/[^ ]+) .*|\1|p; s|^\t(/[^ ]+) \(.*|\1|p' |
		sort -u
}

# put FILE DIR [AS]: copies under the same path. /bin, /sbin and /lib are
# links into /usr in the guest, as on Debian.
put()
{
	local file=$1 root=$2 as=${3:-$1}

	case $as in
	/bin/*|/sbin/*|/lib/*|/lib64/*) as=/usr$as ;;
	esac
	mkdir -p "$root${as%/*}"
	cp -rLTp --no-preserve=ownership "$file" "$root$as"
}

# find_program NAME: Debian's own before any wrapper of it that this user has.
find_program()
{
	PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH:$CACHE/demo/usr/sbin \
		type -P "$1"
}

base_skeleton()
{
	local root=$1 dir

	mkdir -p "$root"/{dev,proc,sys,run,root,test,ko,.vm,etc,mnt,srv} \
		"$root"/usr/{bin,sbin,lib,lib64,local/bin,local/sbin} \
		"$root"/var/{lib,log,cache,tmp} "$root"/tmp
	chmod 1777 "$root"/tmp "$root"/var/tmp
	for dir in bin sbin lib lib64; do
		ln -s "usr/$dir" "$root/$dir"
	done
	ln -s /run "$root/var/run"
	ln -s /run/lock "$root/var/lock"
	ln -s /proc/self/mounts "$root/etc/mtab"
	printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' \
		'daemon:x:1:1::/:/bin/false' \
		'www-data:x:33:33::/var/www:/bin/false' \
		'nobody:x:65534:65534:nobody:/nonexistent:/bin/false' \
		>"$root/etc/passwd"
	printf '%s\n' root:x:0: daemon:x:1: tty:x:5: www-data:x:33: \
		nogroup:x:65534: >"$root/etc/group"
	printf '%s\n' '127.0.0.1 localhost tcptrack' '::1 localhost' \
		>"$root/etc/hosts"
	echo 'hosts: files' >"$root/etc/nsswitch.conf"
}

# base_data ROOT: files without which the programs work, but speak in
# numbers.
base_data()
{
	local root=$1 file python

	for file in /etc/services /etc/protocols /etc/iproute2 \
		    /usr/share/iproute2 /usr/lib/tc /etc/ethertypes; do
		[[ ! -e $file ]] || put "$file" "$root"
	done
	if [[ -e $root/usr/bin/python3 ]]; then
		python=$(find_program python3 | xargs readlink -f)
		python=/usr/lib/${python##*/}
		put "$python" "$root"
		rm -rf "$root$python"/{test,idlelib,tkinter,ensurepip,lib2to3} \
			"$root$python"/config-* "$root$python/distutils"
		[[ ! -d /usr/lib/python3/dist-packages/yaml ]] ||
			put /usr/lib/python3/dist-packages/yaml "$root"
		find "$root$python" -name '*.so' -print0 |
			xargs -0 -r ldd 2>/dev/null |
			sed -nE 's|.*=> (/[^ ]+) .*|\1|p' | sort -u |
			while read -r file; do put "$file" "$root"; done
	fi
}

base_programs()
{
	local root=$1 prog file lib interp dir

	shift
	for prog; do
		file=$(find_program "$prog")
		# what the cache holds of a package goes where the package has it
		dir=$(dirname "${file#"$CACHE/demo"}")
		# and what this checkout has built, where a guest looks for it
		[[ $dir != "$TOP"/* ]] || dir=/usr/local/sbin
		put "$file" "$root" "$dir/$prog"
		if ! is_elf "$file"; then
			interp=$(sed -n '1s/^#! *\([^ ]*\).*/\1/p' "$file")
			[[ -z $interp ]] || put "$interp" "$root"
			file=${interp:-$file}
		fi
		while read -r lib; do
			put "$lib" "$root"
		done < <(libraries_of "$file")
	done
	ln -s dash "$root/usr/bin/sh"
	for prog in modprobe insmod rmmod lsmod depmod modinfo; do
		[[ ! -f $root/usr/bin/kmod ]] ||
			ln -sf ../bin/kmod "$root/usr/sbin/$prog"
	done
}

# base_busybox ROOT: an applet for every name that no real program has.
base_busybox()
{
	local root=$1 busybox name

	busybox=$(find_program busybox) ||
		die "busybox is not installed: run scripts/setup vm"
	[[ -z $(libraries_of "$busybox") ]] ||
		die "$busybox is not static: install busybox-static"
	put "$busybox" "$root" /usr/bin/busybox
	while read -r name; do
		[[ -e $root/usr/bin/$name || -L $root/usr/bin/$name ||
		   -e $root/usr/sbin/$name || -L $root/usr/sbin/$name ]] ||
			ln -s busybox "$root/usr/bin/$name"
	done < <("$busybox" --list)
}

# base_archive PROGRAM...: prints the archive's path, building it if a
# program or a library has changed since.
base_archive()
{
	local prog progs=() files=() file key archive root

	for prog in "${VM_PROGRAMS[@]}"; do
		! find_program "$prog" >/dev/null || progs+=("$prog")
	done
	for prog; do
		find_program "$prog" >/dev/null ||
			die "--prog $prog: this machine has no such program"
		progs+=("$prog")
	done
	mapfile -t progs < <(printf '%s\n' "${progs[@]}" | sort -u)
	for prog in "${progs[@]}" busybox; do
		file=$(find_program "$prog") && files+=("$file")
	done
	key=$(stat -L -c '%n %s %Y' "${files[@]}" /etc/ld.so.cache \
		"${BASH_SOURCE[0]}" | sha256sum | cut -c1-16)
	archive=$(cache_dir vm)/base-$key.cpio
	if [[ ! -f $archive ]]; then
		root=$(mktemp -d)
		base_skeleton "$root"
		base_programs "$root" "${progs[@]}"
		base_busybox "$root"
		base_data "$root"
		pack "$root" "$archive"
		rm -rf "$root"
	fi
	touch -c "$archive"
	printf '%s\n' "$archive"
}

# put_module FILE DIR: decompressed, since the guest unpacks it at a tenth
# of this machine's speed.
put_module()
{
	local file=$1 dir=$2 name

	mkdir -p "$dir"
	name=$(basename "$file")
	case $file in
	*.xz) xz -dc "$file" >"$dir/${name%.xz}" ;;
	*.zst) zstd -qdc "$file" >"$dir/${name%.zst}" ;;
	*.gz) gzip -dc "$file" >"$dir/${name%.gz}" ;;
	*) cp "$file" "$dir/$name" ;;
	esac
}

# module_archive KVER ROOT EXTRA...: the modules of ROOT/lib/modules/KVER.
module_archive()
{
	local kver=$1 from=$2 top key archive root file

	shift 2
	top=$from/lib/modules/$kver
	key=$({ echo "$from $kver $*"
		stat -L -c '%s %Y' "$top/modules.dep" "${BASH_SOURCE[0]}"
	} | sha256sum | cut -c1-16)
	archive=$(cache_dir vm)/modules-$kver-$key.cpio
	if [[ ! -f $archive ]]; then
		root=$(mktemp -d)
		mkdir -p "$root/usr/lib/modules/$kver"
		ln -s usr/lib "$root/lib"
		for file in modules.order modules.builtin \
			    modules.builtin.modinfo; do
			[[ ! -f $top/$file ]] ||
				cp "$top/$file" "$root/lib/modules/$kver/"
		done
		for file in "${VM_MODULES[@]}" "$@"; do
			/sbin/modprobe -d "${from:-/}" -S "$kver" -a -D \
				"$file" 2>/dev/null || :
		done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u |
		while read -r file; do
			put_module "$file" \
				"$root/lib/modules/$kver/kernel"
		done
		/sbin/depmod -b "$root" "$kver"
		rm "$root/lib"
		pack "$root" "$archive"
		rm -rf "$root"
	fi
	touch -c "$archive"
	printf '%s\n' "$archive"
}

# put_libraries ROOT FILE...: of added programs, wherever they are.
put_libraries()
{
	local root=$1 file lib

	shift
	for file; do
		is_elf "$file" || continue
		while read -r lib; do
			put "$lib" "$root"
		done < <(libraries_of "$file")
	done
}

# put_added ROOT SRC[:DST]: a destination that is not absolute is under
# /test, where the command runs.
put_added()
{
	local root=$1 src=${2%%:*} dst='' exes

	[[ $2 != *:* ]] || dst=${2#*:}
	[[ -e $src ]] || die "--add $src: there is no such file"
	[[ -n $dst ]] || dst=$(basename "$(readlink -f "$src")")
	[[ $dst != */ ]] || dst+=$(basename "$src")
	[[ $dst == /* ]] || dst=/test/$dst
	put "$src" "$root" "$dst"
	mapfile -d '' exes < <(find -L "$src" -type f -perm /111 -print0)
	put_libraries "$root" "${exes[@]}"
}
