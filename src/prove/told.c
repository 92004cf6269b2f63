#include "prove/told.h"

#include "base/id.h"

#define WHAT "told"

static const struct shape_field people_fields[] = {
    {"feedback", SHAPE_I64, offsetof(struct told_people, feedback), .flags = SHAPE_REQUIRED,
     .help = "shape.told.feedback"},
    {"people", SHAPE_I64, offsetof(struct told_people, people), .flags = SHAPE_REQUIRED, .help = "shape.told.people"},
    {"agreed", SHAPE_I64, offsetof(struct told_people, agreed), .flags = SHAPE_REQUIRED, .help = "shape.told.agreed"},
};
const struct shape told_people_shape = SHAPE("ToldPeople", struct told_people, people_fields, "shape.told_people");

static const struct shape_field told_fields[] = {
    {"subject", SHAPE_STR, offsetof(struct told, subject), .min = 1, .max = TOLD_SUBJECT_MAX, .flags = SHAPE_REQUIRED,
     .help = "shape.told.subject"},
    {"text", SHAPE_STR, offsetof(struct told, text), .min = 1, .max = TOLD_TEXT_MAX, .flags = SHAPE_REQUIRED,
     .help = "shape.told.text"},
    {"subject_en", SHAPE_STR, offsetof(struct told, subject_en), .max = TOLD_SUBJECT_MAX, .help = "shape.told.english"},
    {"text_en", SHAPE_STR, offsetof(struct told, text_en), .max = TOLD_TEXT_MAX, .help = "shape.told.english"},
};
const struct shape told_shape = SHAPE("Told", struct told, told_fields, "shape.told");

/* Whom the feedback behind a proposal is from. */
struct voice_of {
    i64 person;
    str alias; /* one of the person's */
};

struct behind {
    struct people *people;
    i64 feedback;
    struct voice_of *items; /* first as they come, then each person once */
    i64 count, capacity;
};

static void keep(struct ctx *ctx, struct behind *behind, i64 person, str alias)
{
    if (behind->count == behind->capacity) {
        i64 more = greater(2 * behind->capacity, 256);
        struct voice_of *items = arena_new(&ctx->arena, struct voice_of, more);
        if (behind->count > 0) {
            memcpy(items, behind->items, (size_t)behind->count * sizeof *items);
        }
        behind->items = items;
        behind->capacity = more;
    }
    behind->items[behind->count++] = (struct voice_of){person, str_copy(&ctx->arena, alias)};
}

static err note(void *self, struct ctx *ctx, const struct feedback *row)
{
    struct behind *behind = self;
    i64 person = 0;
    behind->feedback++;
    if (!str_is(row->alias) || row->alias.len == 0) {
        return OK;
    }
    err code = people_resolve(ctx, behind->people, row->alias, &person);
    if (code == ERR_NOT_FOUND) {
        ctx_forgive(ctx);
        return OK;
    }
    TRY(code);
    keep(ctx, behind, person, row->alias);
    return OK;
}

static int by_person(const void *a, const void *b)
{
    i64 x = ((const struct voice_of *)a)->person, y = ((const struct voice_of *)b)->person;
    return x < y ? -1 : x > y;
}

static void once_each(struct behind *behind)
{
    i64 count = 0;
    if (behind->count > 0) {
        qsort(behind->items, (size_t)behind->count, sizeof *behind->items, by_person);
    }
    for (i64 i = 0; i < behind->count; i++) {
        if (count == 0 || behind->items[count - 1].person != behind->items[i].person) {
            behind->items[count++] = behind->items[i];
        }
    }
    behind->count = count;
}

