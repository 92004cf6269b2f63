#include "listen/survey/logic.h"

/* FNV-1a over "KEY:WHAT": every question and group has a mixture of its own. */
static u32 seed_of(str key, str what)
{
    u32 hash = 2166136261u;
    const str parts[] = {key, STR(":"), what};
    for (i64 k = 0; k < countof(parts); k++) {
        for (i64 i = 0; i < parts[k].len; i++) {
            hash = (hash ^ (u8)parts[k].data[i]) * 16777619u;
        }
    }
    return hash != 0 ? hash : 1;
}

/* Fisher and Yates from the end, with Marsaglia's xorshift (2003, "Xorshift RNGs", JSS 8:14). */
static void mix(i64 *items, i64 count, u32 seed)
{
    for (i64 i = count - 1; i > 0; i--) {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        i64 j = seed % (u32)(i + 1);
        i64 kept = items[i];
        items[i] = items[j];
        items[j] = kept;
    }
}

static i64 *straight(struct ctx *ctx, i64 count)
{
    i64 *order = arena_new(&ctx->arena, i64, greater(count, 1));
    for (i64 i = 0; i < count; i++) {
        order[i] = i;
    }
    return order;
}

void survey_order(struct ctx *ctx, const struct survey_document *document, str key, i64 **out)
{
    const struct str_list *groups = document->groups.items;
    i64 *order = straight(ctx, document->questions.count);
    for (i64 g = 0; g < document->groups.count; g++) {
        i64 *members = arena_new(&ctx->arena, i64, greater(groups[g].count, 1));
        i64 *mixed = arena_new(&ctx->arena, i64, greater(groups[g].count, 1));
        i64 count = 0;
        // In the order of the document, however the group lists them.
        for (i64 i = 0; i < document->questions.count; i++) {
            for (i64 k = 0; k < groups[g].count; k++) {
                if (count < groups[g].count && str_eq(survey_question_at(document, i)->id, groups[g].items[k])) {
                    members[count] = mixed[count] = i;
                    count++;
                    break;
                }
            }
        }
        mix(mixed, count, seed_of(key, str_format(&ctx->arena, "order:%lld", (long long)g)));
        for (i64 k = 0; k < count; k++) {
            order[members[k]] = mixed[k];
        }
    }
    *out = order;
}

void survey_options_order(struct ctx *ctx, const struct survey_question *question, const struct shape_list *options,
                          str key, i64 **out)
{
    const struct survey_option *items = options->items;
    i64 *order = straight(ctx, options->count);
    *out = order;
    if (!question->shuffle) {
        return;
    }
    i64 free = 0;
    for (i64 pass = 0; pass < 2; pass++) {
        for (i64 i = 0; i < options->count; i++) {
            if (items[i].other == (pass == 1)) {
                order[free++] = i;
            }
        }
        if (pass == 0) {
            mix(order, free, seed_of(key, question->id));
        }
    }
}

/* Where a jump leads in the order; -1: an end, which is told. */
static i64 target_of(const struct survey_document *document, const i64 *order, str to, str *end)
{
    if (str_starts(to, STR("end:"))) {
        *end = str_slice(to, 4, to.len);
        return -1;
    }
    i64 question = survey_question_find(document, to);
    for (i64 i = 0; i < document->questions.count; i++) {
        if (order[i] == question) {
            return i;
        }
    }
    return 0; // of no question: the way goes straight on
}

static i64 next_of(const struct survey_document *document, const i64 *order, i64 at, const struct branch_on *on,
                   str *end)
{
    const struct survey_question *question = survey_question_at(document, order[at]);
    const struct survey_jump *jumps = question->jump.items;
    for (i64 i = 0; i < question->jump.count; i++) {
        if (branch_holds(&jumps[i].condition, on)) {
            i64 to = target_of(document, order, jumps[i].to, end);
            return to < 0 ? -1 : greater(to, at + 1); // forwards only: no way is endless
        }
    }
    return at + 1;
}

static bool has_condition(const struct survey_end *end)
{
    return str_is(end->when) && !str_eq(end->when, STR("null"));
}

/* The first end whose condition holds, else the first without one. */
static str end_of(const struct survey_document *document, const struct branch_on *on)
{
    const struct survey_end *ends = document->ends.items;
    for (i64 i = 0; i < document->ends.count; i++) {
        if (has_condition(&ends[i]) && branch_holds(&ends[i].condition, on)) {
            return ends[i].id;
        }
    }
    for (i64 i = 0; i < document->ends.count; i++) {
        if (!has_condition(&ends[i])) {
            return ends[i].id;
        }
    }
    return document->ends.count > 0 ? ends[0].id : STR("thanks");
}

