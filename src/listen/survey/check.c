#include "listen/survey/check.h"

#include "base/zone.h"
#include "journey/pointer.h"
#include "listen/survey/answer.h"
#include "listen/survey/logic.h"

struct check {
    struct ctx *ctx;
    struct survey_document *document;
    struct survey_problems *problems;
    i64 reach; /* conditions may look at questions before this place */
    i64 own;   /* the place of the question itself; -1: none */
    str base;  /* pointer of the conditions that are looked at */
};

/* Notes what the context was told last, or a new fault. */
static void note(struct check *check, const char *field, const char *key)
{
    struct ctx *ctx = check->ctx;
    struct survey_problems *problems = check->problems;
    if (key != NULL) {
        ctx_forgive(ctx);
        err said = FAIL(ctx, ERR_INVALID, field, key);
        (void)said;
    }
    if (problems->count < SURVEY_PROBLEMS_MAX) {
        problems->items[problems->count++] = (struct survey_problem){ctx->fault.pointer, ctx->fault};
    }
    ctx_forgive(ctx);
}

static void need(struct check *check, bool good, const char *field, const char *key)
{
    if (!good) {
        note(check, field, key);
    }
}

/* Texts. */

static void check_pipe(void *self, str name)
{
    struct check *check = self;
    i64 index = survey_question_find(check->document, name);
    if (!str_starts(name, STR("hidden.")) && (index < 0 || index >= check->reach)) {
        note(check, "", "error.survey.pipe");
    }
}

struct pipes {
    str *texts;
    i64 count;
};

static void check_language(struct check *check, struct json texts, str language, bool required, struct pipes *pipes)
{
    struct ctx *ctx = check->ctx;
    str text, before = pointer_enter(ctx, language);
    if (json_str(json_get(texts, language), &text) && str_trim(text).len > 0) {
        pipes->texts[pipes->count++] = str_copy(&ctx->arena, text);
    } else if (required) {
        note(check, "", "error.survey.translation");
    }
    ctx->pointer = before;
}

/* A text that is there at all is there in every language. */
static void check_texts(struct check *check, const char *member, str json, bool required)
{
    struct ctx *ctx = check->ctx;
    const struct str_list *languages = &check->document->languages;
    struct json texts = {0};
    str before = pointer_enter(ctx, str_from(member));
    bool any = str_is(json) && !str_eq(json, STR("null"));
    if (any && (json_parse(ctx, json_reader_here(), json, &texts) != OK || json_type(texts) != JSON_OBJECT)) {
        note(check, "", "error.survey.texts");
        ctx->pointer = before;
        return;
    }
    bool filled = false;
    for (struct json_iter text = json_each(texts); any && json_next(&text);) {
        str words;
        filled = filled || (json_str(text.value, &words) && str_trim(words).len > 0);
    }
    struct pipes pipes = {arena_new(&ctx->arena, str, greater(languages->count, 1)), 0};
    for (i64 i = 0; i < languages->count; i++) {
        check_language(check, texts, languages->items[i], required || filled, &pipes);
    }
    for (i64 i = 0; i < pipes.count; i++) {
        survey_pipe_names(pipes.texts[i], check_pipe, check);
    }
    ctx->pointer = before;
}

static bool is_id(str id)
{
    for (i64 i = 0; i < id.len; i++) {
        char c = id.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) {
            return false;
        }
    }
    return id.len > 0;
}

/* Conditions. */

static bool fits_type(const struct survey_question *question, const struct branch *part)
{
    enum survey_type type = (enum survey_type)question->type;
    if (part->op == BRANCH_ANSWERED) {
        return type != SURVEY_NOTE;
    }
    if (part->op >= BRANCH_GT && part->op <= BRANCH_LTE) {
        return survey_numeric(type);
    }
    return type != SURVEY_NOTE && type != SURVEY_CONTACT && type != SURVEY_FILE;
}

static bool options_exist(const struct survey_question *question, const struct branch *part)
{
    if (question->type != SURVEY_SINGLE && question->type != SURVEY_MULTIPLE && question->type != SURVEY_RANKING) {
        return true;
    }
    for (i64 i = 0; i < part->values.count; i++) {
        if (survey_option_find(&question->options, part->values.items[i]) < 0) {
            return false;
        }
    }
    return true;
}