/* A comment that belongs to two pain points is counted for each: people are counted once. */
static err find_behind(struct ctx *ctx, const struct told_rooms *rooms, const struct proposal *proposal,
                       struct behind *behind)
{
    *behind = (struct behind){.people = rooms->people};
    TRY(people_catch_up(ctx, rooms->people));
    for (i64 i = 0; i < proposal->pains.count; i++) {
        struct feedback_filter filter = {.pain = proposal->pains.items[i]};
        struct feedback_chosen *chosen;
        TRY(feedback_choose(ctx, &rooms->feedback, &filter, &chosen));
        TRY(feedback_each(ctx, chosen, note, behind));
    }
    once_each(behind);
    return OK;
}

err told_count(struct ctx *ctx, const struct told_rooms *rooms, const struct proposal *proposal,
               struct told_people *out)
{
    struct behind behind;
    TRY(find_behind(ctx, rooms, proposal, &behind));
    *out = (struct told_people){.feedback = behind.feedback, .people = behind.count};
    for (i64 i = 0; i < behind.count; i++) {
        struct str_list aliases;
        bool holds = false;
        TRY(people_aliases(ctx, rooms->people, behind.items[i].person, &aliases));
        TRY(consent_holds(ctx, rooms->feedback.store, &aliases, PURPOSE_SERVICE, REACH_EMAIL, &holds, NULL));
        out->agreed += holds;
    }
    return OK;
}

struct queueing {
    const struct proposal *proposal;
    const struct behind *behind;
    str input, by;
};

static err queue_all(struct ctx *ctx, struct store *store, void *arg)
{
    const struct queueing *queueing = arg;
    char proposal[ID_TEXT_LEN], person[ID_TEXT_LEN];
    str id = id_text(queueing->proposal->id, proposal);
    struct proposal now;
    TRY(proposal_get(ctx, store, queueing->proposal->id, &now));
    if (now.told_ms > 0) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.told.twice");
    }
    for (i64 i = 0; i < queueing->behind->count; i++) {
        struct send send = {
            .cause = str_format(&ctx->arena, "told:%.*s:%.*s", STR_ARG(id),
                                STR_ARG(id_text(queueing->behind->items[i].person, person))),
            .alias = queueing->behind->items[i].alias,
            .purpose = PURPOSE_SERVICE,
            .channel = REACH_EMAIL,
            .what = STR(WHAT),
            .object = queueing->proposal->id,
            .input = queueing->input,
            .by = queueing->by,
        };
        TRY(send_put(ctx, store, &send));
    }
    return proposal_told(ctx, store, queueing->proposal->id);
}

err told_send(struct ctx *ctx, const struct told_rooms *rooms, const struct proposal *proposal, const struct told *told,
              str by, i64 *queued)
{
    struct behind behind;
    struct json_writer input = json_writer_in(&ctx->arena);
    if (proposal->state != PROPOSAL_DONE) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.told.state");
    }
    TRY(find_behind(ctx, rooms, proposal, &behind));
    shape_write(&input, &told_shape, told, SHAPE_ALL);
    struct queueing queueing = {proposal, &behind, json_text(&input), by};
    TRY(store_write(ctx, rooms->feedback.store, queue_all, &queueing));
    act_wake(rooms->act);
    *queued = behind.count;
    return OK;
}

static err make(void *self, struct ctx *ctx, const struct send *send, const struct receiver *to, str opt_out,
                struct message *out)
{
    struct told told = {0};
    (void)self;
    TRY(shape_parse(ctx, &told_shape, send->input, &told, NULL));
    bool english = to->language == LANGUAGE_EN && told.text_en.len > 0 && told.subject_en.len > 0;
    struct fault_arg args[] = {{"url", opt_out}};
    str end = sentence_fill(&ctx->arena, english ? LANGUAGE_EN : LANGUAGE_VI, "told.opt_out", args, countof(args));
    out->subject = english ? told.subject_en : told.subject;
    out->text = str_format(&ctx->arena, "%.*s\n\n-- \n%.*s\n", STR_ARG(english ? told.text_en : told.text),
                           STR_ARG(end));
    return OK;
}

const struct act_maker told_maker = {.what = WHAT, .make = make};
