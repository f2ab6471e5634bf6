/* books_schema.h - every table, view and statement of the books, in one place to read.
 *
 * Money, price and quantity are INTEGERs with eight decimals (*_e8), so that the books add up exactly; the views at the end show the
 * same rows to people as REAL, with the column names of document 04 section 5.2. Instants are t_ns, days since 1970-01-01 are
 * `day`, shares are basis points (*_bp).
 * id = input sequence * 65536 + slot: the input (slot 0) or the output (index + 1) of the desk that a row comes from. It rises
 * with time, a repeat hits the same row and changes nothing, and `id > x` needs no index. The quarantine comes from the feed,
 * which numbers apart: its rows are told apart by what they say, and their id is one more than the last of the desk's.
 * Identifiers and hashes of 64 bits are stored as signed numbers.
 * Rows O1, T4, P9. */
#ifndef HAL_STORE_BOOKS_SCHEMA_H
#define HAL_STORE_BOOKS_SCHEMA_H

/* Written into the file's header: a file of another program, or of another shape, is refused and never changed. */
#define BOOKS_APPLICATION_ID 0x7469636b        /* "tick" */
#define BOOKS_SCHEMA_VERSION 3

// clang-format off
#define BOOKS_ORDER_COLUMNS                                                                                              \
	"order_id INTEGER PRIMARY KEY, id INTEGER NOT NULL, created_t_ns INTEGER NOT NULL, t_ns INTEGER NOT NULL,"        \
	"venue_id INTEGER, symbol TEXT, side TEXT, order_type TEXT, time_in_force TEXT, reason TEXT, reduce_only INTEGER," \
	"state TEXT, qty_e8 INTEGER, filled_qty_e8 INTEGER, limit_px_e8 INTEGER, average_px_e8 INTEGER,"                   \
	"fee_usd_e8 INTEGER, decided_px_e8 INTEGER, sent_ns INTEGER, retries INTEGER"

