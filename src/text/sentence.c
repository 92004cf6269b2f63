#include "text/sentence.h"

#include "text/catalogue.h"

const char *const language_words[LANGUAGE_COUNT_ + 1] = {"vi", "en", NULL};

bool language_parse(str tag, enum language *out)
{
    str rest = tag;
    str first = str_cut(&rest, '-');
    rest = first;
    str primary = str_cut(&rest, '_');
    for (i32 i = 0; i < LANGUAGE_COUNT_; i++) {
        if (str_eq_nocase(primary, str_from(language_words[i]))) {
            *out = (enum language)i;
            return true;
        }
    }
    return false;
}

/* Its quality in thousandths (RFC 9110, 12.4.2); 1000 when it is not said. */
static i64 quality(str parameters)
{
    str value = str_trim(parameters);
    if (!str_starts(value, STR("q="))) {
        return 1000;
    }
    f64 number = 0;
    return str_f64(str_slice(value, 2, value.len), &number) && number >= 0 && number <= 1 ? (i64)(number * 1000) : 0;
}

enum language language_accepted(str header, enum language otherwise)
{
    enum language best = otherwise;
    i64 best_quality = 0;
    while (str_is(header)) {
        str parameters = str_cut(&header, ',');
        str tag = str_trim(str_cut(&parameters, ';'));
        enum language language;
        if (language_parse(tag, &language) && quality(parameters) > best_quality) {
            best = language;
            best_quality = quality(parameters);
        }
    }
    return best;
}

static const struct catalogue_row *find(const char *key)
{
    i64 low = 0, high = CATALOGUE_COUNT;
    while (low < high) {
        i64 middle = (low + high) / 2;
        int order = strcmp(catalogue_rows[middle].key, key);
        if (order == 0) {
            return &catalogue_rows[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

struct key_list sentence_keys(struct arena *arena, const char *begin, const char *end)
{
    struct key_list list = {arena_new(arena, str, CATALOGUE_COUNT), 0};
    for (i64 i = 0; i < CATALOGUE_COUNT; i++) {
        str key = str_from(catalogue_rows[i].key);
        str first = str_from(begin);
        str last = str_from(end);
        if (key.len > first.len + last.len && str_starts(key, first) && str_ends(key, last)) {
            list.items[list.count++] = str_slice(key, first.len, key.len - last.len);
        }
    }
    return list;
}

bool sentence_exists(const char *key)
{
    return find(key) != NULL;
}

str sentence(enum language language, const char *key)
{
    const struct catalogue_row *row = find(key);
    if (row == NULL) {
        return str_from(key);
    }
    return str_from(language == LANGUAGE_EN ? row->en : row->vi);
}

static str value_of(const struct fault_arg *args, i32 arg_count, str name)
{
    for (i32 i = 0; i < arg_count; i++) {
        if (str_eq(str_from(args[i].name), name)) {
            return args[i].value;
        }
    }
    return STR_NONE;
}

str sentence_fill(struct arena *arena, enum language language, const char *key, const struct fault_arg *args,
                  i32 arg_count)
{
    str text = sentence(language, key);
    struct buf out = buf_in(arena);
    while (text.len > 0) {
        i64 open = str_find_char(text, '{');
        i64 close = open < 0 ? -1 : str_find_char(str_slice(text, open, text.len), '}');
        if (close < 0) {
            break;
        }
        str value = value_of(args, arg_count, str_slice(text, open + 1, open + close));
        buf_add(&out, str_slice(text, 0, open));
        buf_add(&out, str_is(value) ? value : str_slice(text, open, open + close + 1));
        text = str_slice(text, open + close + 1, text.len);
    }
    buf_add(&out, text);
    return buf_str(&out);
}
