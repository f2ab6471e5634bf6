# at_venue.sh - runs the appliance by protocol against a venue of build/venue. Sourced after shell.sh.
#
#   need_venue NAME                  VENUE and CHECK name the binaries; finds $venue and $checker, or skips
#   venue_start NAME OPTION...       a venue in stepped time; its log is $work/NAME/log
#   $venue_words                     what `run` is told of it; the keys are in the environment
#   at_venue HOME WORD...            a whole run there
#   venue_end                        ends it in order
venue= checker= venue_pid=
need_venue() {
	venue=$(realpath "${VENUE:-build/venue}" 2>/dev/null) && [ -x "$venue" ] || { skip "$1" "no build/venue here; make builds it"; close; }
	checker=$(realpath "${CHECK:-build/check}" 2>/dev/null) && [ -x "$checker" ] || { skip "$1" "no build/check here; make builds it"; close; }
	export APCA_API_KEY_ID=PKSIM APCA_API_SECRET_KEY=sim-secret TICKWORK_DATA_KEY_ID=PKSIMDATA TICKWORK_DATA_SECRET_KEY=sim-data-secret
	trap '[ -z "$venue_pid" ] || kill -9 "$venue_pid" 2>/dev/null; clear_work' EXIT
}
venue_start() {
	place=$work/$1
	shift
	mkdir -p "$place"
	"$venue" --port-file "$place/port" --trust "$place/root.pem" --log "$place/log" "$@" >"$place/counts" 2>"$place/err" </dev/null &
	venue_pid=$! tries=600
	while [ $tries -gt 0 ] && [ ! -s "$place/port" ]; do sleep 0.05; tries=$((tries - 1)); done
	venue_words="--venue alpaca --venue-url https://localhost:$(cat "$place/port") --trust $place/root.pem --venue-time stepped"
}
at_venue() {
	home=$1
	shift
	# shellcheck disable=SC2086
	"$binary" run --layout appliance --home "$home" $venue_words "$@"
}
venue_end() {
	kill -TERM "$venue_pid" && wait "$venue_pid"
	venue_pid=
}