#define BOOKS_TABLES                                                                                                     \
	"CREATE TABLE cursor(one INTEGER PRIMARY KEY CHECK(one = 1), journal_id INTEGER NOT NULL, seq INTEGER NOT NULL,"   \
	" idx INTEGER NOT NULL, orders_bytes INTEGER NOT NULL, signals_bytes INTEGER NOT NULL, fills_bytes INTEGER NOT NULL," \
	" initial_usd_e8 INTEGER NOT NULL);"                                                                              \
	"CREATE TABLE portfolio_state(id INTEGER PRIMARY KEY, t_ns INTEGER, day INTEGER, session INTEGER, nav_usd_e8 INTEGER," \
	" cash_usd_e8 INTEGER, positions_json TEXT, weights_json TEXT, unrealized_usd_e8 INTEGER, cost_basis_usd_e8 INTEGER," \
	" realized_usd_e8 INTEGER, fees_usd_e8 INTEGER, dividends_usd_e8 INTEGER, peak_nav_usd_e8 INTEGER,"                \
	" reserved_usd_e8 INTEGER, turnover_usd_e8 INTEGER, drawdown_bp INTEGER, level INTEGER, recovery_weeks INTEGER,"   \
	" regime TEXT);"                                                                                                  \
	"CREATE TABLE positions(symbol TEXT PRIMARY KEY, id INTEGER, t_ns INTEGER, day INTEGER, qty_e8 INTEGER,"           \
	" cost_usd_e8 INTEGER, realized_usd_e8 INTEGER, px_e8 INTEGER, fees_usd_e8 INTEGER, dividends_usd_e8 INTEGER,"     \
	" reserved_qty_e8 INTEGER, stop_state INTEGER) WITHOUT ROWID;"                                                     \
	"CREATE TABLE risk_state(one INTEGER PRIMARY KEY CHECK(one = 1), id INTEGER, t_ns INTEGER, day INTEGER, level INTEGER," \
	" peak_nav_usd_e8 INTEGER, nav_usd_e8 INTEGER, drawdown_bp INTEGER, recovery_week INTEGER, regime TEXT);"          \
	"CREATE TABLE trade_history(id INTEGER PRIMARY KEY, t_ns INTEGER, symbol TEXT, action TEXT, quantity_e8 INTEGER,"  \
	" price_e8 INTEGER, commission_usd_e8 INTEGER, realized_pnl_usd_e8 INTEGER, reason TEXT, order_id INTEGER,"        \
	" execution_id INTEGER, remaining_qty_e8 INTEGER);"                                                                \
	"CREATE TABLE risk_events(id INTEGER PRIMARY KEY, t_ns INTEGER, from_state TEXT, state TEXT, level INTEGER,"      \
	" trigger_reason TEXT, actions_taken TEXT, resolved INTEGER NOT NULL DEFAULT 0, nav_usd_e8 INTEGER,"               \
	" peak_nav_usd_e8 INTEGER, drawdown_bp INTEGER);"                                                                  \
	"CREATE TABLE signal_log(id INTEGER PRIMARY KEY, t_ns INTEGER, symbol TEXT, strategy TEXT, signal TEXT,"           \
	" confidence_bp INTEGER, target_weight_bp INTEGER, actual_weight_bp INTEGER, reason TEXT, regime TEXT, px_e8 INTEGER," \
	" volatility_e8 INTEGER, atr_e8 INTEGER, trace_id INTEGER, feature_hash INTEGER, bars_seen INTEGER,"               \
	" bars_needed INTEGER);"                                                                                          \
	"CREATE TABLE pending_orders(" BOOKS_ORDER_COLUMNS ");"                                                            \
	"CREATE TABLE order_history(" BOOKS_ORDER_COLUMNS ");"                                                             \
	"CREATE INDEX order_history_by_id ON order_history(id);"                                                           \
	"CREATE TABLE refusal_log(id INTEGER PRIMARY KEY, t_ns INTEGER, symbol TEXT, rule TEXT, side TEXT,"                \
	" wanted_qty_e8 INTEGER, allowed_qty_e8 INTEGER, target_bp INTEGER, current_bp INTEGER);"                          \
	"CREATE TABLE quarantine_log(id INTEGER, t_ns INTEGER, symbol TEXT, fault TEXT, px_e8 INTEGER,"                    \
	" before_px_e8 INTEGER, PRIMARY KEY(t_ns, symbol, fault, px_e8)) WITHOUT ROWID;"                                     \
	"CREATE TABLE dividend_log(id INTEGER PRIMARY KEY, t_ns INTEGER, symbol TEXT, per_unit_e8 INTEGER);"               \
	"CREATE TABLE cash_log(id INTEGER PRIMARY KEY, t_ns INTEGER, day INTEGER, symbol TEXT, kind TEXT, usd_e8 INTEGER,"      \
	" activity_id INTEGER);"                                                                                            \
	"CREATE TABLE recovery_log(id INTEGER PRIMARY KEY, t_ns INTEGER, state TEXT, event TEXT, life INTEGER, asked INTEGER,"  \
	" found INTEGER, filled INTEGER, cancelled INTEGER);"                                                               \
	"CREATE TABLE reconcile_log(id INTEGER PRIMARY KEY, t_ns INTEGER, state TEXT, differences INTEGER, externals INTEGER,"  \
	" cash_difference_usd_e8 INTEGER, worst_qty_difference_e8 INTEGER, snapshot INTEGER);"                              \
	"CREATE TABLE regime_log(id INTEGER PRIMARY KEY, t_ns INTEGER, regime TEXT, vix_e8 INTEGER, is_proxy INTEGER);"

