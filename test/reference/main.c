/* Random questions over random histories: the engine's answers beside those of the reference.
 *
 *     truth [--questions 100000] [--seed 1] [--fresh] [--world N] [--clickhouse URL]
 *
 * Each world has a seed of its own, the seed plus its number; `--fresh` takes a seed that nobody chose. A difference is
 * shown with seed, question, events and both answers, and --seed SEED --world N shows it again. The last line is
 * "N passed, M failed".
 *
 * With the address of a ClickHouse the questions in SQL are asked instead of the index. ONLY=count,score leaves all other kinds
 * of questions out, BRIEF=1 shows only what differs; the index is asked beside it, and both for what the reference says
 * nothing about.
 */
#include "compare.h"
#include "figures.h"
#include "large.h"
#include "scene.h"
#include "twin.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STAGES = 4, QUESTIONS_EACH = 25, EVENTS_EACH = 40, PROBLEMS_MOST = 3, FIGURES_EVERY = 4, PATH_MOST = 200 };

/* What turned up, in how many questions. */
static const char *const words[] = {
    "\"ask\":\"score\"",
    "\"ask\":\"count\"",
    "\"ask\":\"funnel\"",
    "\"ask\":\"retention\"",
    "\"ask\":\"paths\"",
    "\"ask\":\"adherence\"",
    "\"ask\":\"timeline\"",
    "\"ask\":\"features\"",
    "\"is\":",
    "\"is_not\":",
    "\"gt\":",
    "\"gte\":",
    "\"lt\":",
    "\"lte\":",
    "\"contains\":",
    "\"exists\":",
    "\"any\":",
    "\"not\":",
    "\"did\":",
    "\"in_last\":",
    "\"at_least\":",
    "\"where\":",
    "\"from\":",
    "\"to\":",
    "\"as_of\":",
    "\"by\":",
    "\"every\":",
    "\"version\":",
    "\"journey\":\"",
    "\"trait:",
    "\"prop:",
    "\"strict\"",
    "\"within\":",
    "\"cohort\":\"every\"",
    "\"elapsed\":true",
    "\"collapse\":true",
    "\"ends\":true",
    "\"traveller\":\"prop:",
};
enum { KIND_WORDS = 8, OPERATOR_WORDS = 19 };

struct histogram {
    i64 questions, answered, empty, failed, limited;
    i64 counts[countof(words)];
    i64 engine_ns, reference_ns, rows;
};

struct run {
    i64 questions, world; /* world -1: all */
    u64 seed;
    const char *folder;
    struct clickhouse *large; /* NULL: the index is asked */
    struct maps maps;
    struct json_reader *asked, *engine, *reference; /* what is being looked at */
    struct histogram histogram;
};

static void note(struct histogram *histogram, str question)
{
    histogram->questions++;
    for (i64 i = 0; i < countof(words); i++) {
        histogram->counts[i] += str_find(question, str_from(words[i])) >= 0;
    }
}

static void show_events(const struct scene *scene)
{
    const struct world *world = &scene->world;
    for (i64 i = 0; i < world->event_count; i++) {
        const struct event *event = &world->events[i].event;
        printf("  %s%lld at %lld got %lld %.*s %.*s|%.*s|%.*s|%.*s %.*s %.*s %s%g %.*s %lld %.*s %.*s\n",
               world->events[i].gone ? "GONE " : "", (long long)event->id, (long long)event->at_ms,
               (long long)event->received_ms, STR_ARG(event->alias), STR_ARG(event->kind), STR_ARG(event->channel),
               STR_ARG(event->place), STR_ARG(event->touchpoint), STR_ARG(event->metric), STR_ARG(event->question),
               event->score.is ? "" : "no ", event->score.value, STR_ARG(event->scale), (long long)event->amount.value,
               STR_ARG(event->currency), STR_ARG(event->props));
    }
    for (i64 i = 0; i < world->link_count; i++) {
        const struct known_link *link = &world->links[i];
        printf("  link %.*s = %.*s (%s)%s\n", STR_ARG(world->aliases[link->a].text),
               STR_ARG(world->aliases[link->b].text), identity_link_words[link->kind], link->gone ? " GONE" : "");
    }
}

