/* Folding and identities: whatever comes in, what comes out is UTF-8 and folding it again changes nothing. */
#include "fuzz.h"

#include "text/fold.h"
#include "text/phone.h"

static void settled(struct arena *arena, str (*fold)(struct arena *arena, str text), str text)
{
    str once = fold(arena, text);
    if (str_is(once)) {
        assert(utf8_valid(once));
        assert(str_eq(once, fold(arena, once)));
    }
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t len)
{
    struct ctx ctx = {0};
    str text = fuzz_str(bytes, len);
    settled(&ctx.arena, fold_nfc, text);
    settled(&ctx.arena, fold_search, text);
    settled(&ctx.arena, fold_email, text);
    settled(&ctx.arena, phone_e164, text);
    ctx_end(&ctx);
    return 0;
}
