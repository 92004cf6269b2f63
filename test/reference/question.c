/* Questions that are drawn so that most of them have an answer, and every key and operator turns up. */
#include "scene.h"

#include "base/id.h"

struct drawing {
    struct scene *scene;
    struct dice *dice;
    struct buf out;
    bool personal; /* traits may be asked */
};

static i64 below(struct drawing *drawing, i64 bound)
{
    return dice_below(drawing->dice, bound);
}

static void add(struct drawing *drawing, const char *text)
{
    buf_add(&drawing->out, str_from(text));
}

#define ADD_ONE(drawing, texts) add((drawing), (texts)[below((drawing), countof(texts))])

/* Conditions. */

static const char *const wide[] = {
    "{\"field\":\"kind\",\"is_not\":[\"page\"]}",
    "{\"field\":\"kind\",\"is\":[\"page\",\"cart\",\"pay\",\"nothing\"]}",
    "{\"field\":\"kind\",\"contains\":\"a\"}",
    "{\"field\":\"kind\",\"contains\":[\"ag\",\"l\",\"y\"]}",
    "{\"field\":\"channel\",\"is\":[null,\"web\",\"app\"]}",
    "{\"field\":\"channel\",\"is_not\":\"shop\"}",
    "{\"field\":\"place\",\"exists\":true}",
    "{\"field\":\"place\",\"lt\":\"Đ\"}",
    "{\"field\":\"place\",\"is_not\":[null,\"Huế\"]}",
    "{\"field\":\"source\",\"is\":\"site\"}",
    "{\"field\":\"declared\",\"exists\":false}",
    "{\"field\":\"touchpoint\",\"exists\":true}",
    "{\"field\":\"touchpoint\",\"is\":[\"see\",\"pay\",null]}",
    "{\"field\":\"touchpoint\",\"is_not\":[\"help\"]}",
    "{\"field\":\"stage\",\"is_not\":[\"a\"]}",
    "{\"field\":\"stage\",\"is\":\"a\"}",
    "{\"field\":\"metric\",\"exists\":false}",
    "{\"field\":\"score\",\"exists\":false}",
    "{\"field\":\"amount\",\"is_not\":[100]}",
    "{\"field\":\"text\",\"exists\":false}",
    "{\"field\":\"prop:v\",\"is_not\":[1,\"x\"]}",
    "{\"field\":\"prop:ticket\",\"exists\":true}",
    "{\"field\":\"prop:ticket\",\"lte\":\"T6\"}",
    "{\"field\":\"prop:context.plan\",\"is\":[\"free\",\"pro\"]}",
    "{\"field\":\"prop:none\",\"exists\":false}",
    "{\"did\":{\"field\":\"kind\",\"is\":[\"pay\"]}}",
    "{\"did\":[{\"field\":\"kind\",\"is\":\"cart\"},{\"field\":\"channel\",\"is\":\"web\"}]}",
    "{\"did\":{\"field\":\"kind\",\"contains\":\"pa\"},\"at_least\":3}",
    "{\"did\":{\"field\":\"touchpoint\",\"is\":\"see\"},\"at_least\":2}",
    "{\"not\":{\"did\":{\"field\":\"kind\",\"is\":[\"call\"]},\"in_last\":\"3d\"}}",
    "{\"not\":{\"field\":\"kind\",\"is\":[\"call\"]}}",
    "{\"not\":{\"any\":[{\"field\":\"kind\",\"is\":[\"paid\"]},{\"field\":\"channel\",\"is\":[\"app\"]}]}}",
    "{\"any\":[{\"field\":\"kind\",\"is\":[\"page\"]},{\"not\":{\"field\":\"place\",\"exists\":true}}]}",
    "{\"any\":[[{\"field\":\"kind\",\"is\":\"cart\"},{\"field\":\"channel\",\"is\":\"web\"}],{\"field\":\"kind\",\"gt\":\"c\"}]}",
    "{\"any\":[{\"did\":{\"field\":\"score\",\"lte\":6}},{\"field\":\"amount\",\"gte\":-100,\"lt\":500}]}",
    "{\"not\":[{\"field\":\"kind\",\"is\":\"page\"},{\"field\":\"channel\",\"is\":\"web\"}]}",
};
static const char *const narrow[] = {
    "{\"field\":\"score\",\"gte\":7,\"lt\":10}",
    "{\"field\":\"score\",\"lte\":4}",
    "{\"field\":\"score\",\"gt\":2}",
    "{\"field\":\"score\",\"is\":[0,5,9,10]}",
    "{\"field\":\"score\",\"is\":null}",
    "{\"field\":\"amount\",\"gt\":0}",
    "{\"field\":\"amount\",\"lte\":500}",
    "{\"field\":\"amount\",\"is\":[0,25,50,75,100]}",
    "{\"field\":\"amount\",\"lt\":50.5}",
    "{\"field\":\"currency\",\"is\":[\"USD\"]}",
    "{\"field\":\"currency\",\"contains\":\"VN\"}",
    "{\"field\":\"metric\",\"is\":[\"nps\",\"ces\"]}",
    "{\"field\":\"question\",\"is\":\"recommend\"}",
    "{\"field\":\"scale\",\"is_not\":[null,\"0-10\"]}",
    "{\"field\":\"text\",\"exists\":true}",
    "{\"field\":\"declared\",\"is\":\"counter\"}",
    "{\"field\":\"prop:v\",\"gt\":1}",
    "{\"field\":\"prop:v\",\"lt\":\"2\"}",
    "{\"field\":\"prop:v\",\"is\":[2,\"x\"]}",
    "{\"field\":\"prop:v\",\"is\":\"10\"}",
    "{\"field\":\"prop:v\",\"is\":true}",
    "{\"field\":\"prop:v\",\"contains\":\".\"}",
    "{\"field\":\"prop:v\",\"lte\":2}",
    "{\"field\":\"prop:v\",\"gte\":-3.25}",
    "{\"field\":\"prop:ticket\",\"is\":[\"T2\",\"T5\"]}",
    "{\"field\":\"place\",\"is\":[\"Hà Nội\"]}",
    "{\"field\":\"place\",\"is\":\"Ha\\u0300 No\\u0323\\u0302i\"}",
    "{\"field\":\"place\",\"contains\":\"N\"}",
    "{\"field\":\"journey\",\"exists\":true}",
    "{\"field\":\"stage\",\"exists\":false}",
    "{\"did\":{\"field\":\"score\",\"lte\":6},\"in_last\":\"5d\"}",
    "{\"did\":{\"field\":\"kind\",\"is\":[\"paid\"]},\"at_least\":2}",
    "{\"did\":{\"field\":\"prop:v\",\"exists\":true},\"in_last\":\"36h\"}",
    "{\"did\":{\"any\":[{\"field\":\"kind\",\"is\":\"call\"},{\"field\":\"amount\",\"gt\":30}]},\"at_least\":2,\"in_last\":\"9d\"}",
    "{\"any\":[]}",
};
static const char *const of_persons[] = {
    "{\"field\":\"trait:tier\",\"is\":\"gold\"}",
    "{\"field\":\"trait:tier\",\"is_not\":[\"gold\"]}",
    "{\"field\":\"trait:age\",\"gte\":31}",
    "{\"field\":\"trait:none\",\"exists\":false}",
};

