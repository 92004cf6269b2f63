#include "http/server.h"

#include "base/id.h"
#include "guard/audit.h"

str request_param(const struct request *request, const char *name)
{
    for (i32 i = 0; i < request->param_count; i++) {
        if (str_eq(request->params[i].name, str_from(name))) {
            return request->params[i].value;
        }
    }
    return STR_NONE;
}

err request_param_id(const struct request *request, const char *name, i64 *out)
{
    if (!id_parse(request_param(request, name), out) || *out == 0) {
        return FAIL(request->ctx, ERR_NOT_FOUND, NULL, "error.not_found");
    }
    return OK;
}

str request_header(const struct request *request, const char *name)
{
    const struct exchange *exchange = exchange_of(request);
    const char *value = MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
    return str_from(value);
}

str request_cookie(const struct request *request, const char *name)
{
    str rest = request_header(request, "Cookie");
    while (str_is(rest)) {
        str value = str_trim(str_cut(&rest, ';'));
        str key = str_cut(&value, '=');
        if (str_eq(key, str_from(name)) && str_is(value)) {
            return value;
        }
    }
    return STR_NONE;
}

str request_query(const struct request *request, const char *name)
{
    return query_get(&request->ctx->arena, request->query_text, str_from(name));
}

err request_audit(const struct request *request, const char *action, str object, str detail)
{
    struct audit what = {str_from(action), object, detail, request->address};
    return audit_add(request->ctx, exchange_of(request)->http->options.guard, request->who, &what);
}

static const struct shape_field page_fields[] = {
    {"limit", SHAPE_I64, offsetof(struct page_query, limit), .min = 1, .max = LIMIT_PAGE, .help = "shape.page.limit"},
    {"after", SHAPE_STR, offsetof(struct page_query, after), .max = 200, .help = "shape.page.after"},
};
const struct shape page_query_shape = SHAPE("PageQuery", struct page_query, page_fields, "shape.page");

i64 page_limit(i64 given)
{
    return given == 0 ? LIMIT_PAGE_DEFAULT : lesser(given, LIMIT_PAGE);
}

enum shape_view request_view(const struct request *request)
{
    return principal_may(request->who, RIGHT_PEOPLE_READ) ? SHAPE_ALL : SHAPE_WITHOUT_PERSONAL;
}
