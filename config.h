/* config.h - every number a person may change, on one page: value, bounds, unit, why. Edit, make, scp.
 *
 * CONFIG rows: name, value, min, max, unit, tighten, why.
 *   tighten says what HOME/tickwork.conf may do to the value on one machine without a new build:
 *   LOWER (may only be lowered), RAISE (may only be raised), FIXED (compile time only).
 * UNIVERSE rows: what may be traded, with its caps, costs and smallest unit.
 * This file includes nothing; it is proven by static asserts (fsm/settings.h) before anything else compiles. */
#ifndef CONFIG_H
#define CONFIG_H

// clang-format off
/* How much of the target weight each strategy gives: the setting share_NAME_bp, 0..10000, which a machine may lower. Together at most
 * 10000. A strategy of STRATEGIES (strategies/signals/signal.h) that has no row, or 0, is off: the analyst does not run it. */
#define SHARES(S, X)                                                                                                         \
	/*   strategy        value   why                                                                                     */ \
	S(X, momentum,        7000,  "share of the target that momentum gives")                                             \
	S(X, mean_reversion,  3000,  "share of the target mean reversion gives")                                            \
	S(X, bollinger,        0,  "off: shown by `tickwork signals`, not traded")                                           \
	S(X, volatility,       0,  "off")                                                                                    \
	S(X, pairs,            0,  "off: needs a short leg")                                                                 \
	S(X, pca,              0,  "off")                                                                                    \
	S(X, jump_diffusion,   0,  "off")                                                                                    \
	S(X, cross_sectional,  0,  "off")                                                                                    \
	S(X, carry,            0,  "off: needs a perpetual")                                                                 \
	S(X, rotation,         0,  "off")
#define SHARE_SETTING(X, strategy, value, why) X(share_##strategy##_bp, value, 0, 10000, "bp", LOWER, why)