static void check_part(void *self, const struct branch *part)
{
    struct check *check = self;
    struct ctx *ctx = check->ctx;
    if (part->of != BRANCH_QUESTION) {
        return;
    }
    str before = ctx->pointer;
    ctx->pointer = part->at;
    i64 index = survey_question_find(check->document, part->name);
    if (index < 0) {
        note(check, "", "error.survey.no_question");
    } else if (index >= check->reach && index != check->own) {
        note(check, "", "error.survey.later");
    } else if (!fits_type(survey_question_at(check->document, index), part)) {
        note(check, "", "error.survey.operator");
    } else if (!options_exist(survey_question_at(check->document, index), part)) {
        note(check, "", "error.survey.option");
    }
    ctx->pointer = before;
}

/* Questions. */

/* The places [first, last] of the group that mixes a question; itself where none does. */
static void group_of(const struct survey_document *document, i64 index, i64 *first, i64 *last)
{
    const struct str_list *groups = document->groups.items;
    *first = *last = index;
    for (i64 g = 0; g < document->groups.count; g++) {
        i64 low = -1, high = -1;
        bool in = false;
        for (i64 k = 0; k < groups[g].count; k++) {
            i64 at = survey_question_find(document, groups[g].items[k]);
            low = at >= 0 && (low < 0 || at < low) ? at : low;
            high = greater(high, at);
            in = in || at == index;
        }
        if (in) {
            *first = low;
            *last = high;
            return;
        }
    }
}

static void check_target(struct check *check, str to, i64 from)
{
    const struct survey_document *document = check->document;
    if (str_starts(to, STR("end:"))) {
        str id = str_slice(to, 4, to.len);
        bool known = survey_end_find(document, id) != NULL || (document->ends.count == 0 && str_eq(id, STR("thanks")));
        need(check, known, "to", "error.survey.no_end");
        return;
    }
    i64 first, last, own_first, own_last, index = survey_question_find(document, to);
    if (index < 0) {
        note(check, "to", "error.survey.no_question");
        return;
    }
    group_of(document, index, &first, &last);
    group_of(document, from, &own_first, &own_last);
    need(check, index > own_last, "to", "error.survey.backwards");
    need(check, first == last, "to", "error.survey.into_group");
}

static void check_options(struct check *check, const char *member, const struct shape_list *options, i64 least)
{
    struct ctx *ctx = check->ctx;
    const struct survey_option *items = options->items;
    str before = pointer_enter(ctx, str_from(member));
    need(check, options->count >= least, "", "error.survey.options");
    for (i64 i = 0; i < options->count; i++) {
        str inside = pointer_enter_index(ctx, i);
        need(check, is_id(items[i].id), "id", "error.survey.id");
        need(check, survey_option_find(options, items[i].id) == i, "id", "error.survey.twice");
        check_texts(check, "label", items[i].label, true);
        ctx->pointer = inside;
    }
    ctx->pointer = before;
}

static void check_scale(struct check *check, const struct survey_question *question)
{
    struct scale scale;
    enum metric metric = survey_metric((enum survey_type)question->type);
    bool given = str_is(question->scale);
    bool good = !given || (scale_parse(question->scale, &scale) && metric_allows(metric, scale));
    need(check, good, "scale", "error.survey.scale");
    need(check, !question->reversed || metric == METRIC_CES, "reversed", "error.survey.reversed");
    bool faces = question->look == 3;
    need(check, !faces || survey_scale(question).high <= 7, "look", "error.survey.look");
}

static void check_fields(struct check *check, const struct survey_question *question)
{
    static const char *const known[] = {"name", "email", "phone"};
    need(check, question->fields.count > 0, "fields", "error.survey.options");
    for (i64 i = 0; i < question->fields.count; i++) {
        bool is = false;
        for (i64 k = 0; k < countof(known); k++) {
            is = is || str_eq(question->fields.items[i], str_from(known[k]));
        }
        need(check, is, "fields", "error.survey.field");
    }
}

static void check_slider(struct check *check, const struct survey_question *question)
{
    f64 low = question->min.value, high = question->max.is ? question->max.value : 100;
    f64 step = question->step.is ? question->step.value : 1;
    need(check, low < high && high - low <= 1e9, "max", "error.survey.slider");
    need(check, step > 0 && step <= high - low && (high - low) / step <= 10000, "step", "error.survey.slider");
}