/* Only what the question can see matters; the rest is shown too, for it was there. */
static void show(const struct run *run, const struct scene *scene, i64 world, str question, str engine, str reference,
                 str at)
{
    char now[ISO_MAX];
    if (getenv("BRIEF") != NULL) {
        printf("DIFFERENT at %.*s\n  world %lld %.*s\n", STR_ARG(at), (long long)world, STR_ARG(question));
        return;
    }
    printf("DIFFERENT at %.*s\n--seed %llu --world %lld\nquestion  %.*s\nengine    %.*s\nreference %.*s\n", STR_ARG(at),
           (unsigned long long)run->seed, (long long)world, STR_ARG(question), STR_ARG(engine), STR_ARG(reference));
    printf("asked at %.*s, minimum n %lld, events:\n", STR_ARG(iso_format(scene->world.zone, scene->world.now_ms, now)),
           (long long)scene->world.minimum_n);
    show_events(scene);
    fflush(stdout);
}

static struct json parsed(struct ctx *ctx, struct json_reader *reader, str text)
{
    struct json value;
    sure(ctx, json_parse(ctx, reader, text, &value), "reading an answer");
    return value;
}

/* One question to both. */
struct trial {
    struct ctx ctx; /* its memory */
    str engine, reference, at;
    bool refused, same;
};

struct asker {
    struct sight sight;
    struct sight_limits limits;
};

static void try(struct run *run, struct scene *scene, const struct asker *asker, str question, struct trial *out)
{
    *out = (struct trial){.ctx = {.now_ms = scene->world.now_ms}};
    struct ctx *ctx = &out->ctx;
    struct question_defaults defaults = {scene->world.zone, scene->world.minimum_n};
    i64 began_ns = clock_steady_ns();
    out->refused = ask_text(ctx, &scene->rooms, &asker->sight, &defaults, question, &out->engine) != OK;
    if (out->refused) {
        return;
    }
    i64 between_ns = clock_steady_ns();
    out->reference = reference_answer(&ctx->arena, &scene->world, &asker->limits, parsed(ctx, run->asked, question));
    run->histogram.reference_ns += clock_steady_ns() - between_ns;
    run->histogram.engine_ns += between_ns - began_ns;
    struct json is = parsed(ctx, run->engine, out->engine), truth = parsed(ctx, run->reference, out->reference);
    out->same = true;
    for (struct json_iter iter = json_each(truth); out->same && json_next(&iter);) {
        out->at = iter.key;
        out->same = same_json(&ctx->arena, json_get(is, iter.key), iter.value, &out->at);
    }
}

/* The question without its k-th key; none where there are not so many. */
static str without(struct run *run, struct arena *arena, str question, i64 k)
{
    struct ctx ctx = {0};
    struct json_writer writer = json_writer_in(arena);
    i64 i = 0;
    json_object(&writer);
    struct json object = parsed(&ctx, run->asked, question);
    for (struct json_iter iter = json_each(object); json_next(&iter); i++) {
        if (i != k) {
            json_key(&writer, iter.key);
            json_put_value(&writer, iter.value);
        }
    }
    json_object_end(&writer);
    ctx_end(&ctx);
    return k < i ? json_text(&writer) : STR_NONE;
}

/* Leaves out keys as long as the answers still differ. */
static str shrink(struct run *run, struct scene *scene, const struct asker *asker, struct arena *arena, str question)
{
    for (i64 k = 0;;) {
        struct trial trial;
        str shorter = without(run, arena, question, k);
        if (!str_is(shorter)) {
            return question;
        }
        try(run, scene, asker, shorter, &trial);
        if (!trial.refused && !trial.same) {
            question = shorter;
        } else {
            k++;
        }
        ctx_end(&trial.ctx);
    }
}

