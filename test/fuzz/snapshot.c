/* The file in which the index is kept: whatever stands in it, it is taken or left, and what is taken can be asked.
 *
 * An input that begins with F is a file as it is. One that begins with S is a list of sections, each its number (two bytes), its
 * length (four) and its bytes: they are put into a file with right sums, so that the reader has nothing but its own eyes.
 */
#include "fuzz.h"

#include "journey/ask.h"
#include "journey/kept.h"
#include "store/snapshot.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ALIASES = 64, SECTIONS_MAX = 2000 };

static char folder[64];
static struct identity *identity;

static void remove_folder(void)
{
    struct ctx ctx = {0};
    (void)snapshot_remove(&ctx, str_from(folder), INDEX_KEPT);
    ctx_end(&ctx);
    (void)rmdir(folder);
    identity_free(identity);
}

static void prepare(void)
{
    if (identity != NULL) {
        return;
    }
    (void)snprintf(folder, sizeof folder, "%s/cham-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert(mkdtemp(folder) != NULL);
    identity = identity_new();
    for (i64 i = 1; i <= ALIASES; i++) {
        char text[16];
        i64 len = snprintf(text, sizeof text, "user:%lld", (long long)i);
        (void)identity_put(identity, (str){text, len}, i);
    }
    atexit(remove_folder);
}

static struct snapshot_stamp stamp_of(void)
{
    return (struct snapshot_stamp){.what = INDEX_KEPT, .version = KEPT_VERSION};
}

static void write_file(struct ctx *ctx, const u8 *bytes, size_t len)
{
    str path = str_format(&ctx->arena, "%s/%s", folder, INDEX_KEPT);
    int fd = open(path.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
    close(fd);
}

static void write_sections(struct ctx *ctx, const u8 *bytes, size_t len)
{
    struct snapshot_writer *writer;
    struct snapshot_stamp stamp = stamp_of();
    stamp.last_id = 1000;
    assert(snapshot_create(ctx, str_from(folder), INDEX_KEPT, &writer) == OK);
    for (i64 i = 0; i < SECTIONS_MAX && len >= 6; i++) {
        u32 section = bytes[0] | (u32)bytes[1] << 8;
        size_t size = bytes[2] | (size_t)bytes[3] << 8 | (size_t)bytes[4] << 16 | (size_t)bytes[5] << 24;
        size = lesser(size, len - 6);
        snapshot_put(writer, section, bytes + 6, (i64)size);
        bytes += 6 + size;
        len -= 6 + size;
    }
    assert(snapshot_finish(ctx, writer, &stamp) == OK);
    assert(snapshot_publish(ctx, writer) == OK);
}

static void ask(struct index *index)
{
    static const char *const questions[] = {
        "{\"ask\":\"count\",\"by\":[\"kind\",\"channel\",\"source\",\"place\"]}",
        "{\"ask\":\"count\",\"of\":\"amount\",\"every\":\"year\"}",
        "{\"ask\":\"score\",\"metric\":\"nps\"}",
        "{\"ask\":\"paths\",\"steps\":4,\"top\":5}",
    };
    struct asked_rooms rooms = {.identity = identity, .index = index};
    struct question_defaults defaults = {zone_utc(), 30};
    for (i64 i = 0; i < countof(questions); i++) {
        struct ctx ctx = {.now_ms = 1800000000000};
        str answer;
        (void)ask_text(&ctx, &rooms, &(struct sight){.personal = true}, &defaults, str_from(questions[i]), &answer);
        ctx_end(&ctx);
    }
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t len)
{
    if (len == 0) {
        return 0;
    }
    prepare();
    struct ctx ctx = {0};
    struct snapshot *snapshot;
    struct snapshot_stamp stamp = stamp_of();
    if (bytes[0] == 'S') {
        write_sections(&ctx, bytes + 1, len - 1);
    } else {
        write_file(&ctx, bytes + 1, len - 1);
    }
    if (snapshot_open(&ctx, str_from(folder), INDEX_KEPT, &stamp, false, &snapshot) == OK) {
        struct index *index = index_open_with(identity, &(struct index_limits){.by_hand = true});
        if (kept_adopt(&ctx, index, snapshot, stamp.last_id)) {
            (void)index_digest(&ctx, index);
            ask(index);
        } else {
            assert(index_stats(index).rows == 0);
        }
        ctx_end(&ctx);
        index_close(index);
    }
    ctx_end(&ctx);
    return 0;
}
