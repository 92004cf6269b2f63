#include "http/problem.h"

static const struct shape_field error_fields[] = {
    {"pointer", SHAPE_STR, offsetof(struct problem_error, pointer), .flags = SHAPE_REQUIRED},
    {"detail", SHAPE_STR, offsetof(struct problem_error, detail), .flags = SHAPE_REQUIRED},
};
static const struct shape error_shape = SHAPE("ProblemError", struct problem_error, error_fields,
                                              "shape.problem_error");

static const struct shape_field progress_fields[] = {
    {"share", SHAPE_F64, offsetof(struct problem_progress, share), .flags = SHAPE_REQUIRED,
     .help = "shape.progress.share"},
    {"doing", SHAPE_STR, offsetof(struct problem_progress, doing), .flags = SHAPE_REQUIRED,
     .help = "shape.progress.doing"},
    {"events", SHAPE_I64, offsetof(struct problem_progress, events), .flags = SHAPE_REQUIRED,
     .help = "shape.progress.events"},
    {"of", SHAPE_I64, offsetof(struct problem_progress, of), .flags = SHAPE_REQUIRED, .help = "shape.progress.of"},
};
static const struct shape progress_shape = SHAPE("Progress", struct problem_progress, progress_fields,
                                                 "shape.progress");

static const struct shape_field problem_fields[] = {
    {"type", SHAPE_STR, offsetof(struct problem, type), .flags = SHAPE_REQUIRED, .help = "shape.problem.type"},
    {"title", SHAPE_STR, offsetof(struct problem, title), .flags = SHAPE_REQUIRED},
    {"status", SHAPE_I64, offsetof(struct problem, status), .flags = SHAPE_REQUIRED},
    {"detail", SHAPE_STR, offsetof(struct problem, detail), .flags = SHAPE_REQUIRED},
    {"instance", SHAPE_STR, offsetof(struct problem, instance), .flags = SHAPE_REQUIRED},
    {"errors", SHAPE_LIST, offsetof(struct problem, errors), .of = &error_shape, .flags = SHAPE_REQUIRED},
    {"progress", SHAPE_MAYBE_OBJECT, offsetof(struct problem, progress), .of = &progress_shape,
     .flags = SHAPE_OMIT_NONE, .help = "shape.problem.progress"},
};
const struct shape problem_shape = SHAPE("Problem", struct problem, problem_fields, "shape.problem");

i32 problem_status(err code)
{
    static const i32 statuses[ERR_COUNT_] = {
        [OK] = 200,
        [ERR_MALFORMED] = 400,
        [ERR_INVALID] = 422,
        [ERR_EMPTY] = 404,
        [ERR_UNAUTHENTICATED] = 401,
        [ERR_FORBIDDEN] = 403,
        [ERR_NOT_FOUND] = 404,
        [ERR_METHOD] = 405,
        [ERR_CONFLICT] = 409,
        [ERR_GONE] = 410,
        [ERR_STALE] = 412,
        [ERR_TOO_LARGE] = 413,
        [ERR_BUSY] = 429,
        [ERR_UNAVAILABLE] = 503,
        [ERR_CANCELLED] = 503,
        [ERR_IO] = 500,
        [ERR_CORRUPT] = 500,
    };
    return statuses[code];
}

/* What the disk or the program said is for the log, not for the reader. */
static bool may_tell(i32 status, const struct fault *fault)
{
    return status != 500 && fault->key != NULL && sentence_exists(fault->key);
}

struct problem_progress problem_progress(const struct progress *progress)
{
    const char *doing = atomic_load(&progress->doing);
    struct problem_progress out = {.share = progress_share(progress),
                                   .doing = str_from(doing != NULL ? doing : "begin")};
    if (str_eq(out.doing, STR("events"))) {
        out.events = atomic_load(&progress->done);
        out.of = greater(out.events, atomic_load(&progress->of));
    }
    return out;
}

str problem_text(struct arena *arena, enum language language, const struct problem_case *what)
{
    const struct fault *fault = what->fault;
    i32 status = what->status != 0 ? what->status : problem_status(what->code);
    const char *name = status == problem_status(what->code) ? err_name(what->code) : "refused";
    const char *title_key = str_c(arena, str_format(arena, "problem.%s", name));
    str title = sentence(language, title_key);
    bool tell = may_tell(status, fault);
    str detail = tell ? sentence_fill(arena, language, fault->key, fault->args, fault->arg_count) : title;
    struct problem_error error = {fault->pointer, detail};
    bool places = tell && fault->pointer.len > 0;
    struct problem problem = {
        .type = str_format(arena, "urn:cham:problem:%s", name),
        .title = title,
        .status = status,
        .detail = detail,
        .instance = str_format(arena, "urn:cham:request:%.*s", STR_ARG(what->request)),
        .errors = {places ? &error : NULL, places ? 1 : 0},
        .progress = what->progress,
    };
    struct json_writer writer = json_writer_in(arena);
    shape_write(&writer, &problem_shape, &problem, SHAPE_ALL);
    return json_text(&writer);
}
