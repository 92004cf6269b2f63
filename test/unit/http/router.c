#include "test.h"

#include "http/server.h"

static err nothing(struct request *request, struct reply *reply)
{
    (void)request;
    return reply_nothing(reply);
}

static const struct route people[] = {
    {HTTP_GET, "/people/:id", nothing, RIGHT_PEOPLE_READ},
    {HTTP_DELETE, "/people/:id", nothing, RIGHT_PEOPLE_ERASE},
    {HTTP_GET, "/people/export", nothing, RIGHT_PEOPLE_READ},
    {HTTP_GET, "/people", nothing, RIGHT_PEOPLE_READ},
};
static const struct route tracking[] = {
    {HTTP_POST, "/v1/projects/:key/:what", nothing, RIGHT_COLLECT, .flags = ROUTE_TRACKING},
};
static const struct route_table people_table = ROUTES(people), tracking_table = ROUTES(tracking);
static const struct route_table *const tables[] = {&people_table, &tracking_table};

static struct http http;
static struct ctx ctx;

static int begin(void **state)
{
    (void)state;
    http = (struct http){.options = {.tables = tables, .table_count = countof(tables)}};
    return router_open(&ctx, &http) == OK ? 0 : 1;
}

static int end(void **state)
{
    (void)state;
    mem_free(http.routings);
    mem_free(http.counts);
    ctx_end(&ctx);
    ctx = (struct ctx){0};
    return 0;
}

static const char *found(enum http_method method, const char *path, struct route_match *match)
{
    router_match(&http, method, str_from(path), match);
    return match->routing != NULL ? match->routing->route->path : "none";
}

TEST_WITH(a_fixed_path_wins_over_a_parameter, begin, end)
{
    struct route_match match;
    assert_string_equal(found(HTTP_GET, "/people/export", &match), "/people/export");
    assert_string_equal(found(HTTP_GET, "/people/other", &match), "/people/:id");
    assert_true(str_eq(match.params[0].value, STR("other")));
    assert_string_equal(found(HTTP_DELETE, "/people/export", &match), "/people/:id");
}

TEST_WITH(paths_are_compared_whole, begin, end)
{
    struct route_match match;
    static const char *const wrong[] = {"",
                                        "/",
                                        "people",
                                        "/people/",
                                        "/people//",
                                        "//people",
                                        "/People",
                                        "/people/1/2",
                                        "/peoples",
                                        "/people%2f1",
                                        "/v1/projects/k",
                                        "/v1/projects//settings",
                                        "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18"};
    for (i64 i = 0; i < countof(wrong); i++) {
        assert_string_equal(found(HTTP_GET, wrong[i], &match), "none");
        assert_false(match.path_known);
    }
}

TEST_WITH(a_known_path_lists_its_methods, begin, end)
{
    struct route_match match;
    assert_string_equal(found(HTTP_PUT, "/people/1", &match), "none");
    assert_true(match.path_known);
    assert_true(str_eq(router_allow(&ctx.arena, &match), STR("GET, HEAD, DELETE")));
    assert_string_equal(found(HTTP_GET, "/v1/projects/k/settings", &match), "none");
    assert_true(match.tracking);
    assert_true(str_eq(router_allow(&ctx.arena, &match), STR("POST, OPTIONS")));
}

TEST(a_route_without_a_right_stops_the_server_from_starting)
{
    static const struct route forgotten[] = {{HTTP_GET, "/open", nothing}};
    static const struct route_table table = ROUTES(forgotten);
    static const struct route_table *const list[] = {&table};
    struct ctx own = {0};
    struct http server = {.options = {.tables = list, .table_count = 1}};
    assert_int_equal(router_open(&own, &server), ERR_INVALID);
    mem_free(server.routings);
    mem_free(server.counts);
    ctx_end(&own);
}