static void journey_condition(struct drawing *drawing)
{
    char text[ID_TEXT_LEN];
    str id = id_text(drawing->scene->maps->journey_ids[below(drawing, 3)], text);
    buf_format(&drawing->out, "{\"field\":\"journey\",\"%s\":[\"%.*s\"]}", below(drawing, 2) == 0 ? "is" : "is_not",
               STR_ARG(id));
}

static void condition(struct drawing *drawing)
{
    i64 sort = below(drawing, 40);
    if (sort < 28) {
        ADD_ONE(drawing, wide);
    } else if (sort < 37) {
        ADD_ONE(drawing, narrow);
    } else if (sort < 39 && drawing->personal) {
        ADD_ONE(drawing, of_persons);
    } else {
        journey_condition(drawing);
    }
}

/* A step, a start, an end: often one kind. */
static void step(struct drawing *drawing)
{
    static const char *const kinds[] = {"page", "cart", "pay", "paid", "call"};
    i64 sort = below(drawing, 8);
    if (sort < 5) {
        add(drawing, "{\"field\":\"kind\",\"is\":\"");
        ADD_ONE(drawing, kinds);
        add(drawing, "\"}");
    } else if (sort == 5) {
        add(drawing, "[{\"field\":\"kind\",\"is_not\":\"");
        ADD_ONE(drawing, kinds);
        add(drawing, "\"},");
        condition(drawing);
        add(drawing, "]");
    } else if (sort == 6) {
        add(drawing, "[]");
    } else {
        condition(drawing);
    }
}

