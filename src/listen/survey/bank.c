#include "listen/survey/bank.h"

#include "listen/survey/survey.h"
#include "listen/survey/texts.h"

#define I(member) offsetof(struct bank_item, member)
static const struct shape_field item_fields[] = {
    {"key", SHAPE_STR, I(key), .flags = SHAPE_REQUIRED, .help = "shape.bank.key"},
    {"group", SHAPE_STR, I(group), .flags = SHAPE_REQUIRED},
    {"note", SHAPE_JSON, I(note), .flags = SHAPE_OMIT_NONE, .help = "shape.survey.texts"},
    {"source", SHAPE_STR, I(source), .flags = SHAPE_OMIT_NONE},
    {"question", SHAPE_JSON, I(question), .flags = SHAPE_REQUIRED, .help = "shape.bank.question"},
};
const struct shape bank_item_shape = SHAPE("BankItem", struct bank_item, item_fields, "shape.bank_item");
#undef I

static const struct shape_field template_fields[] = {
    {"key", SHAPE_STR, offsetof(struct bank_template, key), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_JSON, offsetof(struct bank_template, name), .flags = SHAPE_REQUIRED, .help = "shape.survey.texts"},
    {"document", SHAPE_JSON, offsetof(struct bank_template, document), .flags = SHAPE_REQUIRED,
     .help = "shape.bank.document"},
};
const struct shape bank_template_shape = SHAPE("SurveyTemplate", struct bank_template, template_fields,
                                               "shape.survey_template");

static const struct shape_field bank_fields[] = {
    {"items", SHAPE_LIST, offsetof(struct bank, items), .of = &bank_item_shape},
    {"templates", SHAPE_LIST, offsetof(struct bank, templates), .of = &bank_template_shape},
};
static const struct shape bank_shape = SHAPE("Bank", struct bank, bank_fields, NULL);

err survey_bank(struct ctx *ctx, struct bank *out)
{
    *out = (struct bank){0};
    return shape_parse(ctx, &bank_shape, survey_text_bank, out, NULL);
}

/* The item as a document of one question, so that the same code reads both. */
static err read_item(struct ctx *ctx, const struct bank_item *item, struct survey_document *out)
{
    str rest = str_slice(item->question, 1, item->question.len);
    str text = str_format(&ctx->arena,
                          "{\"languages\":[\"vi\",\"en\"],\"name\":\"x\",\"questions\":[{\"id\":\"q\",%.*s]}",
                          STR_ARG(rest));
    return survey_document_read(ctx, text, out);
}

bool survey_bank_same(struct ctx *ctx, const struct survey_asked *asked)
{
    struct bank bank;
    struct survey_document document;
    if (survey_bank(ctx, &bank) != OK) {
        ctx_forgive(ctx);
        return false;
    }
    const struct bank_item *items = bank.items.items;
    for (i64 i = 0; i < bank.items.count; i++) {
        if (str_eq(items[i].key, asked->question->bank) && read_item(ctx, &items[i], &document) == OK) {
            const struct survey_question *own = survey_question_at(&document, 0);
            return survey_same_meaning(asked->question, own) &&
                   survey_same_words(ctx, asked, &(struct survey_asked){&document, own});
        }
    }
    ctx_forgive(ctx);
    return false;
}