/* Why: what the health worker saw, and how each order came to its size (weights after each step, then quantities). */
#define BOOKS_REASONS                                                                                                    \
	"CREATE TABLE alert_log(id INTEGER PRIMARY KEY, t_ns INTEGER, symbol TEXT, alert TEXT, priority INTEGER, is_over INTEGER," \
	" px_e8 INTEGER, loss_bp INTEGER, stop_distance_bp INTEGER, volatility_bp INTEGER, var_bp INTEGER, var_share_bp INTEGER," \
	" weight_bp INTEGER, allowed_bp INTEGER);"                                                                         \
	"CREATE TABLE size_log(order_id INTEGER PRIMARY KEY, id INTEGER, symbol TEXT, wish_bp INTEGER, confidence_bp INTEGER," \
	" regime_bp INTEGER, sentiment_bp INTEGER, volatility_bp INTEGER, kelly_bp INTEGER, cap_bp INTEGER, correlation_bp INTEGER," \
	" room_bp INTEGER, risk_bp INTEGER, stage_bp INTEGER, ramp_bp INTEGER, move_qty_e8 INTEGER, cap_qty_e8 INTEGER,"      \
	" leverage_qty_e8 INTEGER, cash_qty_e8 INTEGER, turnover_qty_e8 INTEGER);"

#define BOOKS_TIME "datetime(t_ns / 1000000000, 'unixepoch') AS timestamp"
#define BOOKS_VIEWS                                                                                                      \
	"CREATE VIEW portfolio AS SELECT id, " BOOKS_TIME ", date(day * 86400, 'unixepoch') AS day, nav_usd_e8 / 1e8 AS nav," \
	" cash_usd_e8 / 1e8 AS cash, positions_json, weights_json, unrealized_usd_e8 / 1e8 AS unrealized_pnl,"             \
	" cost_basis_usd_e8 / 1e8 AS cost_basis, realized_usd_e8 / 1e8 AS realized_pnl, fees_usd_e8 / 1e8 AS fees,"        \
	" dividends_usd_e8 / 1e8 AS dividends, peak_nav_usd_e8 / 1e8 AS peak_nav, drawdown_bp / 1e4 AS drawdown, level,"   \
	" regime FROM portfolio_state;"                                                                                   \
	"CREATE VIEW holdings AS SELECT symbol, " BOOKS_TIME ", qty_e8 / 1e8 AS quantity, cost_usd_e8 / 1e8 AS cost_basis," \
	" px_e8 / 1e8 AS price, (qty_e8 / 1e8) * (px_e8 / 1e8) AS value, realized_usd_e8 / 1e8 AS realized_pnl,"           \
	" fees_usd_e8 / 1e8 AS fees, dividends_usd_e8 / 1e8 AS dividends FROM positions WHERE qty_e8 <> 0;"                \
	"CREATE VIEW risk_now AS SELECT " BOOKS_TIME ", level, peak_nav_usd_e8 / 1e8 AS peak_nav, nav_usd_e8 / 1e8 AS nav," \
	" drawdown_bp / 1e4 AS drawdown, recovery_week, regime FROM risk_state;"                                           \
	"CREATE VIEW trades AS SELECT id, " BOOKS_TIME ", symbol, action, quantity_e8 / 1e8 AS quantity,"                  \
	" price_e8 / 1e8 AS price, commission_usd_e8 / 1e8 AS commission, realized_pnl_usd_e8 / 1e8 AS realized_pnl, reason" \
	" FROM trade_history;"                                                                                            \
	"CREATE VIEW risk_changes AS SELECT id, " BOOKS_TIME ", level, trigger_reason, actions_taken, resolved,"           \
	" nav_usd_e8 / 1e8 AS nav, drawdown_bp / 1e4 AS drawdown FROM risk_events;"                                        \
	"CREATE VIEW signals AS SELECT id, " BOOKS_TIME ", symbol, signal, confidence_bp / 1e4 AS confidence,"             \
	" target_weight_bp / 1e4 AS target_weight, actual_weight_bp / 1e4 AS actual_weight, reason, strategy"              \
	" FROM signal_log;"                                                                                               \
	"CREATE VIEW open_orders AS SELECT order_id, " BOOKS_TIME ", symbol, side, qty_e8 / 1e8 AS quantity,"              \
	" filled_qty_e8 / 1e8 AS filled, limit_px_e8 / 1e8 AS limit_price, state, reason FROM pending_orders;"