/* Keys. */

static void when(struct drawing *drawing, const char *key, i64 at_ms)
{
    char text[ISO_MAX];
    i64 shape = below(drawing, 3);
    const struct zone *zone = drawing->scene->world.zone;
    if (shape == 0) {
        buf_format(&drawing->out, ",\"%s\":%lld", key, (long long)at_ms);
    } else {
        str shown = shape == 1 ? iso_date(zone, at_ms, text) : iso_format(zone, at_ms, text);
        buf_format(&drawing->out, ",\"%s\":\"%.*s\"", key, STR_ARG(shown));
    }
}

static void times(struct drawing *drawing)
{
    struct scene *scene = drawing->scene;
    i64 grains = scene->span_ms / scene->grain_ms;
    if (below(drawing, 5) < 2) {
        when(drawing, "from", WORLD_BEGIN_MS - DAY_MS + below(drawing, grains * 2 / 3) * scene->grain_ms);
    }
    if (below(drawing, 5) < 2) { // never before `from`, which begins in the first two thirds
        when(drawing, "to", WORLD_BEGIN_MS + DAY_MS + (grains * 2 / 3 + below(drawing, grains / 2)) * scene->grain_ms);
    }
    if (below(drawing, 10) == 0) {
        i64 apart = greater(scene->received_ms - WORLD_BEGIN_MS, HOUR_MS);
        when(drawing, "as_of", WORLD_BEGIN_MS + apart / 3 + below(drawing, apart / HOUR_MS) * HOUR_MS);
    }
}

static void where(struct drawing *drawing)
{
    i64 count = below(drawing, 7);
    count = count < 3 ? 0 : count < 6 ? 1 : 2;
    if (count == 0 && below(drawing, 2) == 0) {
        return;
    }
    bool list = count != 1 || below(drawing, 2) == 0;
    add(drawing, list ? ",\"where\":[" : ",\"where\":");
    for (i64 i = 0; i < count; i++) {
        add(drawing, i > 0 ? "," : "");
        condition(drawing);
    }
    add(drawing, list ? "]" : "");
}

static bool is_planned(str field)
{
    return str_eq(field, STR("touchpoint")) || str_eq(field, STR("stage")) || str_eq(field, STR("metric"));
}

static void by(struct drawing *drawing, i64 most, bool planned)
{
    static const char *const fields[] = {
        "kind",     "channel",  "place",   "touchpoint",  "stage",
        "prop:v",   "source",   "journey", "prop:ticket", "metric",
        "scale",    "currency", "kind",    "channel",     "prop:context.plan",
        "declared", "question", "version",
    };
    i64 count = below(drawing, 6);
    count = count < 3 ? 0 : lesser(count - 2, most);
    const char *taken[BY_MOST] = {0};
    for (i64 i = 0; i < count; i++) {
        const char *field = drawing->personal && below(drawing, 12) == 0 ? "trait:tier"
                                                                         : fields[below(drawing, countof(fields))];
        field = planned && is_planned(str_from(field)) ? "place" : field; // a row of adherence says these itself
        for (i64 k = 0; k < i; k++) {
            field = field != NULL && str_eq(str_from(taken[k]), str_from(field)) ? NULL : field;
        }
        if (field == NULL) {
            count = i;
            break;
        }
        taken[i] = field;
    }
    for (i64 i = 0; i < count; i++) {
        buf_format(&drawing->out, "%s\"%s\"", i == 0 ? ",\"by\":[" : ",", taken[i]);
    }
    add(drawing, count > 0 ? "]" : "");
}

static void every(struct drawing *drawing, i64 seldom)
{
    static const char *const periods[] = {"hour", "day", "week", "month", "quarter", "year", "day", "week"};
    if (below(drawing, seldom) == 0) {
        add(drawing, ",\"every\":\"");
        ADD_ONE(drawing, periods);
        add(drawing, "\"");
    }
}

