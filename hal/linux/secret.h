/* secret.h - keys of venues: taken once at the start, kept in the kernel, read by the process that needs them and by no other.
 *
 *   environment    NAME=value, one row of SECRETS each; or
 *   HOME/secrets   lines of `NAME = value` and # comments, a regular file of this user (or root) that nobody else may open: mode 0600
 *
 * A pair comes from the environment when any of it is there, else from the file. secrets_take, in the parent and before the first fork, moves
 * each pair into a sealed memory file of its own, overwrites the bytes in the environment (/proc/PID/environ is empty of them from then on) and
 * wipes its buffers: no process holds a value in its memory. The descriptors stay open in the parent, so that a successor can have them too.
 * A process is given (process_recipe.keep) the descriptor of the pair that its row names; the others are closed unread. In BOOT it reads into
 * a page that is locked (never swapped), left out of core dumps and of children, and closes the descriptor.
 *
 * A value is 1..SECRET_BYTES_MAX - 1 printable characters without a space: it goes into a header. Values are in no sentence. Kernels without
 * memory files get an unnamed file on /dev/shm, which cannot be sealed. Memory files may be swapped: keep no swap, or an encrypted one.
 * Row O7. */
#ifndef HAL_LINUX_SECRET_H
#define HAL_LINUX_SECRET_H
#include "fsm/units.h"

enum { SECRET_BYTES_MAX = 256, SECRETS_FILE_BYTES_MAX = 4096, SECRET_SENTENCE_BYTES = 768, SECRET_PAGE_BYTES = 4096 };
#define SECRETS_FILE "secrets"

/*        id                   pair     name */
#define SECRETS(X)                                                      \
	X(trading_key_id,      trading, "APCA_API_KEY_ID")              \
	X(trading_secret_key,  trading, "APCA_API_SECRET_KEY")          \
	X(data_key_id,         data,    "TICKWORK_DATA_KEY_ID")         \
	X(data_secret_key,     data,    "TICKWORK_DATA_SECRET_KEY")

#define SECRET_ENUM(id, pair, name) SECRET_##id,
enum secret_id { SECRETS(SECRET_ENUM) SECRETS_N };
/* Who may have what: trading is the desk's, data the feed's. */
enum secret_pair { SECRET_PAIR_trading, SECRET_PAIR_data, SECRET_PAIRS_N };

/* In the parent: -1 where nothing of a pair was found. `held` has the bit of each secret that was; no values are in here. */
struct secrets { int fd[SECRET_PAIRS_N]; uint32_t held; };

/* One value in its page. */
struct secret { const char *text; size_t length; };

const char      *secret_name(enum secret_id id);
enum secret_pair secret_pair_of(enum secret_id id);

/* False after one sentence, with nothing held and the environment wiped nevertheless. Absent secrets are no error: ask secrets_hold. */
bool secrets_take(struct secrets *secrets, const char *folder, char sentence[SECRET_SENTENCE_BYTES]);
static inline bool secrets_hold(const struct secrets *secrets, enum secret_id id) { return secrets->held >> id & 1; }
/* Closes what is open: in the parent at its end, in a child what it does not read. */
void secrets_close(struct secrets *secrets);

/* In BOOT, from the descriptor of its pair, which stays open. False when it is not in there, or the kernel has no page or may not lock one. */
bool secrets_read(int fd, enum secret_id id, struct secret *out);
/* Overwrites the page and gives it back; in BOOT. */
void secret_wipe(struct secret *secret);
/* Overwrites the page and keeps it: at the end of a process, which may give nothing back. */
void secret_overwrite(struct secret *secret);
/* May this process lock as many pages as all secrets need (RLIMIT_MEMLOCK)? */
bool secrets_may_be_locked(void);
/* The first secret key (not a key id) of 8 characters or more whose value stands on this process's command line; SECRETS_N when none does. */
enum secret_id secrets_on_command_line(const struct secrets *secrets);
/* The nearest process above this one that was started with a secret in its environment, and which; 0 when none was that may be looked at. At most 16
 * are looked at. */
int secrets_above(enum secret_id *id);

#endif