static void check_type(struct check *check, const struct survey_question *question)
{
    switch (question->type) {
    case SURVEY_NPS:
    case SURVEY_CSAT:
    case SURVEY_CES: check_scale(check, question); break;
    case SURVEY_SINGLE:
    case SURVEY_MULTIPLE:
    case SURVEY_RANKING:
        check_options(check, "options", &question->options, 2);
        need(check, question->least <= question->options.count, "least", "error.survey.least");
        need(check, question->most == 0 || question->most >= question->least, "most", "error.survey.least");
        break;
    case SURVEY_MATRIX:
        check_options(check, "options", &question->options, 2);
        check_options(check, "rows", &question->rows, 1);
        break;
    case SURVEY_SLIDER: check_slider(check, question); break;
    case SURVEY_CONTACT: check_fields(check, question); break;
    default: break;
    }
}

static void check_jumps(struct check *check, const struct survey_question *question, i64 index)
{
    struct ctx *ctx = check->ctx;
    const struct survey_jump *jumps = question->jump.items;
    str before = pointer_enter(ctx, STR("jump"));
    for (i64 i = 0; i < question->jump.count; i++) {
        str inside = pointer_enter_index(ctx, i);
        branch_each(&jumps[i].condition, check_part, check);
        check_target(check, jumps[i].to, index);
        ctx->pointer = inside;
    }
    ctx->pointer = before;
}

static void check_question(struct check *check, i64 index)
{
    struct ctx *ctx = check->ctx;
    const struct survey_question *question = survey_question_at(check->document, index);
    i64 first, last;
    str before = pointer_enter(ctx, STR("questions"));
    (void)pointer_enter_index(ctx, index);
    group_of(check->document, index, &first, &last);
    check->reach = first;
    check->own = -1;
    need(check, is_id(question->id), "id", "error.survey.id");
    need(check, survey_question_find(check->document, question->id) == index, "id", "error.survey.twice");
    check_texts(check, "title", question->title, true);
    check_texts(check, "help", question->help, false);
    check_texts(check, "low", question->low, false);
    check_texts(check, "high", question->high, false);
    need(check, question->type != SURVEY_NOTE || !question->required, "required", "error.survey.note");
    check_type(check, question);
    branch_each(&question->condition, check_part, check);
    check->own = index;
    check_jumps(check, question, index);
    ctx->pointer = before;
}

/* The rest. */

static void check_languages(struct check *check)
{
    const struct str_list *languages = &check->document->languages;
    need(check, languages->count > 0, "languages", "error.survey.languages");
    for (i64 i = 0; i < languages->count; i++) {
        str word = languages->items[i];
        bool good = word.len == 2 && word.data[0] >= 'a' && word.data[0] <= 'z' && word.data[1] >= 'a' &&
                    word.data[1] <= 'z';
        for (i64 k = 0; k < i; k++) {
            good = good && !str_eq(word, languages->items[k]);
        }
        need(check, good, "languages", "error.survey.languages");
    }
}

/* A group lies together: what is between its questions would be mixed with them unseen. */
static void check_groups(struct check *check)
{
    const struct str_list *groups = check->document->groups.items;
    bool *taken = arena_new(&check->ctx->arena, bool, SURVEY_QUESTIONS_MAX);
    for (i64 g = 0; g < check->document->groups.count; g++) {
        str before = pointer_enter(check->ctx, STR("shuffle"));
        (void)pointer_enter_index(check->ctx, g);
        i64 low = SURVEY_QUESTIONS_MAX, high = -1, count = 0;
        for (i64 k = 0; k < groups[g].count; k++) {
            i64 at = survey_question_find(check->document, groups[g].items[k]);
            if (at < 0 || taken[at]) {
                note(check, "", at < 0 ? "error.survey.no_question" : "error.survey.twice");
                continue;
            }
            taken[at] = true;
            low = lesser(low, at);
            high = greater(high, at);
            count++;
        }
        need(check, count == 0 || high - low + 1 == count, "", "error.survey.group");
        check->ctx->pointer = before;
    }
}