static void journey(struct drawing *drawing)
{
    char text[ID_TEXT_LEN];
    i64 which = below(drawing, 14);
    if (which < 3) {
        buf_format(&drawing->out, ",\"journey\":\"%.*s\"",
                   STR_ARG(id_text(drawing->scene->maps->journey_ids[which], text)));
    }
    if (which > 0 && below(drawing, 8) == 0) {
        buf_format(&drawing->out, ",\"version\":%lld",
                   (long long)(below(drawing, 10) == 0 ? 1 : 2 + below(drawing, which < 3 ? 1 : 3)));
    }
}

/* Kinds. */

static void score(struct drawing *drawing)
{
    static const char *const metrics[] = {"nps", "csat", "ces", "recommend", "satisfied", "nps", "rate"};
    add(drawing, ",\"metric\":\"");
    ADD_ONE(drawing, metrics);
    add(drawing, "\"");
    by(drawing, BY_MOST, false);
    every(drawing, 3);
}

static void count_of_what(struct drawing *drawing)
{
    static const char *const of[] = {"",
                                     "",
                                     ",\"of\":\"amount\"",
                                     ",\"of\":[\"events\",\"amount\"]",
                                     ",\"of\":\"people\"",
                                     ",\"of\":[\"people\",\"events\"]"};
    ADD_ONE(drawing, of);
    by(drawing, BY_MOST, false);
    every(drawing, 3);
}

static void funnel(struct drawing *drawing)
{
    static const char *const within[] = {"",
                                         "",
                                         ",\"within\":\"1d\"",
                                         ",\"within\":\"36h\"",
                                         ",\"within\":\"7d\"",
                                         ",\"within\":\"2w\"",
                                         ",\"within\":\"0h\""};
    static const char *const order[] = {"", "", ",\"order\":\"loose\"", ",\"order\":\"strict\"",
                                        ",\"order\":\"strict\""};
    i64 steps = 1 + below(drawing, 4);
    add(drawing, ",\"steps\":[");
    for (i64 i = 0; i < steps; i++) {
        add(drawing, i > 0 ? "," : "");
        step(drawing);
    }
    add(drawing, "]");
    ADD_ONE(drawing, within);
    ADD_ONE(drawing, order);
    by(drawing, 2, false);
    every(drawing, 4);
}

static void retention(struct drawing *drawing)
{
    static const char *const cohort[] = {"", ",\"cohort\":\"first\"", ",\"cohort\":\"every\"", ",\"cohort\":\"every\""};
    static const char *const elapsed[] = {"", "", ",\"elapsed\":false", ",\"elapsed\":true", ",\"elapsed\":true"};
    for (i64 i = 0; i < 2; i++) {
        if (below(drawing, 3) > 0) {
            add(drawing, i == 0 ? ",\"start\":" : ",\"return\":");
            step(drawing);
        }
    }
    if (below(drawing, 2) == 0) {
        buf_format(&drawing->out, ",\"periods\":%lld", (long long)below(drawing, 20) + 1);
    }
    ADD_ONE(drawing, cohort);
    ADD_ONE(drawing, elapsed);
    by(drawing, 2, false);
    every(drawing, 2);
}

static void paths(struct drawing *drawing)
{
    static const char *const nodes[] = {"kind", "channel", "place", "touchpoint", "stage", "prop:v"};
    static const char *const more[] = {"", "", ",\"collapse\":true", ",\"collapse\":true", ",\"collapse\":false"};
    static const char *const travellers[] = {
        "", "", "", ",\"traveller\":\"person\"", ",\"traveller\":\"prop:ticket\"", ",\"traveller\":\"prop:ticket\""};
    for (i64 i = 0; i < 2; i++) {
        if (below(drawing, 3) == 0) {
            add(drawing, i == 0 ? ",\"start\":" : ",\"end\":");
            step(drawing);
        }
    }
    if (below(drawing, 3) == 0) {
        buf_format(&drawing->out, ",\"steps\":%lld", (long long)below(drawing, 8) + 2);
    }
    if (below(drawing, 3) == 0) {
        buf_format(&drawing->out, ",\"top\":%lld", (long long)below(drawing, 12) + 1);
    }
    if (below(drawing, 3) == 0) {
        add(drawing, ",\"node\":\"");
        ADD_ONE(drawing, nodes);
        add(drawing, "\"");
    }
    ADD_ONE(drawing, more);
    ADD_ONE(drawing, travellers);
    static const char *const of[] = {
        "", "", "", ",\"of\":\"edges\"", ",\"of\":\"variants\"", ",\"of\":[\"variants\",\"edges\"]"};
    ADD_ONE(drawing, of);
    add(drawing, below(drawing, 3) == 0 ? ",\"ends\":true" : "");
    by(drawing, 2, false);
    every(drawing, 5);
}

