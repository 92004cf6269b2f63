#include "people/alias.h"

#include "text/fold.h"
#include "text/phone.h"

static bool is_kind(str kind)
{
    static const str kinds[] = {STR("user"), STR("anon"),     STR("email"), STR("phone"),
                                STR("zalo"), STR("employee"), STR("device")};
    for (i64 i = 0; i < countof(kinds); i++) {
        if (str_eq(kind, kinds[i])) {
            return true;
        }
    }
    return false;
}

str alias_whole(struct arena *arena, str text)
{
    i64 colon = str_find_char(text, ':');
    str kind = colon < 0 ? STR("") : str_lower_ascii(arena, str_trim(str_slice(text, 0, colon)));
    str value = str_trim(str_slice(text, colon + 1, text.len));
    if (!is_kind(kind)) {
        return STR_NONE;
    }
    value = str_eq(kind, STR("email"))   ? fold_email(arena, value)
            : str_eq(kind, STR("phone")) ? phone_e164(arena, value)
                                         : value;
    return value.len > 0 ? str_format(arena, "%.*s:%.*s", STR_ARG(kind), STR_ARG(value)) : STR_NONE;
}