struct branch_on survey_on(const struct survey_walk *walk, const struct survey_way *way)
{
    return (struct branch_on){walk->document, walk->answers, way->on, walk->hidden, walk->hidden_count, walk->language};
}

void survey_way(struct ctx *ctx, const struct survey_walk *walk, struct survey_way *out)
{
    const struct survey_document *document = walk->document;
    i64 *order, count = document->questions.count;
    *out = (struct survey_way){
        .questions = arena_new(&ctx->arena, i64, greater(count, 1)),
        .on = arena_new(&ctx->arena, bool, greater(count, 1)),
    };
    survey_order(ctx, document, walk->key, &order);
    struct branch_on on = survey_on(walk, out);
    for (i64 at = 0; at >= 0 && at < count;) {
        if (!branch_holds(&survey_question_at(document, order[at])->condition, &on)) {
            at++;
            continue;
        }
        out->on[order[at]] = true;
        out->questions[out->count++] = order[at];
        at = next_of(document, order, at, &on, &out->end);
    }
    if (!str_is(out->end)) {
        out->end = end_of(document, &on);
    }
}

/* Pipes. */

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
}

/* The next {{name}} at or behind `at`: its name, where it begins and what follows. */
static bool next_pipe(str text, i64 *from, str *name, i64 *end)
{
    for (i64 at = *from; at + 4 < text.len; at++) {
        if (text.data[at] != '{' || text.data[at + 1] != '{') {
            continue;
        }
        i64 stop = at + 2;
        while (stop < text.len && is_name_char(text.data[stop])) {
            stop++;
        }
        if (stop > at + 2 && stop + 1 < text.len && text.data[stop] == '}' && text.data[stop + 1] == '}') {
            *from = at;
            *name = str_slice(text, at + 2, stop);
            *end = stop + 2;
            return true;
        }
    }
    return false;
}

void survey_pipe_names(str text, void (*each)(void *self, str name), void *self)
{
    str name;
    for (i64 at = 0, end = 0; str_is(text) && next_pipe(text, &at, &name, &end); at = end) {
        each(self, name);
    }
}

static str label_of(struct ctx *ctx, const struct survey_walk *walk, const struct survey_question *question,
                    const struct survey_answer *answer, str id)
{
    i64 index = survey_option_find(&question->options, id);
    if (index < 0) {
        return id;
    }
    const struct survey_option *option = (const struct survey_option *)question->options.items + index;
    str label = option->other && str_is(answer->other) && answer->other.len > 0
                    ? answer->other
                    : survey_text(ctx, walk->document, option->label, walk->language);
    return str_is(label) ? label : id;
}

static str answer_text(struct ctx *ctx, const struct survey_walk *walk, i64 index)
{
    const struct survey_question *question = survey_question_at(walk->document, index);
    const struct survey_answer *answer = &walk->answers[index];
    char number[32];
    switch (question->type) {
    case SURVEY_SINGLE:
    case SURVEY_MULTIPLE:
    case SURVEY_RANKING: {
        struct buf out = buf_in(&ctx->arena);
        for (i64 i = 0; i < answer->chosen.count; i++) {
            buf_add(&out, i > 0 ? STR(", ") : STR(""));
            buf_add(&out, label_of(ctx, walk, question, answer, answer->chosen.items[i]));
        }
        return buf_str(&out);
    }
    case SURVEY_TEXT: return answer->text;
    default: break;
    }
    if (!survey_numeric((enum survey_type)question->type)) {
        return STR("");
    }
    i64 len = f64_text(answer->number, number);
    return str_copy(&ctx->arena, (str){number, len});
}

/* What a name stands for; none: it is no name. */
static str piped(struct ctx *ctx, const struct survey_walk *walk, const struct survey_way *way, str name)
{
    if (str_starts(name, STR("hidden."))) {
        str field = str_slice(name, 7, name.len);
        for (i64 i = 0; i < walk->hidden_count; i++) {
            if (str_eq(walk->hidden[i].name, field)) {
                return walk->hidden[i].value;
            }
        }
        return STR("");
    }
    i64 index = survey_question_find(walk->document, name);
    if (index < 0) {
        return STR_NONE;
    }
    return way->on[index] && walk->answers[index].given ? answer_text(ctx, walk, index) : STR("");
}

str survey_pipe(struct ctx *ctx, const struct survey_walk *walk, const struct survey_way *way, str text)
{
    struct buf out = buf_in(&ctx->arena);
    i64 written = 0, end = 0;
    str name;
    for (i64 at = 0; next_pipe(text, &at, &name, &end); at = end) {
        str value = piped(ctx, walk, way, name);
        buf_add(&out, str_slice(text, written, at));
        buf_add(&out, str_is(value) ? value : str_slice(text, at, end));
        written = end;
    }
    buf_add(&out, str_slice(text, written, text.len));
    return buf_str(&out);
}
