#include "figures.h"

#include "journey/behind.h"

/* What is looked at: a figure, and how it is called there. */
struct figure {
    const char *what;
    i64 people, k; /* k -1: none */
};

static bool whole(struct json row, const char *name, i64 *out)
{
    return json_i64(json_get(row, str_from(name)), out);
}

/* One of the periods that are over. */
static bool figure_returned(struct dice *dice, struct json row, struct figure *out)
{
    struct json returned = json_get(row, STR("returned"));
    i64 wanted = dice_below(dice, greater(json_count(returned), 1)), k = 0;
    for (struct json_iter iter = json_each(returned); json_next(&iter); k++) {
        if (k == wanted && json_i64(iter.value, &out->people)) {
            out->what = "returned";
            out->k = k;
            return true;
        }
    }
    return false;
}

static bool figure_of(struct dice *dice, str ask, struct json question, struct json row, struct figure *out)
{
    str traveller = STR("person");
    *out = (struct figure){.k = -1};
    (void)json_str(json_get(question, STR("traveller")), &traveller);
    if (str_eq(ask, STR("count"))) {
        out->what = "people";
    } else if (str_eq(ask, STR("funnel"))) {
        out->what = "reached";
    } else if (str_eq(ask, STR("paths")) && str_eq(traveller, STR("person"))) {
        out->what = json_is(json_get(row, STR("path"))) ? "path" : "edge";
    } else if (str_eq(ask, STR("retention"))) {
        if (dice_below(dice, 2) == 0) {
            return figure_returned(dice, row, out);
        }
        out->what = "cohort";
        return whole(row, "size", &out->people);
    }
    return out->what != NULL && whole(row, "people", &out->people);
}

/* The row as it came, the question as it was put. */
static str request_of(struct arena *arena, struct json question, struct json row, const struct figure *figure,
                      i64 limit)
{
    struct json_writer writer = json_writer_in(arena);
    json_object(&writer);
    json_key(&writer, STR("question"));
    json_put_value(&writer, question);
    json_key(&writer, STR("row"));
    json_put_value(&writer, row);
    json_pair_str(&writer, "what", str_from(figure->what));
    json_pair_i64(&writer, "limit", limit);
    if (figure->k >= 0) {
        json_pair_i64(&writer, "k", figure->k);
    }
    json_object_end(&writer);
    return json_text(&writer);
}

/* Page by page, everybody once, in the order of ids. */
static i64 people_behind(struct scene *scene, struct ctx *ctx, const struct sight *sight, str request, bool *ordered)
{
    struct question_defaults defaults = {scene->world.zone, scene->world.minimum_n};
    struct json_reader *reader = json_reader_open();
    struct behind behind;
    struct behind_page page = {0};
    struct json object;
    i64 found = 0, before = 0;
    sure(ctx, json_parse(ctx, reader, request, &object), "reading what is behind");
    sure(ctx, behind_read(ctx, object, &defaults, &behind), "reading what is behind");
    *ordered = true;
    do {
        sure(ctx, behind_people(ctx, &scene->rooms, sight, &behind, &page), "looking behind");
        for (i64 i = 0; i < page.items.count; i++) {
            i64 id = ((struct behind_person *)page.items.items)[i].id;
            *ordered &= id > before;
            before = id;
        }
        found += page.items.count;
        behind.after = page.next;
    } while (page.next != 0);
    *ordered &= found == page.people;
    json_reader_close(reader);
    return found;
}

bool figures_hold(struct scene *scene, struct ctx *ctx, const struct sight *sight, str question, str answer, str *at)
{
    struct json_reader *asked = json_reader_open(), *answered = json_reader_open();
    struct json object, root, row = {0};
    struct figure figure;
    str ask = STR_NONE;
    bool ordered = true;
    i64 found = 0, i = 0;
    sure(ctx, json_parse(ctx, asked, question, &object), "reading a question");
    sure(ctx, json_parse(ctx, answered, answer, &root), "reading an answer");
    (void)json_str(json_get(object, STR("ask")), &ask);
    struct json rows = json_get(root, STR("rows"));
    i64 wanted = dice_below(&scene->dice, greater(json_count(rows), 1));
    for (struct json_iter iter = json_each(rows); json_next(&iter); i++) {
        row = i == wanted ? iter.value : row;
    }
    bool looked = json_is(row) && figure_of(&scene->dice, ask, object, row, &figure);
    if (looked) {
        str request = request_of(&ctx->arena, object, row, &figure, 1 + dice_below(&scene->dice, 7));
        found = people_behind(scene, ctx, sight, request, &ordered);
        *at = str_format(&ctx->arena, "%lld people%s behind %.*s", (long long)found, ordered ? "" : " out of order",
                         STR_ARG(request));
    }
    json_reader_close(asked);
    json_reader_close(answered);
    return !looked || (ordered && found == figure.people);
}
