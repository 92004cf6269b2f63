/* Benchmarks: /api/v1/benchmarks. What others reached, and whether it may stand beside a figure of ours. */
#include "api/app.h"
#include "api/routes.h"
#include "prove/benchmark.h"

static err list(struct request *request, struct reply *reply)
{
    struct shape_list items;
    TRY(benchmark_list(request->ctx, request->app->store, &items));
    return reply_list(reply, &benchmark_shape, items, STR_NONE);
}

static err create(struct request *request, struct reply *reply)
{
    struct benchmark benchmark = *(const struct benchmark *)request->input;
    TRY(benchmark_add(request->ctx, request->app->store, request->who, &benchmark));
    TRY(request_audit(request, "benchmark.create", benchmark.name, STR("")));
    return reply_shape(reply, &benchmark_shape, &benchmark);
}

static err replace(struct request *request, struct reply *reply)
{
    struct benchmark before, benchmark = *(const struct benchmark *)request->input;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(benchmark_get(request->ctx, request->app->store, id, &before));
    benchmark.id = id;
    benchmark.by = before.by;
    benchmark.created_ms = before.created_ms;
    TRY(benchmark_change(request->ctx, request->app->store, &benchmark));
    TRY(request_audit(request, "benchmark.change", benchmark.name, STR("")));
    return reply_shape(reply, &benchmark_shape, &benchmark);
}

static err remove_benchmark(struct request *request, struct reply *reply)
{
    struct benchmark benchmark;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(benchmark_remove(request->ctx, request->app->store, id, &benchmark));
    TRY(request_audit(request, "benchmark.remove", benchmark.name, STR("")));
    return reply_nothing(reply);
}

/* Beside a figure of ours. */

static const struct shape_field ours_fields[] = {
    {"metric", SHAPE_WORD, offsetof(struct benchmark_ours, metric), .words = benchmark_metrics},
    {"scale", SHAPE_STR, offsetof(struct benchmark_ours, scale), .max = 20, .help = "shape.benchmark.scale"},
    {"question", SHAPE_STR, offsetof(struct benchmark_ours, question), .max = 200, .help = "shape.benchmark.question"},
    {"asked", SHAPE_STR, offsetof(struct benchmark_ours, asked), .max = 100, .help = "shape.benchmark.asked"},
};
static const struct shape ours_shape = SHAPE("BenchmarkOurs", struct benchmark_ours, ours_fields,
                                             "shape.benchmark_ours");

struct beside {
    struct benchmark benchmark;
    str differs; /* none: comparable */
};

static const struct shape_field beside_fields[] = {
    {"benchmark", SHAPE_OBJECT, offsetof(struct beside, benchmark), .of = &benchmark_shape, .flags = SHAPE_REQUIRED},
    {"differs", SHAPE_STR, offsetof(struct beside, differs), .help = "shape.benchmark.differs"},
};
static const struct shape beside_shape = SHAPE("BenchmarkBeside", struct beside, beside_fields,
                                               "shape.benchmark_beside");

static err list_beside(struct request *request, struct reply *reply)
{
    const struct benchmark_ours *ours = request->query;
    struct shape_list all;
    TRY(benchmark_list(request->ctx, request->app->store, &all));
    struct beside *items = arena_new(&request->ctx->arena, struct beside, greater(all.count, 1));
    i64 count = 0;
    for (i64 i = 0; i < all.count; i++) {
        const struct benchmark *benchmark = &((const struct benchmark *)all.items)[i];
        const char *differs = benchmark_differs(benchmark, ours);
        if (benchmark->metric == ours->metric) {
            items[count++] = (struct beside){*benchmark, differs == NULL ? STR_NONE : str_from(differs)};
        }
    }
    return reply_list(reply, &beside_shape, (struct shape_list){items, count}, STR_NONE);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/benchmarks", list, RIGHT_ASK, .out = &benchmark_shape, .flags = ROUTE_LIST,
     .summary = "route.benchmarks.list"},
    {HTTP_GET, "/api/v1/benchmarks/beside", list_beside, RIGHT_ASK, .query = &ours_shape, .out = &beside_shape,
     .flags = ROUTE_LIST, .summary = "route.benchmarks.beside"},
    {HTTP_POST, "/api/v1/benchmarks", create, RIGHT_EXPLORE_WRITE, .in = &benchmark_shape, .out = &benchmark_shape,
     .status = 201, .flags = ROUTE_CHANGES, .summary = "route.benchmarks.create"},
    {HTTP_PUT, "/api/v1/benchmarks/:id", replace, RIGHT_EXPLORE_WRITE, .in = &benchmark_shape, .out = &benchmark_shape,
     .flags = ROUTE_CHANGES, .summary = "route.benchmarks.replace"},
    {HTTP_DELETE, "/api/v1/benchmarks/:id", remove_benchmark, RIGHT_EXPLORE_WRITE, .flags = ROUTE_CHANGES,
     .summary = "route.benchmarks.remove"},
};
const struct route_table benchmarks_routes = ROUTES(routes);
