/* The lines that show how far a run is, off a terminal and on one (a buffer that says it is one). */
#include "firmware/cli/progress.h"
#include "firmware/cli/status_line.h"
#include "tests/kit/test.h"
#include "tests/unit/firmware/cli/capture.h"

static char       text[CAPTURE_BYTES];
static struct out out;

static void begin(bool terminal)
{
	out_open(&out, memfd_create("out", 0));
	out.terminal = terminal;
}

static const char *end(void)
{
	out_flush(&out);
	capture_text(out.fd, text);
	return text;
}

TEST(t_P19_progress_is_json_lines_off_a_terminal)
{
	struct progress progress;
	begin(false);
	progress_begin(&progress, &out, "backtest", "days", 400, 0);
	progress_show(&progress, 50, NS_PER_S / 2);        /* too soon */
	progress_show(&progress, 100, NS_PER_S);
	progress_show(&progress, 110, NS_PER_S + 1);       /* too soon */
	progress_show(&progress, 500, 2 * NS_PER_S);       /* never past the end */
	progress_end(&progress);
	CHECK_STR(end(), "{\"progress\":\"backtest\",\"done\":100,\"total\":400,\"unit\":\"days\",\"elapsed_ms\":1000,\"eta_ms\":3000}\n"
	                 "{\"progress\":\"backtest\",\"done\":400,\"total\":400,\"unit\":\"days\",\"elapsed_ms\":2000,\"eta_ms\":0}\n");
}

TEST(t_P19_progress_is_redrawn_on_a_terminal)
{
	struct progress progress;
	begin(true);
	progress_begin(&progress, &out, "backtest", "days", 400, 0);
	progress_show(&progress, 0, NS_PER_S);
	progress_show(&progress, 100, 2 * NS_PER_S);
	progress_end(&progress);
	CHECK_STR(end(), "\r\033[Kbacktest    0 %  0 of 400 days  ETA ?\r\033[Kbacktest   25 %  100 of 400 days  ETA 6s\r\033[K");
}

static const struct status calm = { .nav_usd_e8 = 10234567 * (E8 / 100), .day = 16511, .drawdown_bp = 321, .positions = 5, .orders = 2 };

TEST(t_R1_status_line_every_so_many_days)
{
	struct status_line line;
	struct status      status = calm;
	begin(false);
	status_begin(&line, &out, 2, false);
	for (int i = 0; i < 3; i++, status.day++) status_show(&line, &status, i);
	status_end(&line);
	CHECK_STR(end(), "2015-03-18  NAV 102,345.67  drawdown 3.21 %  5 positions  2 orders  risk level 0\n"
	                 "2015-03-19  NAV 102,345.67  drawdown 3.21 %  5 positions  2 orders  risk level 0\n");
}

TEST(t_R1_status_line_is_redrawn_in_place)
{
	struct status_line line;
	struct status      status = calm;
	begin(true);
	status_begin(&line, &out, 21, false);
	status_show(&line, &status, 5);
	status.level = 3;
	status_show(&line, &status, 6);        /* too soon, but shown at the end */
	status_end(&line);
	CHECK_STR(end(), "\r\033[K2015-03-17  NAV 102,345.67  drawdown 3.21 %  5 positions  2 orders  risk level 0"
	                 "\r\033[K2015-03-17  NAV 102,345.67  drawdown 3.21 %  5 positions  2 orders  risk level 3\n");
}

TEST(t_R1_status_as_json)
{
	struct status_line line;
	begin(true);
	status_begin(&line, &out, 1, true);
	status_show(&line, &calm, 0);
	status_end(&line);
	CHECK_STR(end(), "{\"day\":\"2015-03-17\",\"nav_usd\":102345.67,\"drawdown_pct\":3.21,\"positions\":5,\"orders\":2,\"risk_level\":0}\n");
}
