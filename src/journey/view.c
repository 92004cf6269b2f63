#include "journey/view.h"

#include "journey/index.h"

/* Opening. */

static void give_back(void *object)
{
    view_close(object);
}

static void number_rows(struct view *view)
{
    view->first = arena_new(&view->ctx->arena, i64, view->layer_count + 1);
    for (i32 i = 0; i < view->layer_count; i++) {
        view->first[i + 1] = view->first[i] + view->layers[i]->rows.count;
    }
    view->count = view->first[view->layer_count];
}

static void look_at_persons(struct view *view)
{
    view->persons = identity_share(view->index->identity, &view->alias_count);
    view->person = view->persons->person;
    view->next = view->persons->next;
    view->scattered = arena_new(&view->ctx->arena, u64, view->alias_count / 64 + 1);
    for (i32 i = 1; i < view->layer_count; i++) {
        const struct layer *layer = view->layers[i];
        for (u32 run = 0; run < layer->run_count; run++) {
            alias_no alias = layer->run_alias[run];
            view->scattered[alias >> 6] |= (u64)1 << (alias & 63);
        }
    }
}

/* After the rows are fixed: what rows speak of has been published before them. */
static void look_around(struct view *view)
{
    number_rows(view);
    look_at_persons(view);
    for (i32 word = 0; word < WORD_COUNT; word++) {
        view->texts[word] = dictionary_texts(&view->index->texts[word]);
    }
    view->scores = numbers_seen(&view->index->scores);
}

void view_open(struct ctx *ctx, struct index *index, struct view *out)
{
    *out = (struct view){.ctx = ctx, .index = index};
    struct tail_seen seen = {0};
    pthread_mutex_lock(&index->lock);
    i32 count = index->layer_count;
    out->layers = arena_new(&ctx->arena, struct layer *, count + 1);
    out->dead = arena_new(&ctx->arena, struct dead *, count + 1);
    for (i32 i = 0; i < count; i++) {
        out->layers[i] = layer_share(index->layers[i]);
        out->dead[i] = dead_share(index->layers[i]->dead);
    }
    if (tail_count(index->tail) > 0) {
        seen = tail_look(index->tail);
    }
    out->base_generation = index->generation;
    out->epoch = index->epoch;
    index->views[index->epoch & 1]++;
    pthread_mutex_unlock(&index->lock);
    if (seen.tail != NULL) {
        out->layers[count++] = tail_sorted(&seen);
        tail_unlook(&seen);
    }
    out->layer_count = count;
    look_around(out);
    ctx_defer(ctx, give_back, out);
}

void view_over(struct ctx *ctx, struct index *index, struct layer **layers, struct dead **dead, i32 count,
               struct view *out)
{
    *out = (struct view){.ctx = ctx, .index = index, .layers = layers, .dead = dead, .layer_count = count};
    pthread_mutex_lock(&index->lock);
    out->base_generation = index->generation;
    out->epoch = index->epoch;
    index->views[index->epoch & 1]++;
    pthread_mutex_unlock(&index->lock);
    look_around(out);
    ctx_defer(ctx, give_back, out);
}

/* The share of a base that is none any more is left to the merging thread: the last one pays for giving back its memory. */
static void leave_base(struct view *view)
{
    struct index *index = view->index;
    struct layer *base = view->layers[0];
    pthread_mutex_lock(&index->lock);
    bool former = index->merger != NULL && base != index->layers[0];
    if (former) {
        if (index->gone_count == index->gone_capacity) {
            index->gone_capacity = index->gone_capacity * 2 + 16;
            index->gone = mem_resize(index->gone, index->gone_capacity * (i64)sizeof(struct layer *));
        }
        index->gone[index->gone_count++] = base;
    }
    pthread_mutex_unlock(&index->lock);
    if (!former) {
        layer_leave(base);
    }
}

void view_close(struct view *view)
{
    if (view->persons == NULL) {
        return;
    }
    for (i32 i = 0; i < view->column_count; i++) {
        for (i32 k = 0; k < view->layer_count; k++) {
            attached_leave(view->columns[i].parts[k]);
        }
        attachment_leave(view->columns[i].of);
    }
    for (i32 i = 0; i < view->prop_count; i++) {
        promoted_leave(view->props[i]->promoted);
    }
    for (i32 i = 0; i < view->layer_count; i++) {
        dead_leave(view->dead[i]);
    }
    persons_leave(view->persons);
    view->persons = NULL;
    struct index *index = view->index;
    leave_base(view);
    for (i32 i = 1; i < view->layer_count; i++) {
        layer_leave(view->layers[i]);
    }
    pthread_mutex_lock(&index->lock);
    index->views[view->epoch & 1]--;
    pthread_cond_broadcast(&index->closed);
    pthread_mutex_unlock(&index->lock);
}