/* Is it one of the kinds that are wanted? */
static bool is_wanted(str question)
{
    const char *only = getenv("ONLY");
    str kinds = str_from(only);
    bool wanted = only == NULL;
    while (kinds.len > 0 && !wanted) {
        char word[64];
        str kind = str_cut(&kinds, ',');
        snprintf(word, sizeof word, "\"ask\":\"%.*s\"", STR_ARG(kind));
        wanted = str_find(question, str_from(word)) >= 0;
    }
    return wanted;
}

static void ask(struct run *run, struct scene *scene, i64 world)
{
    struct ctx ctx = {0};
    struct histogram *histogram = &run->histogram;
    struct asker asker = {.sight = {.personal = true}};
    struct trial trial;
    str question = scene_question(scene, &ctx.arena);
    scene_limit(scene, &ctx.arena, &asker.sight, &asker.limits);
    if (!is_wanted(question)) {
        ctx_end(&ctx);
        return;
    }
    histogram->limited += asker.limits.place_count + asker.limits.department_count > 0;
    note(histogram, question);
    try(run, scene, &asker, question, &trial);
    if (trial.refused) {
        printf("refused: %.*s\n", STR_ARG(question));
        sure(&trial.ctx, ERR_INVALID, "asking");
    }
    struct json truth = parsed(&ctx, run->reference, trial.reference);
    histogram->rows += json_count(json_get(truth, STR("rows")));
    histogram->empty += !says_something(truth);
    str at = STR("");
    bool figures = histogram->questions % FIGURES_EVERY == 0;
    if (trial.same && figures && !figures_hold(scene, &trial.ctx, &asker.sight, question, trial.engine, &at)) {
        histogram->failed++;
        show(run, scene, world, question, trial.engine, trial.reference, at);
    }
    if (trial.same && run->large != NULL &&
        !twin_same(scene, &asker.sight, question, trial.engine, histogram->questions, &at)) {
        histogram->failed++;
        show(run, scene, world, question, trial.engine, trial.reference, at);
    }
    if (!trial.same) {
        histogram->failed++;
        ctx_end(&trial.ctx);
        printf("drawn     %.*s\n", STR_ARG(question));
        question = shrink(run, scene, &asker, &ctx.arena, question);
        try(run, scene, &asker, question, &trial);
        show(run, scene, world, question, trial.engine, trial.reference, trial.at);
    }
    ctx_end(&trial.ctx);
    ctx_end(&ctx);
}

static void live(struct run *run, i64 world)
{
    char folder[2 * PATH_MOST];
    struct scene scene;
    snprintf(folder, sizeof folder, "%s/%lld", run->folder, (long long)world);
    if (mkdir(folder, 0700) != 0) {
        perror(folder);
        exit(2);
    }
    scene_open(&scene, &run->maps, folder, run->seed + (u64)world);
    for (i64 i = 0; i < STAGES && run->histogram.failed < PROBLEMS_MOST; i++) {
        scene_grow(&scene, 1 + dice_below(&scene.dice, EVENTS_EACH * 2));
        if (run->large != NULL) {
            large_tell(run->large, &scene);
        }
        for (i64 k = 0; k < QUESTIONS_EACH && run->histogram.failed < PROBLEMS_MOST; k++) {
            ask(run, &scene, world);
        }
    }
    scene_close(&scene);
    remove_folder(folder);
}