#define CONFIG(X)                                                                                                            \
	/* name                      value      min       max  unit        tighten  why                                    */ \
	/* sizes */                                                                                                           \
	X(symbols_max,                  64,       16,      256, "n",        FIXED,   "universe of 15 + VIX; F&O engines later")   \
	X(orders_max,                 2048,     2000,     8192, "n",        FIXED,   "X12: 2,000 live orders")                   \
	X(executions_max,             8192,     1024,    65536, "n",        FIXED,   "execution ids kept against repeats")       \
	X(book_levels_max,              50,       50,       50, "n",        FIXED,   "P6: 50 levels a side")                     \
	X(ring_trades,               16384,    10000,    65536, "n",        FIXED,   "P7: 10,000 trades at least; power of two") \
	X(ring_orders,                2048,     1000,    65536, "n",        FIXED,   "P7: 1,000 orders at least; power of two")  \
	X(ring_fills,                 2048,     1000,    65536, "n",        FIXED,   "P7: 1,000 fills at least; power of two")   \
	X(ring_events,                1024,      256,    65536, "n",        FIXED,   "one cycle of 64 symbols x 7 strategies")   \
	X(ring_results,               8192,     1024,    65536, "n",        FIXED,   "desk to ledger: one full outbox many times") \
	X(bars_max,                  10240,      512,    16384, "n",        FIXED,   "40 years of days for each symbol")         \
	/* real money */                                                                                                     \
	X(live,                          0,        0,        1, "flag",     RAISE,   "R9: 1 lets run --live trade real money from this home") \
	/* money */                                                                                                           \
	X(initial_usd,              100000,     1000, 10000000, "USD",      FIXED,   "backtest convention")                      \
	X(cash_buffer_bp,              500,        0,     9000, "bp",       RAISE,   "R6: cash >= 5 % always reserved")          \
	X(leverage_max_bp,           15000,     1000,    15000, "bp",       LOWER,   "R6: leverage 1.5 at most")                 \
	X(trade_min_usd,               100,        1,    10000, "USD",      RAISE,   "R6: no trade below 100 USD")               \
	X(rebalance_band_bp,           200,        0,     5000, "bp",       RAISE,   "R6: no rebalance below 2 % of weight")     \
	X(trades_day_max,                5,        0,      100, "n",        LOWER,   "R6: 5 risk-adding trades a day")           \
	X(turnover_day_max_bp,        3000,        0,    20000, "bp",       LOWER,   "R6: 30 % of NAV a day")                    \
	X(day_trades_max,              100,        0,      100, "n",        LOWER,   "R8: 100 is off; 3 for a broker with the PDT rule") \
	X(wash_sale_guard,               0,        0,        1, "flag",     RAISE,   "R8: 1 refuses purchases that make a loss a wash sale") \
	X(day_trades_equity_usd,     25000,        0, 10000000, "USD",      RAISE,   "R8: from this NAV on day trades are not counted")  \
	X(order_children_max,            3,        1,      100, "n",        FIXED,   "R6, X3: orders for one wish of a symbol in a day") \
	X(desk_messages_per_min,       100,        1,    10000, "n/min",    FIXED,   "R6: risk stops here; exits have the venue's other half") \
	X(portfolio_volatility_bp,    1500,      100,     5000, "bp",       LOWER,   "R5: portfolio target volatility 15 %")     \
	X(kelly_fraction_bp,          5000,        0,    10000, "bp",       LOWER,   "R5: half of Kelly's bet, as its inputs are guesses") \
	X(kelly_sharpe_bp,            7000,        0,    30000, "bp",       LOWER,   "R5: Sharpe 0.7 (document 04 7.1) is the edge of a sure wish") \
	X(sentiment_max_bp,           5000,        0,    10000, "bp",       RAISE,   "R5: the worst news takes half of a wish")  \
	X(regime_high_vol_bp,         5000,        0,    10000, "bp",       LOWER,   "S3: part of a calmer day's wish above VIX 30") \
	X(correlation_pair_bp,        7000,        0,    10000, "bp",       LOWER,   "R3: a pair above 0.7 shares a lower cap")  \
	X(correlation_average_bp,     5000,        0,    10000, "bp",       LOWER,   "R3: held pairs above 0.5 on average: level 1") \
	X(correlation_all_bp,         8000,        0,    10000, "bp",       LOWER,   "R3: every held pair above 0.8: level 2")   \
	X(correlation_assets_min,        4,        2,       64, "n",        LOWER,   "R3: fewer held assets are pairs, not a book") \
	X(correlated_cap_bp,          7500,        0,    10000, "bp",       LOWER,   "R3: of two caps, for a pair that moves together") \
	X(capital_stage_bp,          10000,        1,    10000, "bp",       LOWER,   "T7: part of the capital in use: 10, 25, 50, 100 %") \
	X(dividend_min_bp,               3,        1,      100, "bp",       FIXED,   "below this a dividend is rounding noise")  \
	/* signals */                                                                                                         \
	X(momentum_high_bp,           1000,        1,    10000, "bp",       FIXED,   "S2: STRONG_BUY above, 60 days")            \
	X(momentum_low_bp,             200,        1,    10000, "bp",       FIXED,   "S2: BUY above")                            \
	X(momentum_negative_bp,        200,        1,    10000, "bp",       FIXED,   "S2: SELL below minus this")                \
	X(momentum_negative_high_bp,  1000,        1,    10000, "bp",       FIXED,   "S2: STRONG_SELL below minus this")         \
	SHARES(SHARE_SETTING, X)                                                                                           \
	X(signal_weight_bp,          10000,      100,    10000, "bp",       LOWER,   "a strong buy's wish before sizing: all of it")\
	X(confidence_min_bp,          3000,        0,    10000, "bp",       RAISE,   "S1: only confident signals add risk")      \
	X(confidence_level1_bp,       6000,        0,    10000, "bp",       RAISE,   "R1: the threshold at risk level 1")        \
	X(signal_cycle_s,              180,      120,      180, "s",        FIXED,   "S1: every 2-3 min at the latest")          \
	/* risk */                                                                                                            \
	X(drawdown_level1_bp,          500,        1,    10000, "bp",       LOWER,   "R1: level 1 at 5 %")                       \
	X(drawdown_level2_bp,          800,        1,    10000, "bp",       LOWER,   "R1: level 2 at 8 %")                       \
	X(drawdown_level3_bp,         1200,        1,    10000, "bp",       LOWER,   "R1: level 3 at 12 %")                      \
	X(drawdown_level4_bp,         1500,        1,    10000, "bp",       LOWER,   "R1: level 4 at 15 %")                      \
	X(reduce_level2_bp,           2500,        1,    10000, "bp",       RAISE,   "R1: level 2 sells 25 % of each position")  \
	X(reduce_level3_bp,           5000,        1,    10000, "bp",       RAISE,   "R1: level 3 sells 50 % of each position")  \
	X(quiet_days,                    5,        1,       60, "sessions", RAISE,   "R4: quiet sessions before re-entry")       \
	X(reentry_step_bp,            2500,      100,    10000, "bp",       LOWER,   "R4: 25 %, then 25 % more a week")          \
	X(reentry_leverage_bp,       10000,        0,    15000, "bp",       LOWER,   "R4: leverage 1.0 in recovery")             \
	X(review_sessions,              21,        1,      252, "sessions", RAISE,   "levels 2, 3 held this long ask for review")\
	X(unacknowledged_sessions,       5,        1,       60, "sessions", LOWER,   "R9: a review nobody acknowledges: no new risk") \
	X(stop_cooldown_sessions,       10,        0,      252, "sessions", RAISE,   "R2: no re-entry this soon after a stop")   \
	X(stop_atr_bp,            10000000,    10000, 10000000, "bp",       LOWER,   "R2: the exit stop in ATR-14s, where that is less; 1,000: off") \
	X(price_stale_sessions,          5,        1,       20, "sessions", LOWER,   "no new risk on an older price")            \
	X(price_stale_s,              1800,       60,    86400, "s",        LOWER,   "O4: a stream silent this long in an open session") \
	X(health_period_ms,           5000,     5000,    10000, "ms",       LOWER,   "R7: positions are looked at every 5-10 s")\
	X(health_stop_near_bp,         200,        1,     2000, "bp",       RAISE,   "R7: a warning this close to a stop")       \
	X(health_volatile_bp,        20000,    10000,   100000, "bp",       LOWER,   "R7: a word at twice the asset's target volatility") \
	X(health_var_share_bp,        5000,      500,    10000, "bp",       LOWER,   "R7: a word at half of the book's risk in one asset") \
	/* orders */                                                                                                          \
	X(order_timeout_ms,          10000,      500,    60000, "ms",       LOWER,   "no word of the venue: ask (UNKNOWN)")      \
	X(order_retire_s,              300,       60,     3600, "s",        FIXED,   "X12: terminal orders retired after 5 min") \
	X(venue_requests_per_min,      200,       10,    10000, "n/min",    LOWER,   "X4: Alpaca's limit until it says another") \
	X(venue_connects_per_min,       30,        2,      600, "n/min",    LOWER,   "X5: no reconnect storm: of each connection") \
	X(venue_reconcile_s,            60,        5,     3600, "s",        LOWER,   "X10: positions and cash compared this often") \
	X(venue_dead_after_ms,       10000,      100,   120000, "ms",       RAISE,   "X2: a request this old takes effect no more") \
	X(recovery_cancel_entries,       1,        0,        1, "flag",     RAISE,   "X11: entries not executed are cancelled")  \
	X(rescue_cancels,                1,        0,        1, "flag",     RAISE,   "R9: the rescue cancels all by itself, or on halt") \
	X(recovery_tries_max,            6,        1,     1000, "n",        LOWER,   "X11: timeouts before people are told")     \
	X(reconcile_cash_cents,          0,        0,    10000, "cents",    LOWER,   "X10: cash may differ by a venue's rounding") \
	/* data */                                                                                                            \
	X(bar_jump_max_bp,            5000,      100,    50000, "bp",       LOWER,   "D3: a jump over 50 % is quarantined")      \
	X(market_open_delay_s,           60,       1,    1800, "s",        FIXED,   "D5: an open is read when it has printed")\
	X(market_close_delay_s,         300,       1,    3600, "s",        FIXED,   "D5: a close is read when it is official")\
	X(market_again_max,               3,       0,      60, "n",        FIXED,   "D5: how often a missing bar is asked for again")\
	X(price_period_ms,             1000,      10,   60000, "ms",       FIXED,   "D5: a price of the stream once in this time")\
	X(quote_spread_max_bp,           50,       1,    1000, "bp",       LOWER,   "D5: a wider quote is no price")          \
	X(stream_idle_s,                 60,       5,    3600, "s",        LOWER,   "D5: a stream without news this long is opened anew")\
	/* paper venue */                                                                                                     \
	X(paper_delay_s,                60,        0,     1800, "s",        FIXED,   "T3: a market order takes 1 min")           \
	X(paper_slippage_base_bp,        5,        0,      100, "bp",       FIXED,   "T3: base slippage")                        \
	X(paper_slippage_vol_bp,      1000,        0,    10000, "bp",       FIXED,   "T3: 0.1 of the one-day volatility")        \
	X(paper_size_threshold_usd,  10000,        0,  1000000, "USD",      FIXED,   "T3: above this, size costs")               \
	X(paper_size_bp_per_10k,         2,        0,      100, "bp",       FIXED,   "T3: more slippage for each 10,000 USD")    \
	X(paper_volume_max_bp,         100,        1,    10000, "bp",       FIXED,   "T3: one fill takes 1 % of a day's volume") \
	/* journal */                                                                                                         \
	X(journal_segments,              8,        2,       64, "n",        FIXED,   "segments in the circle of a run")          \
	X(journal_segment_kib,        8192,     2048,    65536, "KiB",      FIXED,   "one snapshot and a year of days")          \
	X(state_hash_every,           1024,        1,    65536, "inputs",   FIXED,   "RESULTs carry a state hash this often")    \
	/* processes */                                                                                                       \
	X(heartbeat_ms,              30000,     1000,    30000, "ms",       LOWER,   "P2: due every 30 s at most")               \
	X(term_grace_ms,             10000,     1000,    30000, "ms",       LOWER,   "P4: TERM, 10 s, KILL")                     \
	X(progress_tick_s,              60,        1,      300, "s",        LOWER,   "P2: a TICK that a worker has and does not do") \
	X(progress_news_s,             150,       90,      300, "s",        LOWER,   "P2: an open market's stream without news") \
	X(progress_venue_s,            240,      120,      300, "s",        LOWER,   "P2: a driver that hears and tries nothing") \
	X(progress_books_s,            120,        1,      300, "s",        LOWER,   "P2: a journal that does not come into the books") \
	X(progress_operator_s,          30,        1,      300, "s",        LOWER,   "P2: a command of the operator without an answer") \
	X(hardware_watchdog_s,          60,       10,      300, "s",        FIXED,   "P3: unfed this long, the machine is reset") \
	X(hardware_fed_while_held,       1,        0,        1, "flag",     FIXED,   "P3: 0 resets it for a process held down") \
	X(memory_free_mib,              64,        1,   100000, "MiB",      RAISE,   "O4: with less free, no new risk: a part may not come back") \
	X(credits_always,                0,        0,        1, "flag",     RAISE,   "P3: a burstable machine that does not say so") \
	X(credits_hour,                 12,        1,      500, "credits",  LOWER,   "P3: CPU credits earned an hour (t3.micro)") \
	X(credits_max,                 144,        1,    12000, "credits",  LOWER,   "P3: more are not counted on")           \
	X(credits_unlimited,             0,        0,        1, "flag",     FIXED,   "P3: 1: at 0 the machine goes on, and costs") \
	X(credits_reports,              24,        2,    12000, "credits",  RAISE,   "P3: below this, day reports wait")      \
	X(credits_copies,               12,        1,    12000, "credits",  RAISE,   "P3: below this, copies of the books wait") \
	X(credits_back,                  6,        1,     1000, "credits",  RAISE,   "P3: what waits goes on so far above")   \
	X(boot_grace_ms,             60000,     1000,   600000, "ms",       FIXED,   "a boot that neither ends nor beats is hung")\
	X(backoff_first_ms,            100,        1,    10000, "ms",       FIXED,   "P3: first restart at once, second after this")\
	X(backoff_most_ms,           30000,      100,   600000, "ms",       FIXED,   "P3: the backoff doubles up to this")   \
	X(restarts_hour_max,            10,        0,     1000, "n",        FIXED,   "P3: more deaths in an hour: held down")\
	X(healthy_s,                    60,        1,     3600, "s",        FIXED,   "P3: ready this long: the backoff starts anew")\
	X(drain_max,                   512,      128,     1024, "n",        FIXED,   "events of one queue a worker takes a turn")\
	X(ledger_heap_kib,            4096,     1024,    65536, "KiB",      FIXED,   "SQLite's whole memory")                    \
	X(books_copy_s,               3600,       60,    86400, "s",        FIXED,   "HOME/books-copy.db for people this often") \
	X(loop_arena_kib,              128,       64,     1024, "KiB",      FIXED,   "libev's whole memory")                     \
	X(stack_kib,                   256,      192,     8192, "KiB",      FIXED,   "stack of a process, taken whole; Linux begins with 132")\
	X(budget_all_kib,           262144,    65536,   786432, "KiB",      FIXED,   "everything, of 1 GiB")                 \
	X(log_files,                    31,        4,       99, "n",        FIXED,   "P8: files of HOME/log, a month of quiet days")\
	X(log_file_kib,                256,       64,     4096, "KiB",      FIXED,   "P8: 1,023 records a file")\
	X(log_day_kib,                4096,       64,    65536, "KiB",      FIXED,   "P8: the most a day may write; half of the files")\
	X(blackbox_deaths,              12,        2,      256, "n",        FIXED,   "P3: deaths kept in HOME/blackbox, 0.75 MiB each; a crash loop is 11")\
	X(clock_earliest_yyyymmdd, 20261101, 20260101, 20451231, "day",     FIXED,   "P12: an earlier wall clock is wrong")  \
	X(clock_tolerance_s,             5,        1,      300, "s",        LOWER,   "P12: this machine's clock against a venue's") \
	X(home_room_mib,                64,        1,   100000, "MiB",      RAISE,   "P12: a warning with less beside the journal")