/* Nothing that a reader does not see, and nothing that turns the order of what they see. */
static bool is_plain(u32 code)
{
    bool hidden = code == 0xAD || code == 0x61C || code == 0x180E || (code >= 0x200B && code <= 0x200F) ||
                  (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
                  (code >= 0xE0000 && code <= 0xE007F);
    return code > ' ' && !(code >= 0x7F && code <= 0xA0) && code != 0xFFFD && !hidden && code != '"' && code != '<' &&
           code != '>' && code != '\\';
}

/* https://HOST…, and no name or password in front of the host: they make one host look like another. */
static bool is_web(str url)
{
    i64 host = STR("https://").len, end = host;
    if (!str_starts(url, STR("https://"))) {
        return false;
    }
    for (i64 at = host; at < url.len;) {
        if (!is_plain(utf8_next(url, &at))) {
            return false;
        }
    }
    while (end < url.len && url.data[end] != '/' && url.data[end] != '?' && url.data[end] != '#') {
        if (url.data[end++] == '@') {
            return false;
        }
    }
    return end > host && url.data[host] != ':';
}

static void check_ends(struct check *check)
{
    struct ctx *ctx = check->ctx;
    const struct survey_end *ends = check->document->ends.items;
    check->reach = check->document->questions.count;
    for (i64 i = 0; i < check->document->ends.count; i++) {
        str before = pointer_enter(ctx, STR("ends"));
        (void)pointer_enter_index(ctx, i);
        need(check, is_id(ends[i].id), "id", "error.survey.id");
        need(check, survey_end_find(check->document, ends[i].id) == &ends[i], "id", "error.survey.twice");
        check_texts(check, "title", ends[i].title, true);
        check_texts(check, "text", ends[i].text, false);
        need(check, !str_is(ends[i].redirect) || ends[i].redirect.len == 0 || is_web(ends[i].redirect), "redirect",
             "error.survey.redirect");
        branch_each(&ends[i].condition, check_part, check);
        ctx->pointer = before;
    }
}

static void check_quotas(struct check *check)
{
    struct ctx *ctx = check->ctx;
    const struct survey_quota *quotas = check->document->quotas.items;
    for (i64 i = 0; i < check->document->quotas.count; i++) {
        str before = pointer_enter(ctx, STR("quotas"));
        (void)pointer_enter_index(ctx, i);
        for (i64 k = 0; k < i; k++) {
            need(check, !str_eq(quotas[k].name, quotas[i].name), "name", "error.survey.twice");
        }
        need(check, str_starts(quotas[i].to, STR("end:")), "to", "error.survey.no_end");
        if (str_starts(quotas[i].to, STR("end:"))) {
            check_target(check, quotas[i].to, 0);
        }
        branch_each(&quotas[i].condition, check_part, check);
        ctx->pointer = before;
    }
}

static bool is_colour(str text)
{
    bool good = !str_is(text) || text.len == 0 || ((text.len == 4 || text.len == 7) && text.data[0] == '#');
    for (i64 i = 1; good && i < text.len; i++) {
        char c = text.data[i];
        good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
    return good;
}

static void check_rest(struct check *check)
{
    const struct survey_document *document = check->document;
    i64 after_ms;
    check->reach = 0;
    need(check, str_trim(document->name).len > 0, "name", "error.survey.nameless");
    check_texts(check, "title", document->title, true);
    check_texts(check, "welcome", document->welcome, false);
    need(check, document->questions.count > 0, "questions", "error.survey.empty");
    bool after = !str_is(document->partial_after) || (duration_parse(document->partial_after, &after_ms) &&
                                                      after_ms >= 1000 && after_ms <= 90LL * 86400000);
    need(check, after, "partial_after", "error.survey.partial_after");
    if (document->theme != NULL) {
        need(check, is_colour(document->theme->accent), "theme/accent", "error.survey.colour");
        need(check, is_colour(document->theme->background), "theme/background", "error.survey.colour");
    }
}

void survey_check(struct ctx *ctx, struct survey_document *document, struct survey_problems *out)
{
    str before = ctx->pointer;
    *out = (struct survey_problems){arena_new(&ctx->arena, struct survey_problem, SURVEY_PROBLEMS_MAX), 0};
    struct check check = {.ctx = ctx, .document = document, .problems = out, .own = -1};
    if (survey_document_finish(ctx, document) != OK) { // half a condition: the rest cannot be judged
        note(&check, NULL, NULL);
        ctx->pointer = before;
        return;
    }
    check_languages(&check);
    check_rest(&check);
    for (i64 i = 0; i < document->questions.count; i++) {
        check_question(&check, i);
    }
    check_groups(&check);
    check_ends(&check);
    check_quotas(&check);
    ctx->pointer = before;
}

err survey_refuse(struct ctx *ctx, const struct survey_problems *problems)
{
    if (problems->count == 0) {
        return OK;
    }
    const struct fault *fault = &problems->items[0].fault;
    ctx->fault = *fault;
    return ERR_INVALID;
}