/* What the drawing promises. Each promise is a test. */
static i64 judge(const struct histogram *histogram, i64 *passed)
{
    i64 failed = histogram->failed, n = histogram->questions;
    *passed = n - failed;
    for (i64 i = 0; i < countof(words); i++) {
        f64 share = 100.0 * (f64)histogram->counts[i] / (f64)greater(n, 1);
        f64 least = i < KIND_WORDS ? 5 : i < OPERATOR_WORDS ? 1 : 0;
        bool enough = share >= least || getenv("ONLY") != NULL;
        printf("  %-24s %7lld  %5.1f %%%s\n", words[i], (long long)histogram->counts[i], share,
               enough ? "" : "  TOO FEW");
        failed += !enough;
    }
    f64 full = 100.0 * (f64)(n - histogram->empty) / (f64)greater(n, 1);
    printf("  %-24s %7lld  %5.1f %%\n", "limited sight", (long long)histogram->limited,
           100.0 * (f64)histogram->limited / (f64)greater(n, 1));
    printf("  %-24s %7lld  %5.1f %%%s\n", "answers not empty", (long long)(n - histogram->empty), full,
           full >= 60 ? "" : "  TOO FEW");
    return failed + (full < 60);
}

static void read_arguments(struct run *run, int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        i64 number = 0;
        if (strcmp(arguments[i], "--clickhouse") == 0 && i + 1 < count) {
            run->large = told_open(str_from(arguments[++i]));
            continue;
        }
        if (strcmp(arguments[i], "--fresh") == 0) {
            random_bytes(&run->seed, sizeof run->seed);
            run->seed >>= 20;
            continue;
        }
        if (i + 1 == count || !str_i64(str_from(arguments[i + 1]), &number)) {
            fprintf(stderr, "truth [--questions N] [--seed N | --fresh] [--world N] [--clickhouse URL]\n");
            exit(2);
        }
        if (strcmp(arguments[i], "--questions") == 0) {
            run->questions = number;
        } else if (strcmp(arguments[i], "--seed") == 0) {
            run->seed = (u64)number;
        } else if (strcmp(arguments[i], "--world") == 0) {
            run->world = number;
        }
        i++;
    }
}

int main(int count, char **arguments)
{
    struct run run = {.questions = 100000, .world = -1, .seed = 1};
    char folder[PATH_MOST], records[2 * PATH_MOST];
    read_arguments(&run, count, arguments);
    // In memory where that is possible: thousands of small logs are opened and deleted from.
    snprintf(folder, sizeof folder, "%s/cham-truth-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    run.folder = mkdtemp(folder);
    snprintf(records, sizeof records, "%s/records", folder);
    if (run.folder == NULL || mkdir(records, 0700) != 0) {
        perror("a folder for the worlds");
        return 2;
    }
    run.asked = json_reader_open();
    run.engine = json_reader_open();
    run.reference = json_reader_open();
    maps_open(&run.maps, records);
    printf("seed %llu\n", (unsigned long long)run.seed);
    fflush(stdout); // whatever ends the program, its seed is known
    i64 began_ns = clock_steady_ns(), world = run.world < 0 ? 0 : run.world;
    do {
        live(&run, world++);
    } while (run.world < 0 && run.histogram.questions < run.questions && run.histogram.failed < PROBLEMS_MOST);
    f64 seconds = (f64)(clock_steady_ns() - began_ns) / 1e9;
    const struct histogram *histogram = &run.histogram;
    printf("%lld questions over %lld worlds in %.1f s (%.0f a second; engine %.1f s, reference %.1f s), %lld rows\n",
           (long long)histogram->questions, (long long)world, seconds, (f64)histogram->questions / seconds,
           (f64)histogram->engine_ns / 1e9, (f64)histogram->reference_ns / 1e9, (long long)histogram->rows);
    i64 passed, failed = judge(histogram, &passed);
    maps_close(&run.maps);
    if (run.large != NULL) {
        told_close(run.large);
    }
    json_reader_close(run.asked);
    json_reader_close(run.engine);
    json_reader_close(run.reference);
    remove_folder(folder);
    printf("seed %llu\n%lld passed, %lld failed\n", (unsigned long long)run.seed, (long long)passed, (long long)failed);
    return failed == 0 ? 0 : 1;
}
