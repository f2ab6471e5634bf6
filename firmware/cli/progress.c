#include "firmware/cli/progress.h"

#include "firmware/cli/print_json.h"
#include "firmware/cli/text.h"

/* Back to the left margin, and nothing right of it. */
#define LINE_CLEAR "\r\033[K"

void progress_begin(struct progress *progress, struct out *out, const char *what, const char *unit, uint64_t total,
    int64_t now_ns)
{
	BUG_UNLESS(4220, total > 0);
	*progress = (struct progress){ out, what, unit, total, now_ns, now_ns, false };
}

static int64_t to_go_ns(const struct progress *progress, uint64_t done, int64_t now_ns)
{
	double spent_ns = (double)(now_ns - progress->begun_ns);
	return (int64_t)(spent_ns / (double)done * (double)(progress->total - done));
}

static void draw(struct progress *progress, uint64_t done, int64_t now_ns)
{
	char span[TEXT_SPAN_BYTES] = "?";
	if (done > 0) text_span(span, to_go_ns(progress, done, now_ns));
	BUG_UNLESS(4221, progress->total > 0);
	out_format(progress->out, LINE_CLEAR "%s  %3u %%  %llu of %llu %s  ETA %s", progress->what,
	    (unsigned)(done * 100 / progress->total), (unsigned long long)done, (unsigned long long)progress->total, progress->unit, span);
	progress->drawn = true;
}

static void print_line(struct progress *progress, uint64_t done, int64_t now_ns)
{
	struct print_json print;
	struct json      *json = print_json_begin(&print);
	json_object_begin(json);
	json_key(json, "progress");
	json_string(json, progress->what);
	json_key(json, "done");
	json_u64(json, done);
	json_key(json, "total");
	json_u64(json, progress->total);
	json_key(json, "unit");
	json_string(json, progress->unit);
	json_key(json, "elapsed_ms");
	json_i64(json, (now_ns - progress->begun_ns) / NS_PER_MS);
	json_key(json, "eta_ms");
	if (done > 0) json_i64(json, to_go_ns(progress, done, now_ns) / NS_PER_MS); else json_null(json);
	json_object_end(json);
	print_json_end(&print, progress->out);
}

void progress_show(struct progress *progress, uint64_t done, int64_t now_ns)
{
	int64_t pause_ns = progress->out->terminal ? PROGRESS_REDRAW_NS : PROGRESS_LINE_NS;
	if (now_ns - progress->shown_ns < pause_ns) return;
	progress->shown_ns = now_ns;
	if (done > progress->total) done = progress->total;
	if (progress->out->terminal) draw(progress, done, now_ns); else print_line(progress, done, now_ns);
	out_flush(progress->out);
}

void progress_end(struct progress *progress)
{
	if (progress->drawn) out_text(progress->out, LINE_CLEAR);
	progress->drawn = false;
	out_flush(progress->out);
}
