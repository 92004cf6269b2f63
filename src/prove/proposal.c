#include "prove/proposal.h"

#include "base/id.h"
#include "base/zone.h"

const char *const proposal_states[] = {"draft", "asked", "approved", "declined", "done", NULL};

#define AT(member) offsetof(struct proposal, member)
static const struct shape_field fields[] = {
    {"id", SHAPE_ID, AT(id), .flags = SHAPE_READ_ONLY},
    {"title", SHAPE_STR, AT(title), .min = 1, .max = 200, .flags = SHAPE_REQUIRED, .help = "shape.proposal.title"},
    {"why", SHAPE_STR, AT(why), .max = 4000, .help = "shape.proposal.why"},
    {"what", SHAPE_STR, AT(what), .max = 4000, .help = "shape.proposal.what"},
    {"decision", SHAPE_STR, AT(decision), .max = 1000, .help = "shape.proposal.decision"},
    {"touchpoint", SHAPE_STR, AT(touchpoint), .max = 200, .help = "shape.proposal.touchpoint"},
    {"department", SHAPE_STR, AT(department), .max = 200, .help = "shape.proposal.department"},
    {"meeting", SHAPE_STR, AT(meeting), .max = 10, .help = "shape.proposal.meeting"},
    {"state", SHAPE_WORD, AT(state), .words = proposal_states, .help = "shape.proposal.state"},
    {"note", SHAPE_STR, AT(note), .max = 4000, .help = "shape.proposal.note"},
    {"decided_by", SHAPE_STR, AT(decided_by), .flags = SHAPE_READ_ONLY},
    {"decided_ms", SHAPE_TIME, AT(decided_ms), .flags = SHAPE_READ_ONLY},
    {"done_ms", SHAPE_TIME, AT(done_ms), .flags = SHAPE_READ_ONLY},
    {"told_ms", SHAPE_TIME, AT(told_ms), .flags = SHAPE_READ_ONLY, .help = "shape.proposal.told_ms"},
    {"survey", SHAPE_STR, AT(survey), .max = 64, .help = "shape.proposal.survey"},
    {"pains", SHAPE_IDS, AT(pains), .max = PROPOSAL_PAINS_MAX, .help = "shape.proposal.pains"},
    {"by", SHAPE_STR, AT(by), .flags = SHAPE_READ_ONLY},
    {"created_ms", SHAPE_TIME, AT(created_ms), .flags = SHAPE_READ_ONLY},
    {"changed_ms", SHAPE_TIME, AT(changed_ms), .flags = SHAPE_READ_ONLY},
};
const struct shape proposal_shape = SHAPE("Proposal", struct proposal, fields, "shape.proposal");

/* The records have the pain points in rows of their own. */
static const struct shape_field row_fields[] = {
    {"proposal", SHAPE_ID, 0},
    {"pain", SHAPE_ID, sizeof(i64)},
};
struct pain_row {
    i64 proposal, pain;
};
static const struct shape row_shape = SHAPE("ProposalPain", struct pain_row, row_fields, NULL);

bool proposal_decided(i32 state)
{
    return state == PROPOSAL_APPROVED || state == PROPOSAL_DECLINED || state == PROPOSAL_DONE;
}

static str name_of(const struct principal *who)
{
    str name = who->asker == ASKER_USER && who->user_name.len > 0 ? who->user_name : who->name;
    return str_is(name) ? name : STR("");
}

static err settle(struct ctx *ctx, struct proposal *proposal)
{
    str *texts[] = {&proposal->title,    &proposal->why,        &proposal->what,
                    &proposal->decision, &proposal->touchpoint, &proposal->department,
                    &proposal->meeting,  &proposal->note,       &proposal->survey};
    i64 at_ms;
    for (i64 i = 0; i < countof(texts); i++) {
        *texts[i] = str_is(*texts[i]) ? str_trim(*texts[i]) : STR("");
    }
    if (proposal->title.len == 0) {
        return FAIL(ctx, ERR_INVALID, "title", "error.required", {"field", STR("title")});
    }
    if (proposal->meeting.len > 0 &&
        (proposal->meeting.len != 10 || !iso_parse(zone_utc(), proposal->meeting, &at_ms))) {
        return FAIL(ctx, ERR_INVALID, "meeting", "error.benchmark.date");
    }
    if (proposal->state == PROPOSAL_ASKED && proposal->decision.len == 0) {
        return FAIL(ctx, ERR_INVALID, "decision", "error.proposal.decision");
    }
    proposal->changed_ms = ctx_now_ms(ctx);
    return OK;
}

/* When it was decided and done, as the state says. */
static void date(struct ctx *ctx, const struct principal *who, const struct proposal *before, struct proposal *proposal)
{
    bool decided = proposal_decided(proposal->state);
    bool kept = proposal_decided(before->state) && before->decided_ms > 0 &&
                (before->state == proposal->state || proposal->state == PROPOSAL_DONE ||
                 before->state == PROPOSAL_DONE);
    proposal->decided_ms = !decided ? 0 : kept ? before->decided_ms : ctx_now_ms(ctx);
    proposal->decided_by = !decided ? STR("") : kept ? before->decided_by : name_of(who);
    bool done = proposal->state == PROPOSAL_DONE;
    proposal->done_ms = !done ? 0 : before->done_ms > 0 ? before->done_ms : ctx_now_ms(ctx);
    proposal->told_ms = before->told_ms;
}