/* What may be traded (D1). cap, volatility, half, exit and costs in basis points; lot in 1e-8 units.
 * GLD 10-12 % and BTC 20-25 %: the lower end is used. Extended assets: the document gives a cap only, the rest is the default. */
#define UNIVERSE(X)                                                                                                          \
	/* symbol     calendar  class   cap   vol   half  exit  commission slippage  lot_e8     what                         */ \
	X("GLD",      NYSE,     HAVEN,  5000, 1000, 1200, 1800, 10,        5,        100000000, "gold")                         \
	X("SPY",      NYSE,     ETF,    4000, 1500, 1200, 1800, 10,        5,        100000000, "S&P 500")                      \
	X("QQQ",      NYSE,     ETF,    3000, 1800, 1200, 1800, 10,        5,        100000000, "Nasdaq 100")                   \
	X("BTC-USD",  CRYPTO,   CRYPTO, 1500, 2000, 1200, 1800, 10,        15,       10000,     "bitcoin")                      \
	X("SLV",      NYSE,     ETF,    1500, 1500, 1200, 1800, 10,        5,        100000000, "silver")                       \
	X("XLK",      NYSE,     ETF,    2000, 1500, 1200, 1800, 10,        5,        100000000, "technology")                   \
	X("XLF",      NYSE,     ETF,    1500, 1500, 1200, 1800, 10,        5,        100000000, "finance")                      \
	X("XLE",      NYSE,     ETF,    1500, 1500, 1200, 1800, 10,        5,        100000000, "energy")                       \
	X("XLV",      NYSE,     ETF,    1500, 1500, 1200, 1800, 10,        5,        100000000, "health care")                  \
	X("TLT",      NYSE,     HAVEN,  3000, 1500, 1200, 1800, 10,        5,        100000000, "long bonds")                   \
	X("TIP",      NYSE,     ETF,    1500, 1500, 1200, 1800, 10,        5,        100000000, "inflation-linked bonds")       \
	X("EFA",      NYSE,     ETF,    2000, 1500, 1200, 1800, 10,        5,        100000000, "developed markets")            \
	X("EEM",      NYSE,     ETF,    1500, 1500, 1200, 1800, 10,        5,        100000000, "emerging markets")             \
	X("DBC",      NYSE,     ETF,    1500, 1500, 1200, 1800, 10,        5,        100000000, "commodities")                  \
	X("VNQ",      NYSE,     ETF,    1500, 1500, 1200, 1800, 10,        5,        100000000, "real estate")                  \
	X("VIX",      NYSE,     INDEX,     0,    0,    0,    0,  0,        0,        100000000, "volatility index, not traded")

/* Recorded series whose prices hold the dividends already from a day on: none are derived after it. */
#define TOTAL_RETURN_AFTER(X)                                                                                                \
	/* symbol     year  month day  why                                                                                */ \
	X("TIP",      2020, 12,   11,  "its source changes to a total-return series")
// clang-format on

#endif
