/* Times and durations from outside: a time that is accepted is written and read again as the same moment. */
#include "fuzz.h"

#include "base/zone.h"

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t len)
{
    struct ctx ctx = {0};
    const struct zone *zone = zone_utc();
    assert(zone_find(&ctx, STR("Asia/Ho_Chi_Minh"), &zone) == OK);
    str text = fuzz_str(bytes, len), rest = text;
    i64 at_ms, again_ms;
    if (iso_parse(zone, text, &at_ms)) {
        char out[ISO_MAX];
        str written = iso_format(zone, at_ms, out);
        // The zone can carry the first and the last day out of the four digits, and local mean time, before
        // there were zones, is not in whole minutes: neither can be written.
        i32 year = zone_civil(zone, at_ms).year;
        if (year >= 0 && year <= 9999 && zone_offset_ms(zone, at_ms) % 60000 == 0) {
            assert(iso_parse(zone, written, &again_ms));
            assert(again_ms == at_ms);
        }
    }
    str format = str_cut(&rest, '\n');
    if (str_is(rest)) {
        (void)time_parse(zone, format, rest, &at_ms);
    }
    (void)duration_parse(text, &at_ms);
    (void)str_f64(text, &(f64){0});
    if (str_i64(text, &at_ms)) {
        assert(text.len <= 20 || text.data[0] == '0' || text.data[0] == '-');
    }
    ctx_end(&ctx);
    return 0;
}