#define BOOKS_ORDER_VALUES "VALUES(?1,?2,?3,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19)"
#define BOOKS_ORDER_CHANGES                                                                                              \
	" ON CONFLICT(order_id) DO UPDATE SET id = excluded.id, t_ns = excluded.t_ns, venue_id = excluded.venue_id,"       \
	" state = excluded.state, qty_e8 = excluded.qty_e8, filled_qty_e8 = excluded.filled_qty_e8,"                       \
	" limit_px_e8 = excluded.limit_px_e8, average_px_e8 = excluded.average_px_e8, fee_usd_e8 = excluded.fee_usd_e8,"   \
	" sent_ns = excluded.sent_ns, retries = excluded.retries WHERE excluded.id > id"
#define BOOKS_ORDER_FIELDS                                                                                               \
	"t_ns, symbol, side, qty_e8, filled_qty_e8, limit_px_e8, average_px_e8, order_type, state, reason, id"

/*        name              values  statement */
#define BOOKS_STATEMENTS(X)                                                                                              \
	X(CURSOR,           0, "SELECT journal_id, seq, idx, orders_bytes, signals_bytes, fills_bytes, initial_usd_e8 FROM cursor") \
	X(CURSOR_MOVE,      5, "UPDATE cursor SET seq = ?1, idx = ?2, orders_bytes = ?3, signals_bytes = ?4, fills_bytes = ?5") \
	X(PORTFOLIO_ADD,   20, "INSERT OR IGNORE INTO portfolio_state "                                                       \
	                       "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20)")              \
	X(POSITION_SET,    12, "INSERT INTO positions VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12) "                        \
	                       "ON CONFLICT(symbol) DO UPDATE SET id = ?2, t_ns = ?3, day = ?4, qty_e8 = ?5, cost_usd_e8 = ?6," \
	                       " realized_usd_e8 = ?7, px_e8 = ?8, fees_usd_e8 = ?9, dividends_usd_e8 = ?10,"                  \
	                       " reserved_qty_e8 = ?11, stop_state = ?12 WHERE ?2 > id")                                      \
	X(POSITIONS,        0, "SELECT symbol, qty_e8, cost_usd_e8, realized_usd_e8, px_e8, fees_usd_e8, dividends_usd_e8,"    \
	                       " reserved_qty_e8, day, stop_state FROM positions")                                            \
	X(RISK_STATE_SET,   9, "INSERT INTO risk_state VALUES(1,?1,?2,?3,?4,?5,?6,?7,?8,?9) "                                 \
	                       "ON CONFLICT(one) DO UPDATE SET id = ?1, t_ns = ?2, day = ?3, level = ?4, peak_nav_usd_e8 = ?5," \
	                       " nav_usd_e8 = ?6, drawdown_bp = ?7, recovery_week = ?8, regime = ?9 WHERE ?1 > id")           \
	X(RISK_STATE,       0, "SELECT nav_usd_e8 FROM risk_state")                                                           \
	X(TRADE_ADD,       12, "INSERT OR IGNORE INTO trade_history VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)")          \
	X(RISK_ADD,        10, "INSERT OR IGNORE INTO risk_events(id, t_ns, from_state, state, level, trigger_reason, actions_taken," \
	                       " nav_usd_e8, peak_nav_usd_e8, drawdown_bp) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)")           \
	X(RISK_RESOLVE,     2, "UPDATE risk_events SET resolved = 1 WHERE resolved = 0 AND level > ?2 AND id < ?1")           \
	X(CAUSE_OVER,       2, "UPDATE risk_events SET resolved = 1 WHERE resolved = 0 AND trigger_reason = ?2 AND id <= ?1") \
	X(SIGNAL_ADD,      17, "INSERT OR IGNORE INTO signal_log VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17)") \
	X(ORDER_SET,       19, "INSERT INTO pending_orders " BOOKS_ORDER_VALUES BOOKS_ORDER_CHANGES)                          \
	X(ORDER_DONE,       1, "INSERT INTO order_history SELECT * FROM pending_orders WHERE order_id = ?1" BOOKS_ORDER_CHANGES) \
	X(ORDER_DROP,       1, "DELETE FROM pending_orders WHERE order_id = ?1")                                              \
	X(REFUSAL_ADD,      9, "INSERT OR IGNORE INTO refusal_log VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)")                        \
	X(QUARANTINE_ADD,   6, "INSERT OR IGNORE INTO quarantine_log VALUES(?1,?2,?3,?4,?5,?6)")                              \
	X(DIVIDEND_ADD,     4, "INSERT OR IGNORE INTO dividend_log VALUES(?1,?2,?3,?4)")                                      \
	X(CASH_ADD,         7, "INSERT OR IGNORE INTO cash_log VALUES(?1,?2,?3,?4,?5,?6,?7)")                                 \
	X(RECOVERY_ADD,     9, "INSERT OR IGNORE INTO recovery_log VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)")                       \
	/* a comparison a minute for years: only what differs from the one before is news */                                 \
	X(RECONCILE_ADD,    8, "INSERT OR IGNORE INTO reconcile_log SELECT ?1,?2,?3,?4,?5,?6,?7,?8 WHERE NOT EXISTS("           \
	                       "SELECT 1 FROM (SELECT state, differences, externals, cash_difference_usd_e8, worst_qty_difference_e8" \
	                       " FROM reconcile_log WHERE id < ?1 ORDER BY id DESC LIMIT 1) WHERE state = ?3 AND differences = ?4" \
	                       " AND externals = ?5 AND cash_difference_usd_e8 = ?6 AND worst_qty_difference_e8 = ?7)")       \
	X(ALERT_ADD,       14, "INSERT OR IGNORE INTO alert_log VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)")      \
	X(SIZE_ADD,        20, "INSERT OR IGNORE INTO size_log VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20)") \
	X(REGIME_ADD,       5, "INSERT OR IGNORE INTO regime_log VALUES(?1,?2,?3,?4,?5)")                                     \
	/* what a day report asks: everything after the last record of the day before */                                      \
	X(DAY_BEFORE,       1, "SELECT id, nav_usd_e8, realized_usd_e8, fees_usd_e8, dividends_usd_e8 FROM portfolio_state " \
	                       "WHERE day < ?1 ORDER BY id DESC LIMIT 1")                                                     \
	X(NAVS,             1, "SELECT day, nav_usd_e8 FROM portfolio_state WHERE session = 1 ORDER BY id DESC LIMIT ?1")     \
	X(DAY_ORDERS,       1, "SELECT " BOOKS_ORDER_FIELDS " FROM (SELECT " BOOKS_ORDER_FIELDS " FROM order_history WHERE id > ?1 " \
	                       "UNION ALL SELECT " BOOKS_ORDER_FIELDS " FROM pending_orders) ORDER BY id")                    \
	X(DAY_FILLS,        1, "SELECT t_ns, symbol, action, quantity_e8, price_e8, commission_usd_e8, realized_pnl_usd_e8, reason " \
	                       "FROM trade_history WHERE id > ?1 ORDER BY id")                                                \
	X(DAY_RISKS,        1, "SELECT t_ns, from_state, state, trigger_reason, actions_taken, nav_usd_e8, drawdown_bp " \
	                       "FROM risk_events WHERE id > ?1 ORDER BY id")                                                  \
	X(DAY_REFUSALS,     1, "SELECT rule, count(*) FROM refusal_log WHERE id > ?1 GROUP BY rule ORDER BY 2 DESC, 1")       \
	X(DAY_QUARANTINE,   1, "SELECT symbol || ': ' || fault, count(*) FROM quarantine_log WHERE id > ?1 "                 \
	                       "GROUP BY symbol, fault ORDER BY 2 DESC, 1")                                                   \
	X(DAY_SIGNALS,      1, "SELECT signal, count(*) FROM signal_log WHERE id > ?1 GROUP BY signal ORDER BY 2 DESC, 1")    \
	X(BEGIN,            0, "BEGIN IMMEDIATE")                                                                             \
	X(COMMIT,           0, "COMMIT")                                                                                      \
	X(ROLLBACK,         0, "ROLLBACK")
// clang-format on

#endif
