/* What is made of notes: passages with what they are about, and findings. */
#include "base/id.h"
#include "listen/voices/study.h"
#include "text/fold.h"

static const struct shape_field passage_fields[] = {
    {"id", SHAPE_ID, offsetof(struct study_passage, id), .flags = SHAPE_REQUIRED},
    {"note", SHAPE_ID, offsetof(struct study_passage, note), .flags = SHAPE_REQUIRED},
    {"quote", SHAPE_STR, offsetof(struct study_passage, quote), .flags = SHAPE_PERSONAL | SHAPE_OMIT_NONE},
    {"first", SHAPE_I64, offsetof(struct study_passage, first), .flags = SHAPE_REQUIRED, .help = "shape.passage.first"},
    {"length", SHAPE_I64, offsetof(struct study_passage, length), .flags = SHAPE_REQUIRED},
    {"touchpoint", SHAPE_STR, offsetof(struct study_passage, touchpoint)},
    {"pain", SHAPE_ID, offsetof(struct study_passage, pain)},
    {"code", SHAPE_STR, offsetof(struct study_passage, code), .help = "shape.passage.code"},
    {"by", SHAPE_STR, offsetof(struct study_passage, by), .flags = SHAPE_REQUIRED},
    {"at_ms", SHAPE_TIME, offsetof(struct study_passage, at_ms), .flags = SHAPE_REQUIRED},
};
const struct shape study_passage_shape = SHAPE("StudyPassage", struct study_passage, passage_fields, "shape.passage");

static const struct shape_field row_fields[] = {
    {"id", SHAPE_ID, offsetof(struct study_passage, id)},
    {"note", SHAPE_ID, offsetof(struct study_passage, note)},
    {"first", SHAPE_I64, offsetof(struct study_passage, first)},
    {"length", SHAPE_I64, offsetof(struct study_passage, length)},
    {"touchpoint", SHAPE_STR, offsetof(struct study_passage, touchpoint)},
    {"pain", SHAPE_ID, offsetof(struct study_passage, pain)},
    {"code", SHAPE_STR, offsetof(struct study_passage, code)},
    {"by_name", SHAPE_STR, offsetof(struct study_passage, by)},
    {"at_ms", SHAPE_I64, offsetof(struct study_passage, at_ms)},
};
static const struct shape row_shape = SHAPE("StudyPassageRow", struct study_passage, row_fields, NULL);

static const struct shape_field finding_fields[] = {
    {"id", SHAPE_ID, offsetof(struct study_finding, id), .flags = SHAPE_REQUIRED},
    {"study", SHAPE_ID, offsetof(struct study_finding, study), .flags = SHAPE_REQUIRED},
    {"title", SHAPE_STR, offsetof(struct study_finding, title), .flags = SHAPE_REQUIRED},
    {"text", SHAPE_STR, offsetof(struct study_finding, text), .flags = SHAPE_REQUIRED},
    {"touchpoint", SHAPE_STR, offsetof(struct study_finding, touchpoint)},
    {"pain", SHAPE_ID, offsetof(struct study_finding, pain)},
    {"passages", SHAPE_JSON, offsetof(struct study_finding, passages), .flags = SHAPE_REQUIRED,
     .help = "shape.finding.passages"},
    {"by", SHAPE_STR, offsetof(struct study_finding, by), .flags = SHAPE_REQUIRED},
    {"at_ms", SHAPE_TIME, offsetof(struct study_finding, at_ms), .flags = SHAPE_REQUIRED},
};
const struct shape study_finding_shape = SHAPE("StudyFinding", struct study_finding, finding_fields, "shape.finding");

static const struct shape_field finding_row_fields[] = {
    {"id", SHAPE_ID, offsetof(struct study_finding, id)},
    {"study", SHAPE_ID, offsetof(struct study_finding, study)},
    {"title", SHAPE_STR, offsetof(struct study_finding, title)},
    {"text", SHAPE_STR, offsetof(struct study_finding, text)},
    {"touchpoint", SHAPE_STR, offsetof(struct study_finding, touchpoint)},
    {"pain", SHAPE_ID, offsetof(struct study_finding, pain)},
    {"passages", SHAPE_STR, offsetof(struct study_finding, passages)},
    {"by_name", SHAPE_STR, offsetof(struct study_finding, by)},
    {"at_ms", SHAPE_I64, offsetof(struct study_finding, at_ms)},
};
static const struct shape finding_row_shape = SHAPE("StudyFindingRow", struct study_finding, finding_row_fields, NULL);

