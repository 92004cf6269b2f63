#include "prove/demo.h"

#include "listen/demo/texts.h"
#include "listen/voices/pain.h"
#include "prove/proposal.h"
#include "store/settings.h"

struct proposed {
    str title, why, what, decision, touchpoint, department, note;
    i32 state;
    i64 pain;          /* its place in the list of pain points */
    i64 decided, done; /* how many days ago; 0: not yet */
};

struct findings {
    struct shape_list pains;     /* struct pain */
    struct shape_list proposals; /* struct proposed */
};

static const struct shape_field pain_fields[] = {
    {"name", SHAPE_STR, offsetof(struct pain, name), .flags = SHAPE_REQUIRED},
    {"description", SHAPE_STR, offsetof(struct pain, description), .flags = SHAPE_REQUIRED},
    {"touchpoint", SHAPE_STR, offsetof(struct pain, touchpoint), .flags = SHAPE_REQUIRED},
    {"status", SHAPE_WORD, offsetof(struct pain, status), .words = pain_status_words, .flags = SHAPE_REQUIRED},
    {"matches", SHAPE_JSON, offsetof(struct pain, matches), .flags = SHAPE_REQUIRED},
};
static const struct shape pain_kept_shape = SHAPE("DemoPain", struct pain, pain_fields, NULL);

#define AT(member) offsetof(struct proposed, member)
static const struct shape_field proposed_fields[] = {
    {"title", SHAPE_STR, AT(title), .flags = SHAPE_REQUIRED},
    {"why", SHAPE_STR, AT(why), .flags = SHAPE_REQUIRED},
    {"what", SHAPE_STR, AT(what), .flags = SHAPE_REQUIRED},
    {"decision", SHAPE_STR, AT(decision), .flags = SHAPE_REQUIRED},
    {"touchpoint", SHAPE_STR, AT(touchpoint), .flags = SHAPE_REQUIRED},
    {"department", SHAPE_STR, AT(department), .flags = SHAPE_REQUIRED},
    {"state", SHAPE_WORD, AT(state), .words = proposal_states, .flags = SHAPE_REQUIRED},
    {"note", SHAPE_STR, AT(note)},
    {"pain", SHAPE_I64, AT(pain), .flags = SHAPE_REQUIRED},
    {"decided", SHAPE_I64, AT(decided)},
    {"done", SHAPE_I64, AT(done)},
};
static const struct shape proposed_shape = SHAPE("DemoProposal", struct proposed, proposed_fields, NULL);

static const struct shape_field findings_fields[] = {
    {"pains", SHAPE_LIST, offsetof(struct findings, pains), .of = &pain_kept_shape, .flags = SHAPE_REQUIRED},
    {"proposals", SHAPE_LIST, offsetof(struct findings, proposals), .of = &proposed_shape, .flags = SHAPE_REQUIRED},
};
static const struct shape findings_shape = SHAPE("DemoFindings", struct findings, findings_fields, NULL);

static i64 days_ago(struct ctx *ctx, i64 days)
{
    const i64 day_ms = 24 * 3600 * 1000;
    return days == 0 ? 0 : ctx_now_ms(ctx) - days * day_ms;
}

static err propose(struct ctx *ctx, struct store *store, const struct principal *who, const struct proposed *proposed,
                   const struct shape_list *pains)
{
    struct proposal proposal = {
        .title = proposed->title,
        .why = proposed->why,
        .what = proposed->what,
        .decision = proposed->decision,
        .touchpoint = proposed->touchpoint,
        .department = proposed->department,
        .note = proposed->note,
        .state = proposed->state,
    };
    i64 pain = ((const struct pain *)pains->items)[proposed->pain].id;
    proposal.pains = (struct id_list){&pain, 1};
    TRY(proposal_add(ctx, store, who, &proposal));
    proposal.decided_ms = days_ago(ctx, proposed->decided);
    proposal.done_ms = days_ago(ctx, proposed->done);
    return store_run(ctx, store, SQL_PROPOSAL_CHANGE, ARGS_OF(&proposal_shape, &proposal), NULL);
}

struct filling {
    const struct feedback_source_of *from;
    struct principal who;
    struct findings findings;
};

static err put(struct ctx *ctx, struct store *store, void *arg)
{
    struct filling *filling = arg;
    struct shape_list *pains = &filling->findings.pains, *proposals = &filling->findings.proposals;
    for (i64 i = pains->count - 1; i >= 0; i--) { // the newest is shown first
        TRY(pain_add(ctx, filling->from, filling->who.name, &((struct pain *)pains->items)[i]));
    }
    for (i64 i = proposals->count - 1; i >= 0; i--) {
        TRY(propose(ctx, store, &filling->who, &((const struct proposed *)proposals->items)[i], pains));
    }
    return OK;
}

err prove_demo_fill(struct ctx *ctx, const struct feedback_source_of *from)
{
    struct shape_list there;
    struct settings settings;
    struct filling filling = {.from = from, .who = guard_local()};
    TRY(pain_list(ctx, from->store, NULL, &there));
    if (there.count > 0) {
        return OK;
    }
    TRY(settings_read(ctx, from->store, &settings));
    filling.who.name = settings.organisation;
    TRY(shape_parse(ctx, &findings_shape, demo_text_findings, &filling.findings, NULL));
    TRY(store_write(ctx, from->store, put, &filling));
    return pain_match(ctx, from, NULL);
}

err prove_clear(struct ctx *ctx, struct store *store)
{
    TRY(store_run(ctx, store, SQL_PROPOSAL_CLEAR, ARGS_NONE, NULL));
    TRY(store_run(ctx, store, SQL_BENCHMARK_CLEAR, ARGS_NONE, NULL));
    return store_run(ctx, store, SQL_PAINS_CLEAR, ARGS_NONE, NULL);
}
