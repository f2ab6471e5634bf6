# bars.awk - daily bars for tests: 15 symbols and VIX as FOLDER/SYMBOL.csv, on the weekdays that are no NYSE holiday, BTC-USD on every
# day from 2014-09-17. The same arguments give the same bytes.
#
#   awk -v folder=FOLDER -v sessions=N [-v first=2013-01-02] [-v seed=1] [-v crash=DAY] -f bars.awk
#
# Prices walk; ETFs share a market factor. From session `crash` on everything falls for forty sessions and VIX passes 40. Six ETFs pay a
# dividend each quarter: adj_close = close x the product of (1 - D / close before) over the ex-dates that are still to come.
# Between 2013 and 2018-12-04 no special closing exists, so the list of sessions is exact there.
function random() { state = (state * 16807) % 2147483647; return state / 2147483647 }
function normal(  i, sum) { for (i = 0; i < 12; i++) sum += random(); return sum - 6 }
function floor(x) { return x < int(x) ? int(x) - 1 : int(x) }
function max(a, b) { return a > b ? a : b }
function min(a, b) { return a < b ? a : b }
function cents(x) { return max(0.01, sprintf("%.2f", x) + 0) }
# Days since 1970-01-01 and back (Hinnant's days_from_civil).
function day_of(y, m, d,  era, yoe, doy) {
	y -= m <= 2; era = floor(y / 400); yoe = y - era * 400
	doy = floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + d - 1
	return era * 146097 + yoe * 365 + floor(yoe / 4) - floor(yoe / 100) + doy - 719468
}
function civil(day,  z, era, doe, yoe, doy, mp) {
	z = day + 719468; era = floor(z / 146097); doe = z - era * 146097
	yoe = floor((doe - floor(doe / 1460) + floor(doe / 36524) - floor(doe / 146096)) / 365)
	doy = doe - (365 * yoe + floor(yoe / 4) - floor(yoe / 100)); mp = floor((5 * doy + 2) / 153)
	D = doy - floor((153 * mp + 2) / 5) + 1; M = mp + (mp < 10 ? 3 : -9); Y = yoe + era * 400 + (M <= 2)
}
function weekday(day) { return (day + 4) % 7 }                        # 0 Sunday
function nth(y, m, w, n,  day) { day = day_of(y, m, 1); return day + (w - weekday(day) + 7) % 7 + 7 * (n - 1) }
function observed(day) { return weekday(day) == 6 ? day - 1 : weekday(day) == 0 ? day + 1 : day }
function easter(y,  a, b, c, d, e, f, g, h, i, k, l, m) {
	a = y % 19; b = floor(y / 100); c = y % 100; d = floor(b / 4); e = b % 4; f = floor((b + 8) / 25); g = floor((b - f + 1) / 3)
	h = (19 * a + b - d - g + 15) % 30; i = floor(c / 4); k = c % 4; l = (32 + 2 * e + 2 * i - h - k) % 7; m = floor((a + 11 * h + 22 * l) / 451)
	return day_of(y, floor((h + l - 7 * m + 114) / 31), (h + l - 7 * m + 114) % 31 + 1)
}
function holidays(y,  day) {
	day = day_of(y, 1, 1)
	if (weekday(day) != 6) closed[observed(day)]                  # a Saturday's New Year is not made up for
	closed[nth(y, 1, 1, 3)]; closed[nth(y, 2, 1, 3)]; closed[easter(y) - 2]
	day = day_of(y, 5, 31); closed[day - (weekday(day) + 6) % 7]
	if (y >= 2022) closed[observed(day_of(y, 6, 19))]
	closed[observed(day_of(y, 7, 4))]; closed[nth(y, 9, 1, 1)]; closed[nth(y, 11, 4, 4)]; closed[observed(day_of(y, 12, 25))]
}
function make(symbol,  i, last, step, gap, f, o, c, h, l, file, n, pays) {
	file = folder "/" symbol ".csv"
	print "date,open,high,low,close,adj_close,volume" > file
	last = px[symbol]; pays = yield[symbol]; n = 0
	for (i = 0; i < days; i++) {
		if (symbol == "BTC-USD" ? date[i] < "2014-09-17" : !is_session[i]) continue
		step = drift[symbol] + beta[symbol] * market[i] + vol[symbol] * normal()
		if (step > 0.2) step = 0.2
		if (step < -0.2) step = -0.2
		gap = 0.3 * step * random()
		open_[n] = o = cents(last * (1 + gap))
		close_[n] = c = cents(last * (1 + step))
		h = max(max(o, c), cents(max(o, c) * (1 + 0.004 * random())))
		l = min(min(o, c), cents(min(o, c) * (1 - 0.004 * random())))
		high_[n] = h; low_[n] = l; when[n] = date[i]; volume_[n] = int(vlm[symbol] * (0.5 + random()))
		ex[n] = pays > 0 && n > 0 && is_session[i] && is_ex[i] ? 1 : 0
		last = close_[n]; n++
	}
	f = 1
	for (i = n - 1; i >= 0; i--) {
		adj_[i] = close_[i] * f
		if (ex[i]) f *= 1 - pays / 4
	}
	for (i = 0; i < n; i++)
		printf "%s,%.2f,%.2f,%.2f,%.2f,%.6f,%d\n", when[i], open_[i], high_[i], low_[i], close_[i], adj_[i], volume_[i] > file
	close(file)
}
function symbol(name, price, beta_, vol_, drift_, yield_, volume) {
	names[++count] = name; px[name] = price; beta[name] = beta_; vol[name] = vol_; drift[name] = drift_; yield[name] = yield_; vlm[name] = volume
}
BEGIN {
	if (first == "") first = "2013-01-02"
	state = (seed == "" ? 1 : seed) * 7919 % 2147483646 + 1
	for (i = 0; i < 20; i++) random()
	split(first, part, "-"); day = day_of(part[1] + 0, part[2] + 0, part[3] + 0)
	for (y = part[1] - 1; y <= part[1] + 40; y++) holidays(y)
	days = 0
	for (held = 0; held < sessions; day++) {
		civil(day); date[days] = sprintf("%04d-%02d-%02d", Y, M, D)
		is_session[days] = weekday(day) > 0 && weekday(day) < 6 && !(day in closed)
		shock = 0
		if (is_session[days]) {
			held++
			falls = crash > 0 && held >= crash && held < crash + 40
			shock = falls ? -0.012 + 0.008 * normal() : 0.0004 + 0.007 * normal()
			if (M != month && (M == 3 || M == 6 || M == 9 || M == 12)) is_ex[days] = 1
			month = M
			heat = falls ? heat + 1 : max(0, heat - 0.5)
			vix[days] = sprintf("%.2f", 14 + heat * 0.9 + 2 * random())
		}
		market[days++] = shock
	}
	symbol("GLD", 120, 0.1, 0.008, 0.0002, 0, 8000000);   symbol("SPY", 145, 1, 0.002, 0.0003, 0.02, 90000000)
	symbol("QQQ", 66, 1.2, 0.003, 0.0004, 0.01, 40000000); symbol("SLV", 30, 0.3, 0.012, 0.0001, 0, 9000000)
	symbol("XLK", 29, 1.1, 0.004, 0.0004, 0.015, 9000000); symbol("XLF", 16, 1.2, 0.004, 0.0002, 0.016, 40000000)
	symbol("XLE", 71, 1.2, 0.007, 0, 0, 15000000);         symbol("XLV", 40, 0.8, 0.004, 0.0004, 0, 7000000)
	symbol("TLT", 121, -0.2, 0.007, 0.0001, 0.03, 9000000); symbol("TIP", 121, 0, 0.002, 0, 0, 900000)
	symbol("EFA", 56, 1, 0.004, 0.0002, 0.03, 18000000);   symbol("EEM", 44, 1.1, 0.006, 0, 0, 50000000)
	symbol("DBC", 28, 0.4, 0.007, 0, 0, 2000000);          symbol("VNQ", 66, 0.8, 0.006, 0.0002, 0, 4000000)
	symbol("BTC-USD", 450, 0, 0.03, 0.0015, 0, 30000000)
	for (i = 1; i <= count; i++) make(names[i])
	file = folder "/VIX.csv"
	print "date,open,high,low,close,adj_close,volume" > file
	for (i = 0; i < days; i++) if (is_session[i]) printf "%s,%s,%s,%s,%s,%s,0\n", date[i], vix[i], vix[i], vix[i], vix[i], vix[i] > file
}
