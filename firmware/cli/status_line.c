#include "firmware/cli/status_line.h"

#include "firmware/cli/print_json.h"
#include "firmware/cli/text.h"

#define LINE_CLEAR "\r\033[K"

void status_begin(struct status_line *line, struct out *out, uint32_t every, bool json)
{
	BUG_UNLESS(4225, every > 0);
	*line = (struct status_line){ .out = out, .every = every, .json = json, .shown_ns = INT64_MIN };
}

static void paint_level(struct out *out, uint32_t level)
{
	out_paint(out, level == 0 ? OUT_GREEN : level < 3 ? OUT_YELLOW : OUT_RED);
	out_format(out, "risk level %u", (unsigned)level);
	out_paint(out, OUT_PLAIN);
}

/* At most 79 characters with a NAV below a billion. */
static void print_text(struct out *out, const struct status *status)
{
	char day[TEXT_DAY_BYTES], usd[TEXT_USD_BYTES];
	out_format(out, "%s  NAV %s  drawdown %d.%02d %%  %u positions  %u orders  ", text_day(day, status->day),
	    text_usd(usd, status->nav_usd_e8), (int)(status->drawdown_bp / 100), (int)(status->drawdown_bp % 100),
	    (unsigned)status->positions, (unsigned)status->orders);
	paint_level(out, status->level);
}

static void print_object(struct out *out, const struct status *status)
{
	char              day[TEXT_DAY_BYTES];
	struct print_json print;
	struct json      *json = print_json_begin(&print);
	json_object_begin(json);
	json_key(json, "day");
	json_string(json, text_day(day, status->day));
	json_key(json, "nav_usd");
	json_e8(json, status->nav_usd_e8);
	json_key(json, "drawdown_pct");
	json_bp_pct(json, status->drawdown_bp);
	json_key(json, "positions");
	json_u64(json, status->positions);
	json_key(json, "orders");
	json_u64(json, status->orders);
	json_key(json, "risk_level");
	json_u64(json, status->level);
	json_object_end(json);
	print_json_end(&print, out);
}

static void draw(struct status_line *line)
{
	out_text(line->out, LINE_CLEAR);
	print_text(line->out, &line->last);
	out_flush(line->out);
	line->drawn = true;
}

static void print_line(struct status_line *line)
{
	if (line->json) print_object(line->out, &line->last);
	if (!line->json) print_text(line->out, &line->last);
	if (!line->json) out_text(line->out, "\n");
	out_flush(line->out);
}

void status_show(struct status_line *line, const struct status *status, int64_t now_ns)
{
	bool in_place = line->out->terminal && !line->json;
	line->last = *status;
	line->calls++;
	if (!in_place) {
		if (line->calls % line->every == 0) print_line(line);
	} else if (!line->drawn || now_ns - line->shown_ns >= STATUS_REDRAW_NS) {
		line->shown_ns = now_ns;
		draw(line);
	}
}

void status_end(struct status_line *line)
{
	if (line->calls == 0) return;
	if (line->drawn) {
		draw(line);
		out_text(line->out, "\n");
		out_flush(line->out);
	} else if (line->calls % line->every != 0) {
		print_line(line);
	}
	line->calls = 0;
	line->drawn = false;
}
