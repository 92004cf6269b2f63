/* The map of an import, tried on a row: a map is refused with a reason or can be used. */
#include "fuzz.h"

#include "listen/lines.h"

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t len)
{
    struct ctx ctx = {.now_ms = 1767323045000};
    struct map map;
    str columns[] = {STR("a"), STR("b"), STR("c"), STR("d")};
    str cells[] = {STR("2026-01-02"), STR("9"), STR("Lan@example.vn"), STR("1.250.000")};
    struct rows rows = {.kind = ROWS_CSV, .columns = {columns, 4}};
    struct row row = {.line = 2, .raw = STR("raw"), .cells = cells, .count = 4};
    struct line_events line;
    err read = map_read(&ctx, fuzz_str(bytes, len), zone_utc(), &map);
    assert(read == OK || ctx.fault.key != NULL);
    if (read == OK && map_bind(&ctx, &map, &rows) == OK) {
        err taken = line_read(&ctx, &map, &rows, &row, STR("id"), &line);
        assert(taken == OK ? line.count > 0 : ctx.fault.key != NULL);
        for (i64 i = 0; taken == OK && i < line.count; i++) {
            assert(line.items[i].kind.len > 0 && line.items[i].message_id.len > 0);
            assert(utf8_valid(line.items[i].props));
        }
    }
    ctx_end(&ctx);
    return 0;
}
