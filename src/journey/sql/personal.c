#include "journey/sql/personal.h"

#include "base/clock.h"
#include "base/hash.h"
#include "journey/props.h"
#include "journey/sql/sql.h"

#include <pthread.h>

/* What took long to find out is not found out again at once: a minute at most, in which a property might get its 201st value. */
enum { KEPT_MAX = 64, KEPT_S = 60, LONG_MS = 500, WORDS_MAX = 100000 };

static struct {
    pthread_mutex_t lock;
    struct {
        const struct clickhouse *ch;
        u64 name;
        i64 at_ns;
        bool many;
    } items[KEPT_MAX];
    i64 next;
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool find_kept(const struct clickhouse *ch, u64 name, bool *many)
{
    i64 since_ns = clock_steady_ns() - (i64)KEPT_S * 1000 * 1000 * 1000;
    bool found = false;
    pthread_mutex_lock(&kept.lock);
    for (i64 i = 0; i < KEPT_MAX && !found; i++) {
        found = kept.items[i].ch == ch && kept.items[i].name == name && kept.items[i].at_ns >= since_ns;
        *many = found ? kept.items[i].many : false;
    }
    pthread_mutex_unlock(&kept.lock);
    return found;
}

static void keep(const struct clickhouse *ch, u64 name, bool many)
{
    pthread_mutex_lock(&kept.lock);
    i64 at = kept.next++ % KEPT_MAX;
    kept.items[at].ch = ch;
    kept.items[at].name = name;
    kept.items[at].at_ns = clock_steady_ns();
    kept.items[at].many = many;
    pthread_mutex_unlock(&kept.lock);
}

/* Events that are not removed, where nobody asks a question. */
static str living(struct ctx *ctx, const struct asked_rooms *rooms)
{
    struct sql_asking sql = {.ctx = ctx, .ch = rooms->clickhouse};
    return SQL_TEXT(ctx, SQL_CLICK_KNOWN, PART("removed", sql_table(&sql, STR("removed"))));
}

err sql_many_values(struct ctx *ctx, const struct asked_rooms *rooms, str name, bool *many)
{
    u64 hash = hash_str(name);
    if (find_kept(rooms->clickhouse, hash, many)) {
        return OK;
    }
    struct click_rows rows;
    i64 began_ns = clock_steady_ns();
    TRY(click_query(ctx, rooms->clickhouse, CLICK_ASK,
                    SQL_TEXT(ctx, SQL_CLICK_MANY_VALUES,
                             PART("value", SQL_TEXT(ctx, SQL_CLICK_PROP, VALUE_STR("name", name))),
                             PART("where", living(ctx, rooms)), VALUE_I64("most", PROP_VALUES_MAX + 1)),
                    &rows));
    *many = click_more(&rows) && click_u64(&rows) > PROP_VALUES_MAX;
    if (clock_steady_ns() - began_ns > (i64)LONG_MS * 1000 * 1000) {
        keep(rooms->clickhouse, hash, *many);
    }
    return OK;
}

err sql_source_words(struct ctx *ctx, const struct asked_rooms *rooms, enum word word,
                     void (*each)(void *self, str source, enum word word, str text), void *self)
{
    struct click_rows rows;
    TRY(click_query(ctx, rooms->clickhouse, CLICK_ASK,
                    SQL_TEXT(ctx, SQL_CLICK_SOURCE_WORDS, PART("word", sql_word(ctx, word)),
                             PART("where", living(ctx, rooms)), VALUE_I64("most", WORDS_MAX)),
                    &rows));
    while (click_more(&rows)) {
        str source = click_str(&rows), text = click_str(&rows);
        each(self, source, word, text);
    }
    return OK;
}