static void adherence(struct drawing *drawing)
{
    by(drawing, 2, true);
    every(drawing, 5);
}

static void timeline(struct drawing *drawing)
{
    const struct world *world = &drawing->scene->world;
    const struct known_alias *alias = &world->aliases[below(drawing, greater(world->alias_count, 1))];
    char text[ID_TEXT_LEN];
    if (world->alias_count == 0) {
        add(drawing, ",\"person\":\"user:stranger\""); // so far everything was nobody's
    } else if (below(drawing, 2) == 0) {
        buf_format(&drawing->out, ",\"person\":\"%.*s\"", STR_ARG(alias->text));
    } else {
        buf_format(&drawing->out, ",\"person\":\"%.*s\"", STR_ARG(id_text(alias->id, text)));
    }
    if (below(drawing, 2) == 0) {
        buf_format(&drawing->out, ",\"limit\":%lld", (long long)below(drawing, 12) + 1);
    }
    if (below(drawing, 4) == 0 && world->event_count > 0) {
        const struct told *told = &world->events[below(drawing, world->event_count)];
        buf_format(&drawing->out, ",\"after\":\"%lld.%.*s\"", (long long)told->event.at_ms,
                   STR_ARG(id_text(told->event.id, text)));
    }
}

static void features(struct drawing *drawing)
{
    const struct world *world = &drawing->scene->world;
    char text[ID_TEXT_LEN];
    if (below(drawing, 2) == 0) {
        buf_format(&drawing->out, ",\"limit\":%lld", (long long)below(drawing, 8) + 1);
    }
    if (below(drawing, 3) == 0 && world->alias_count > 0) {
        i64 id = world->aliases[below(drawing, world->alias_count)].id;
        const char *key = below(drawing, 2) == 0 ? "after" : "person";
        buf_format(&drawing->out, ",\"%s\":\"%.*s\"", key, STR_ARG(id_text(id, text)));
    }
}

static const struct {
    const char *name;
    void (*draw)(struct drawing *drawing);
    i64 often;
    bool minimum;
} sorts[] = {
    {"score", score, 5, true},         {"count", count_of_what, 5, true}, {"funnel", funnel, 5, true},
    {"retention", retention, 5, true}, {"paths", paths, 5, true},         {"adherence", adherence, 4, true},
    {"timeline", timeline, 3, false},  {"features", features, 3, true},
};

str scene_question(struct scene *scene, struct arena *arena)
{
    struct drawing drawing = {.scene = scene, .dice = &scene->dice, .out = buf_in(arena), .personal = true};
    i64 all = 0, at = 0;
    for (i64 i = 0; i < countof(sorts); i++) {
        all += sorts[i].often;
    }
    i64 left = below(&drawing, all);
    while (left >= sorts[at].often) {
        left -= sorts[at++].often;
    }
    buf_format(&drawing.out, "{\"ask\":\"%s\"", sorts[at].name);
    if (below(&drawing, 12) == 0) {
        static const char *const zones[] = {"Europe/Berlin", "America/New_York", "Asia/Ho_Chi_Minh"};
        add(&drawing, ",\"zone\":\"");
        ADD_ONE(&drawing, zones);
        add(&drawing, "\"");
    }
    times(&drawing);
    where(&drawing);
    journey(&drawing);
    if (sorts[at].draw != NULL) {
        sorts[at].draw(&drawing);
    }
    if (sorts[at].minimum && below(&drawing, 5) == 0) {
        buf_format(&drawing.out, ",\"minimum_n\":%lld", (long long)below(&drawing, 10) + 1);
    }
    add(&drawing, "}");
    return buf_str(&drawing.out);
}