static err put_pains(struct ctx *ctx, struct store *store, const struct proposal *proposal)
{
    TRY(store_run(ctx, store, SQL_PROPOSAL_PAINS_CLEAR, ARGS(ARG_ID("proposal", proposal->id)), NULL));
    for (i64 i = 0; i < proposal->pains.count; i++) {
        i64 there = 0, pain = proposal->pains.items[i];
        TRY(store_number(ctx, store, SQL_PROPOSAL_PAIN_IS, ARGS(ARG_ID("pain", pain)), &there));
        if (there == 0) {
            return FAIL(ctx, ERR_INVALID, "pains", "error.proposal.pain");
        }
        TRY(store_run(ctx, store, SQL_PROPOSAL_PAIN_ADD, ARGS(ARG_ID("proposal", proposal->id), ARG_ID("pain", pain)),
                      NULL));
    }
    return OK;
}

err proposal_add(struct ctx *ctx, struct store *store, const struct principal *who, struct proposal *proposal)
{
    i64 count = 0;
    TRY(settle(ctx, proposal));
    TRY(store_number(ctx, store, SQL_PROPOSAL_COUNT, ARGS_NONE, &count));
    if (count >= PROPOSALS_MAX) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.saved.full",
                    {"most", str_format(&ctx->arena, "%d", PROPOSALS_MAX)});
    }
    proposal->id = id_new();
    proposal->by = name_of(who);
    proposal->created_ms = proposal->changed_ms;
    date(ctx, who, &(struct proposal){0}, proposal);
    TRY(store_run(ctx, store, SQL_PROPOSAL_ADD, ARGS_OF(&proposal_shape, proposal), NULL));
    return put_pains(ctx, store, proposal);
}

/* Rows of pain points are ordered by proposal. */
static struct id_list pains_of(struct ctx *ctx, const struct shape_list *rows, i64 proposal)
{
    struct id_list list = {.items = arena_new(&ctx->arena, i64, PROPOSAL_PAINS_MAX)};
    for (i64 i = 0; i < rows->count && list.count < PROPOSAL_PAINS_MAX; i++) {
        const struct pain_row *row = &((const struct pain_row *)rows->items)[i];
        if (row->proposal == proposal) {
            list.items[list.count++] = row->pain;
        }
    }
    return list;
}

static bool rests_on(const struct id_list *pains, i64 pain)
{
    for (i64 i = 0; i < pains->count; i++) {
        if (pains->items[i] == pain) {
            return true;
        }
    }
    return pain == 0;
}

err proposal_list(struct ctx *ctx, struct store *store, const struct proposal_filter *filter, struct shape_list *out)
{
    struct shape_list all, rows;
    TRY(store_all(ctx, store, SQL_PROPOSAL_ROWS, ARGS_NONE, &proposal_shape, &all));
    TRY(store_all(ctx, store, SQL_PROPOSAL_PAIN_ROWS, ARGS_NONE, &row_shape, &rows));
    struct proposal *items = all.items;
    *out = (struct shape_list){items, 0};
    for (i64 i = 0; i < all.count; i++) {
        struct proposal proposal = items[i];
        proposal.pains = pains_of(ctx, &rows, proposal.id);
        if ((filter->state < 0 || proposal.state == filter->state) && rests_on(&proposal.pains, filter->pain)) {
            items[out->count++] = proposal;
        }
    }
    return OK;
}

err proposal_get(struct ctx *ctx, struct store *store, i64 id, struct proposal *out)
{
    struct shape_list rows;
    *out = (struct proposal){0};
    err code = store_one(ctx, store, SQL_PROPOSAL_ROW, ARGS(ARG_ID("id", id)), &proposal_shape, out);
    if (code == ERR_NOT_FOUND) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.not_found");
    }
    TRY(code);
    TRY(store_all(ctx, store, SQL_PROPOSAL_PAIN_ROWS, ARGS_NONE, &row_shape, &rows));
    out->pains = pains_of(ctx, &rows, id);
    return OK;
}

err proposal_change(struct ctx *ctx, struct store *store, const struct principal *who, const struct proposal *before,
                    struct proposal *proposal)
{
    TRY(settle(ctx, proposal));
    proposal->id = before->id;
    proposal->by = before->by;
    proposal->created_ms = before->created_ms;
    date(ctx, who, before, proposal);
    TRY(store_run(ctx, store, SQL_PROPOSAL_CHANGE, ARGS_OF(&proposal_shape, proposal), NULL));
    return put_pains(ctx, store, proposal);
}

err proposal_remove(struct ctx *ctx, struct store *store, i64 id, struct proposal *removed)
{
    TRY(proposal_get(ctx, store, id, removed));
    return store_run(ctx, store, SQL_PROPOSAL_REMOVE, ARGS(ARG_ID("id", id)), NULL);
}

err proposal_told(struct ctx *ctx, struct store *store, i64 id)
{
    return store_run(ctx, store, SQL_PROPOSAL_TOLD, ARGS(ARG_ID("id", id), ARG_I64("told_ms", ctx_now_ms(ctx))), NULL);
}
