# apt.sh - the machine's own package client, used without root and without touching its state. Sourced by fetch and tool.

apt_quiet='-q -o APT::Sandbox::User=root -o Debug::NoLocking=1'

# Every base address in the machine's apt sources, one a line (one-line and deb822 files).
apt_bases() {
	for apt_file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -r "$apt_file" ] && sed -n 's/^ *deb[a-z-]* *\(\[[^]]*\]\)\{0,1\} *\([^ ]*\).*/\2/p' "$apt_file"
	done
	for apt_file in /etc/apt/sources.list.d/*.sources; do
		[ -r "$apt_file" ] && sed -n 's/^URIs: *//p' "$apt_file" | tr ' ' '\n'
	done
}

# Private lists with source packages in folder $1; sets apt_options. The machine's own lists may be absent or have no deb-src.
apt_private() {
	apt_folder=$(cd "$1" && pwd) || return 1
	apt_options="$apt_quiet -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=$apt_folder/sources.d
		-o Dir::State::Lists=$apt_folder/lists -o Dir::Cache=$apt_folder/cache -o Acquire::Languages=none"
	[ -f "$apt_folder/ready" ] && return 0
	mkdir -p "$apt_folder/sources.d" "$apt_folder/lists/partial" "$apt_folder/cache/archives/partial"
	for apt_file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -r "$apt_file" ] && sed -n 's/^ *deb /deb /p; s/^ *deb /deb-src /p' "$apt_file"
	done > "$apt_folder/sources.d/machine.list"
	for apt_file in /etc/apt/sources.list.d/*.sources; do
		[ -r "$apt_file" ] && sed 's/^Types:.*/Types: deb deb-src/' "$apt_file" && echo
	done > "$apt_folder/sources.d/machine.sources"
	# A repository without source packages makes this fail in part; what is needed is asked for by hash or name afterwards.
	apt-get $apt_options update > "$apt_folder/update.log" 2>&1
	touch "$apt_folder/ready"
}