static err check_pain(struct ctx *ctx, struct store *store, i64 pain)
{
    i64 there = 1;
    if (pain != 0) {
        TRY(store_number(ctx, store, SQL_PAIN_THERE, ARGS(ARG_I64("id", pain)), &there));
    }
    return there > 0 ? OK : FAIL(ctx, ERR_INVALID, "pain", "error.pain.none");
}

err study_code(struct ctx *ctx, struct store *store, i64 study, str text, struct study_passage *passage)
{
    i64 own = 0;
    str quote = str_trim(fold_nfc(&ctx->arena, passage->quote));
    i64 first = quote.len == 0 ? -1 : str_find(text, quote);
    TRY(store_number(ctx, store, SQL_STUDY_NOTE_STUDY, ARGS(ARG_I64("note", passage->note)), &own));
    if (own != study) {
        return ERR_NOT_FOUND;
    }
    if (first < 0) {
        return FAIL(ctx, ERR_INVALID, "quote", "error.study.quote");
    }
    TRY(check_pain(ctx, store, passage->pain));
    passage->id = id_new();
    passage->quote = quote;
    passage->first = first;
    passage->length = quote.len;
    passage->at_ms = ctx_now_ms(ctx);
    passage->touchpoint = passage->touchpoint.len > 0 ? passage->touchpoint : STR_NONE;
    passage->code = passage->code.len > 0 ? passage->code : STR_NONE;
    TRY(store_run(ctx, store, SQL_STUDY_PASSAGE_ADD, ARGS_OF(&row_shape, passage), NULL));
    return passage->pain == 0 ? OK
                              : store_run(ctx, store, SQL_PAIN_LINK,
                                          ARGS(ARG_I64("feedback", passage->note), ARG_I64("pain", passage->pain),
                                               ARG_STR("how", STR("hand")), ARG_STR("by_name", passage->by),
                                               ARG_I64("at_ms", passage->at_ms)),
                                          NULL);
}

err study_passages(struct ctx *ctx, struct store *store, i64 study, struct shape_list *out)
{
    return store_all(ctx, store, SQL_STUDY_PASSAGES, ARGS(ARG_I64("study", study)), &row_shape, out);
}

static err gone(i64 changed)
{
    return changed > 0 ? OK : ERR_NOT_FOUND;
}

err study_uncode(struct ctx *ctx, struct store *store, i64 id)
{
    i64 changed;
    TRY(store_run(ctx, store, SQL_STUDY_PASSAGE_REMOVE, ARGS(ARG_I64("id", id)), &changed));
    return gone(changed);
}

err study_find(struct ctx *ctx, struct store *store, struct study_finding *finding)
{
    TRY(check_pain(ctx, store, finding->pain));
    finding->id = id_new();
    finding->at_ms = ctx_now_ms(ctx);
    finding->text = str_is(finding->text) ? finding->text : STR("");
    finding->passages = finding->passages.len > 0 ? finding->passages : STR("[]");
    finding->touchpoint = finding->touchpoint.len > 0 ? finding->touchpoint : STR_NONE;
    return store_run(ctx, store, SQL_STUDY_FINDING_ADD, ARGS_OF(&finding_row_shape, finding), NULL);
}

err study_findings(struct ctx *ctx, struct store *store, i64 study, struct shape_list *out)
{
    return store_all(ctx, store, SQL_STUDY_FINDINGS, ARGS(ARG_I64("study", study)), &finding_row_shape, out);
}

err study_unfind(struct ctx *ctx, struct store *store, i64 id)
{
    i64 changed;
    TRY(store_run(ctx, store, SQL_STUDY_FINDING_REMOVE, ARGS(ARG_I64("id", id)), &changed));
    return gone(changed);
}