/* Columns beside the rows. */

static i32 find_column(const struct view *view, const struct attachment *of)
{
    for (i32 i = 0; i < view->column_count; i++) {
        if (view->columns[i].of == of) {
            return i;
        }
    }
    return -1;
}

static struct attached *part_of(struct view *view, i32 layer, const struct attachment *of)
{
    pthread_mutex_lock(&view->index->lock);
    struct attached *part = attached_share(layer_attached(view->layers[layer], of));
    pthread_mutex_unlock(&view->index->lock);
    return part;
}

/* Fills a layer's column and leaves it there for others. */
static err fill(struct ctx *ctx, struct view *view, i32 layer, struct attachment *of, struct attached **out)
{
    struct column codes = {0};
    err code = of->fill(of->self, ctx, view, layer, &codes);
    if (code != OK) {
        column_free(&codes);
        return code;
    }
    *out = attached_new(of, codes);
    pthread_mutex_lock(&view->index->lock);
    if (!of->private && !attachment_dropped(of)) {
        layer_attach(view->layers[layer], attached_share(*out));
    }
    pthread_mutex_unlock(&view->index->lock);
    return OK;
}

static err fill_in(struct ctx *ctx, struct view *view, i32 layer, struct attachment *of, struct attached **out)
{
    if (of->fill == NULL) {
        return ERR_EMPTY;
    }
    err code = OK;
    pthread_mutex_lock(&of->filling);
    *out = part_of(view, layer, of); // somebody may have been quicker
    if (*out == NULL) {
        code = fill(ctx, view, layer, of, out);
    }
    pthread_mutex_unlock(&of->filling);
    return code;
}

static i32 add_column(struct view *view, struct attachment *of, struct attached **parts)
{
    if (view->column_count == view->column_capacity) {
        i64 size = (i64)sizeof(struct view_column);
        i32 more = view->column_capacity * 2 + 16;
        view->columns = arena_grow(&view->ctx->arena, view->columns, view->column_capacity * size, more * size,
                                   _Alignof(struct view_column));
        view->column_capacity = more;
    }
    view->columns[view->column_count] = (struct view_column){attachment_share(of), parts};
    return view->column_count++;
}

err view_attach(struct ctx *ctx, struct view *view, struct attachment *of, i32 *column)
{
    *column = find_column(view, of);
    if (*column >= 0) {
        return OK;
    }
    struct attached **parts = arena_new(&view->ctx->arena, struct attached *, view->layer_count);
    err code = OK;
    for (i32 i = 0; i < view->layer_count && code == OK; i++) {
        parts[i] = part_of(view, i, of);
        if (parts[i] == NULL && view->layers[i]->rows.count > 0) {
            code = fill_in(ctx, view, i, of, &parts[i]);
        }
    }
    for (i32 i = 0; i < view->layer_count && code != OK; i++) {
        attached_leave(parts[i]);
    }
    if (code == OK) {
        *column = add_column(view, of, parts);
    }
    return code;
}

static struct promoted *share_promoted(struct index *index, str name)
{
    pthread_mutex_lock(&index->lock);
    struct promoted *promoted = index_find_promoted(index, name);
    if (promoted != NULL) {
        promoted->used = ++index->promoted_uses;
        __atomic_add_fetch(&promoted->users, 1, __ATOMIC_RELAXED);
    }
    pthread_mutex_unlock(&index->lock);
    return promoted;
}

const struct view_prop *view_find_prop(const struct view *view, str name)
{
    for (i32 i = 0; i < view->prop_count; i++) {
        if (str_eq(view->props[i]->name, name)) {
            return view->props[i];
        }
    }
    return NULL;
}

