/* How many answers a survey needs: /api/v1/sample-size. Nothing is stored. */
#include "measure/sample.h"

#include "api/app.h"
#include "api/routes.h"

enum aim { AIM_SHARE, AIM_NPS, AIM_DIFFERENCE };

static const char *const aim_words[] = {"share", "nps", "difference", NULL};

struct sample_query {
    i32 aim;
    struct maybe_f64 share, other, margin, promoters, detractors, power, response_rate;
    i64 population;
};

static const struct shape_field query_fields[] = {
    {"aim", SHAPE_WORD, offsetof(struct sample_query, aim), .words = aim_words, .help = "shape.sample.aim"},
    {"share", SHAPE_MAYBE_F64, offsetof(struct sample_query, share), .help = "shape.sample.share"},
    {"other", SHAPE_MAYBE_F64, offsetof(struct sample_query, other), .help = "shape.sample.other"},
    {"margin", SHAPE_MAYBE_F64, offsetof(struct sample_query, margin), .help = "shape.sample.margin"},
    {"promoters", SHAPE_MAYBE_F64, offsetof(struct sample_query, promoters), .help = "shape.sample.promoters"},
    {"detractors", SHAPE_MAYBE_F64, offsetof(struct sample_query, detractors), .help = "shape.sample.promoters"},
    {"power", SHAPE_MAYBE_F64, offsetof(struct sample_query, power), .help = "shape.sample.power"},
    {"response_rate", SHAPE_MAYBE_F64, offsetof(struct sample_query, response_rate),
     .help = "shape.sample.response_rate"},
    {"population", SHAPE_I64, offsetof(struct sample_query, population), .min = 0, .max = 1000000000000,
     .help = "shape.sample.population"},
};
static const struct shape query_shape = SHAPE("SampleQuery", struct sample_query, query_fields, "shape.sample_query");

struct sample_size {
    i64 answers;                  /* in each group, where there are two */
    struct maybe_i64 invitations; /* for a known response rate */
};

static const struct shape_field size_fields[] = {
    {"answers", SHAPE_I64, offsetof(struct sample_size, answers), .flags = SHAPE_REQUIRED,
     .help = "shape.sample.answers"},
    {"invitations", SHAPE_MAYBE_I64, offsetof(struct sample_size, invitations), .flags = SHAPE_REQUIRED,
     .help = "shape.sample.invitations"},
};
static const struct shape size_shape = SHAPE("SampleSize", struct sample_size, size_fields, "shape.sample_size");

static f64 given(struct maybe_f64 value, f64 otherwise)
{
    return value.is ? value.value : otherwise;
}

static err answers_for(const struct sample_query *query, i64 *answers)
{
    switch ((enum aim)query->aim) {
    case AIM_SHARE:
        return sample_for_share(given(query->share, 0.5), given(query->margin, 0.05), query->population, answers);
    case AIM_NPS:
        return sample_for_nps(given(query->promoters, 0.5), given(query->detractors, 0.2), given(query->margin, 5),
                              query->population, answers);
    case AIM_DIFFERENCE:
        return sample_for_difference(given(query->share, 0.5), given(query->other, 0.6), given(query->power, 0.8),
                                     answers);
    }
    return ERR_INVALID;
}

static err show(struct request *request, struct reply *reply)
{
    const struct sample_query *query = request->query;
    struct sample_size size = {0};
    if (answers_for(query, &size.answers) != OK) {
        return FAIL(request->ctx, ERR_INVALID, NULL, "error.sample");
    }
    if (query->response_rate.is) {
        size.invitations.is = true;
        if (sample_invitations(size.answers, query->response_rate.value, &size.invitations.value) != OK) {
            return FAIL(request->ctx, ERR_INVALID, "response_rate", "error.sample");
        }
    }
    return reply_shape(reply, &size_shape, &size);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/sample-size", show, RIGHT_SURVEYS_READ, .query = &query_shape, .out = &size_shape,
     .flags = ROUTE_INLINE, .summary = "route.sample"},
};
const struct route_table sample_routes = ROUTES(routes);