const struct view_prop *view_prop(struct view *view, str name)
{
    const struct view_prop *known = view_find_prop(view, name);
    if (known != NULL) {
        return known;
    }
    struct promoted *promoted = share_promoted(view->index, name);
    i32 column;
    if (promoted == NULL || view_attach(view->ctx, view, promoted->column, &column) != OK) {
        promoted_leave(promoted);
        return NULL;
    }
    if (view->prop_count == view->prop_capacity) {
        i64 size = (i64)sizeof(struct view_prop *);
        i32 more = view->prop_capacity * 2 + 16;
        view->props = arena_grow(&view->ctx->arena, view->props, view->prop_capacity * size, more * size,
                                 _Alignof(struct view_prop *));
        view->prop_capacity = more;
    }
    struct view_prop *prop = arena_new(&view->ctx->arena, struct view_prop, 1);
    *prop = (struct view_prop){promoted->name, dictionary_texts(&promoted->texts), column, promoted};
    view->props[view->prop_count++] = prop;
    return prop;
}

void view_all_props(struct view *view)
{
    struct index *index = view->index;
    str names[PROMOTED_MAX];
    struct promoted *shares[PROMOTED_MAX];
    pthread_mutex_lock(&index->lock);
    i32 count = index->promoted_count;
    for (i32 i = 0; i < count; i++) {
        shares[i] = index->promoted[i];
        names[i] = shares[i]->name;
        __atomic_add_fetch(&shares[i]->users, 1, __ATOMIC_RELAXED);
    }
    pthread_mutex_unlock(&index->lock);
    for (i32 i = 0; i < count; i++) {
        (void)view_prop(view, names[i]);
        promoted_leave(shares[i]);
    }
}

/* The slow faces. */

u32 view_word(const struct view *view, enum word word, i64 row)
{
    i64 cell;
    const struct rows *rows = &view->layers[view_layer(view, row, &cell)]->rows;
    if (word >= WORD_DENSE_COUNT) {
        cell = sparse_find(word == WORD_CURRENCY ? &rows->priced : &rows->answered, cell);
    }
    return cell < 0 ? 0 : column_get(&rows->words[word], cell);
}

bool view_answer(const struct view *view, i64 row, struct view_answer *out)
{
    i64 local;
    const struct rows *rows = &view->layers[view_layer(view, row, &local)]->rows;
    i64 answer = sparse_find(&rows->answered, local);
    if (answer < 0) {
        return false;
    }
    *out = (struct view_answer){
        .metric = column_get(&rows->words[WORD_METRIC], answer),
        .question = column_get(&rows->words[WORD_QUESTION], answer),
        .scale = column_get(&rows->words[WORD_SCALE], answer),
        .score = column_get(&rows->scores, answer),
    };
    return true;
}

bool view_answers(const struct view *view, i64 row)
{
    struct view_answer answer;
    return view_answer(view, row, &answer) && answer.metric != 0;
}

bool view_amount(const struct view *view, i64 row, i64 *amount)
{
    i64 local;
    const struct rows *rows = &view->layers[view_layer(view, row, &local)]->rows;
    i64 at = sparse_find(&rows->priced, local);
    *amount = at < 0 ? 0 : rows->amounts[at];
    return at >= 0;
}

bool view_voiced(const struct view *view, i64 row)
{
    i64 local;
    const struct rows *rows = &view->layers[view_layer(view, row, &local)]->rows;
    return sparse_has(&rows->voiced, local);
}

void view_bounds(const struct view *view, i64 *first_ms, i64 *last_ms)
{
    *first_ms = INT64_MAX;
    *last_ms = INT64_MIN;
    for (i32 i = 0; i < view->layer_count; i++) {
        const struct layer *layer = view->layers[i];
        if (view->dead[i] == NULL) {
            *first_ms = lesser(*first_ms, layer->first_ms);
            *last_ms = greater(*last_ms, layer->last_ms);
            continue;
        }
        for (i64 row = 0; row < layer->rows.count; row++) {
            if (!dead_has(view->dead[i], row)) {
                *first_ms = lesser(*first_ms, layer->rows.at_ms[row]);
                *last_ms = greater(*last_ms, layer->rows.at_ms[row]);
            }
        }
    }
}

i64 view_row(const struct view *view, i64 id)
{
    for (i32 i = 0; i < view->layer_count; i++) {
        const struct rows *rows = &view->layers[i]->rows;
        for (i64 row = 0; row < rows->count; row++) {
            if (rows->ids[row] == id && !dead_has(view->dead[i], row)) {
                return view->first[i] + row;
            }
        }
    }
    return -1;
}
