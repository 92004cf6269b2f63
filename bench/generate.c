/* Makes a history of customers, the same at every run.
 *
 *     bench_generate make FILE EVENTS PERSONS UNTIL_MS   two years of events up to UNTIL_MS, ordered by time
 *     bench_generate csv FILE                            prints the file as text
 *     bench_generate names                               prints what the codes mean
 *
 * Persons differ in activity by a factor of a hundred (log-normal), begin at different times and live through sessions: a
 * chain of acts in which some follow others (a product is viewed, then added, then ordered, days later delivered),
 * mostly on the person's own channel. After about every third act the person answers a question about it, so that
 * a quarter of the events are answers. No two events of a person have the same millisecond: the order of equal moments
 * is the one thing about which two databases may disagree and both be right.
 */
#include "names.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAY_MS = 86400000,
    MINUTE_MS = 60000,
    SPAN_DAYS = 730,
    NIGHT_H = 7,
    ZONE_MS = 7 * 3600000,
    DIGIT_BITS = 12,
    ANSWERED = 35
};

struct dice {
    uint64_t state;
};

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t roll(struct dice *dice)
{
    uint64_t z = (dice->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static double share(struct dice *dice)
{
    return ((double)(roll(dice) >> 11) + 0.5) / 9007199254740992.0;
}

static int below(struct dice *dice, int count)
{
    return (int)(((roll(dice) >> 32) * (uint64_t)count) >> 32);
}

/* Standard normal, near enough: the sum of four uniforms (Irwin-Hall) costs no logarithm. */
static double normal(struct dice *dice)
{
    uint64_t a = roll(dice);
    double sum = (double)(a & 0xffff) + (double)(a >> 16 & 0xffff) + (double)(a >> 32 & 0xffff) + (double)(a >> 48);
    return (sum / 65536.0 - 2.0) * 1.7320508;
}

/* Where a session goes from each act: acts and their weights out of 100; what is missing ends the session. */
struct way {
    uint8_t act, weight;
};
enum {
    PAGE,
    SEARCH,
    PRODUCT,
    ADD,
    CART,
    CHECKOUT,
    ORDER,
    DELIVER,
    RETURN,
    CALL,
    COMPLAIN,
    TICKET,
    SOLVE,
    STORE,
    MESSAGE,
    APP,
    REVIEW
};
static const struct way ways[ACTS][6] = {
    [PAGE] = {{PAGE, 25}, {SEARCH, 20}, {PRODUCT, 30}, {CALL, 2}, {MESSAGE, 3}},
    [SEARCH] = {{SEARCH, 20}, {PRODUCT, 55}, {PAGE, 10}},
    [PRODUCT] = {{PRODUCT, 40}, {ADD, 22}, {SEARCH, 12}, {PAGE, 8}, {MESSAGE, 2}},
    [ADD] = {{CART, 45}, {PRODUCT, 30}, {CHECKOUT, 12}},
    [CART] = {{CHECKOUT, 50}, {PRODUCT, 20}, {ADD, 5}},
    [CHECKOUT] = {{ORDER, 65}, {CART, 10}, {CALL, 3}},
    [ORDER] = {{DELIVER, 88}, {CALL, 4}, {MESSAGE, 3}},
    [DELIVER] = {{REVIEW, 15}, {RETURN, 8}, {CALL, 4}, {COMPLAIN, 3}},
    [RETURN] = {{CALL, 25}, {COMPLAIN, 10}, {TICKET, 10}},
    [CALL] = {{TICKET, 40}, {COMPLAIN, 10}, {CALL, 10}},
    [COMPLAIN] = {{TICKET, 70}, {CALL, 15}},
    [TICKET] = {{SOLVE, 75}, {CALL, 15}},
    [SOLVE] = {{REVIEW, 5}, {TICKET, 5}, {PAGE, 10}},
    [STORE] = {{ORDER, 30}, {STORE, 5}, {PAGE, 10}},
    [MESSAGE] = {{MESSAGE, 35}, {TICKET, 15}, {PAGE, 10}},
    [APP] = {{PAGE, 35}, {SEARCH, 25}, {PRODUCT, 25}},
    [REVIEW] = {{PAGE, 20}},
};
/* e^x seconds pass before the act, give or take. */
static const float pause_of[ACTS] = {3.2F, 3.0F, 3.3F, 3.8F,  3.2F, 4.2F, 4.6F, 11.9F, 12.3F,
                                     8.5F, 8.0F, 5.5F, 10.5F, 7.0F, 4.0F, 5.0F, 11.0F};
static const uint8_t first_acts[] = {PAGE,  PAGE,  PAGE,   PAGE, APP,     APP,    APP,
                                     STORE, STORE, SEARCH, CALL, MESSAGE, PRODUCT};
static const uint8_t channel_weights[CHANNELS] = {32, 24, 14, 10, 8, 6, 4, 2}; /* of 100 */

static int draw_channel(struct dice *dice)
{
    int left = below(dice, 100), channel = 0;
    while (left >= channel_weights[channel]) {
        left -= channel_weights[channel++];
    }
    return channel;
}

/* -1: the session ends. */
static int next_act(struct dice *dice, int act)
{
    int left = below(dice, 100);
    for (const struct way *way = ways[act]; way->weight > 0; way++) {
        if (left < way->weight) {
            return way->act;
        }
        left -= way->weight;
    }
    return -1;
}

/* The first thirteen acts happen at two touchpoints, the others at one. */
static uint8_t touchpoint_of(struct dice *dice, int act, int channel)
{
    if (act >= 13) {
        return (uint8_t)(13 + act);
    }
    int second = channel >= 4 ? below(dice, 10) < 8 : below(dice, 10) < 2;
    return (uint8_t)(2 * act + second);
}

static int64_t later(struct dice *dice, double ln_seconds, double spread)
{
    return 1 + (int64_t)(1000.0 * exp(ln_seconds + spread * normal(dice)));
}

struct life {
    struct dice dice;
    uint32_t person;
    int channel; /* the one the person likes */
    double mood; /* the person's answers lean this way */
    double rest; /* mean milliseconds between sessions */
};

static struct record answer_to(struct life *life, const struct record *act)
{
    struct record answer = *act;
    struct dice *dice = &life->dice;
    int die = below(dice, 100), metric = die < 45 ? 1 : die < 80 ? 2 : 3;
    double lean = life->mood + 0.12 * (act->touchpoint % 7 - 3) + 0.9 * normal(dice);
    static const double middle[] = {0, 7.6, 3.7, 5.0}, step[] = {0, 1.9, 0.9, 1.2};
    static const int low[] = {0, 0, 1, 1}, high[] = {0, 10, 5, 7};
    int score = (int)lround(middle[metric] + step[metric] * lean);
    answer.metric = (uint8_t)metric;
    answer.kind = (uint8_t)(ACTS - 1 + metric);
    answer.score = (uint8_t)(score < low[metric] ? low[metric] : score > high[metric] ? high[metric] : score);
    answer.amount = 0;
    answer.at_ms += later(dice, 4.5, 1.0);
    return answer;
}

/* People sleep. */
static int64_t awake(struct dice *dice, int64_t at_ms)
{
    int hour = (int)((at_ms + ZONE_MS) % DAY_MS / 3600000);
    return hour < NIGHT_H && below(dice, 10) < 8 ? at_ms + (int64_t)(NIGHT_H + below(dice, 6)) * 3600000 : at_ms;
}

/* Writes the life of one person, `count` events in order. */
static void live(struct life *life, int64_t at_ms, struct record *out, int64_t count)
{
    struct dice *dice = &life->dice;
    int act = -1, channel = 0;
    for (int64_t i = 0; i < count; i++) {
        int following = act < 0 ? -1 : next_act(dice, act);
        if (following < 0) {
            if (i > 0) {
                at_ms += (int64_t)(-log(share(dice)) * life->rest);
            }
            at_ms = awake(dice, at_ms);
            channel = below(dice, 10) < 6 ? life->channel : draw_channel(dice);
            following = first_acts[below(dice, sizeof first_acts)];
        }
        at_ms += later(dice, (double)pause_of[following], 1.1);
        act = following;
        int pays = act == ORDER || (act == STORE && below(dice, 4) == 0);
        out[i] = (struct record){.at_ms = at_ms,
                                 .person = life->person,
                                 .kind = (uint8_t)act,
                                 .channel = (uint8_t)channel,
                                 .score = NO_SCORE,
                                 .amount = pays ? 1000 * (uint32_t)(30 + exp(5.5 + normal(dice))) : 0};
        out[i].touchpoint = touchpoint_of(dice, act, channel);
        if (i + 1 < count && below(dice, 100) < ANSWERED) {
            out[i + 1] = answer_to(life, &out[i]);
            at_ms = out[++i].at_ms;
        }
    }
}

/* Moves a life that reaches past the end to an earlier begin; one longer than the whole span is lived faster. */
static void fit(struct record *life, int64_t count, int64_t from_ms, int64_t until_ms)
{
    int64_t over = life[count - 1].at_ms - (until_ms - 1);
    if (over <= 0) {
        return;
    }
    if (life[0].at_ms - over >= from_ms) {
        for (int64_t i = 0; i < count; i++) {
            life[i].at_ms -= over;
        }
        return;
    }
    int64_t first = life[0].at_ms, room = until_ms - from_ms - count - 1;
    double pace = (double)room / (double)(life[count - 1].at_ms - first);
    for (int64_t i = 0; i < count; i++) {
        life[i].at_ms = from_ms + i + (int64_t)((double)(life[i].at_ms - first) * pace);
    }
}

static struct dice dice_of(uint32_t person, uint64_t purpose)
{
    struct dice dice = {person * 0x9e3779b97f4a7c15u ^ purpose << 56};
    roll(&dice);
    return dice;
}

static double activity(uint32_t person)
{
    struct dice dice = dice_of(person, 1);
    return exp(1.2 * normal(&dice));
}

static void people_events(struct record *out, int64_t events, uint32_t persons, int64_t until_ms)
{
    int64_t from_ms = until_ms - (int64_t)SPAN_DAYS * DAY_MS;
    double total = 0, given = 0;
    for (uint32_t person = 1; person <= persons; person++) {
        total += activity(person);
    }
    int64_t written = 0;
    for (uint32_t person = 1; person <= persons; person++) {
        // Everybody has one event; the rest is shared by activity, carrying what rounding leaves.
        given += activity(person);
        int64_t upto = person + (int64_t)floor(given / total * (double)(events - persons));
        int64_t count = (person == persons ? events : upto) - written;
        struct dice dice = dice_of(person, 2);
        struct life life = {
            .dice = dice, .person = person, .channel = draw_channel(&dice), .mood = 0.5 * normal(&dice)};
        int64_t birth = from_ms + (int64_t)(share(&dice) * (SPAN_DAYS - 20) * DAY_MS);
        double span = (double)(until_ms - birth) * (0.1 + 0.9 * share(&dice));
        life.rest = span / ((double)count / 6.0 + 1.0);
        life.dice = dice;
        live(&life, birth, out + written, count);
        fit(out + written, count, from_ms, until_ms);
        written += count;
    }
}

/* By time, stable: least digits first. */
static struct record *sorted(struct record *rows, struct record *room, int64_t count, int64_t from_ms)
{
    static int64_t ends[1 << DIGIT_BITS];
    for (int shift = 0; shift < 3 * DIGIT_BITS; shift += DIGIT_BITS) {
        memset(ends, 0, sizeof ends);
        for (int64_t i = 0; i < count; i++) {
            ends[(rows[i].at_ms - from_ms) >> shift & ((1 << DIGIT_BITS) - 1)]++;
        }
        int64_t before = 0;
        for (int i = 0; i < 1 << DIGIT_BITS; i++) {
            int64_t here = ends[i];
            ends[i] = before;
            before += here;
        }
        for (int64_t i = 0; i < count; i++) {
            room[ends[(rows[i].at_ms - from_ms) >> shift & ((1 << DIGIT_BITS) - 1)]++] = rows[i];
        }
        struct record *swap = rows;
        rows = room;
        room = swap;
    }
    return rows;
}

static void names_of(const char *of, const char *const *names, int count)
{
    printf("\"%s\":[", of);
    for (int i = 0; i < count; i++) {
        printf("%s\"%s\"", i > 0 ? "," : "", names[i]);
    }
    printf("]");
}

static void names(void)
{
    printf("{");
    names_of("kinds", kind_names, KINDS);
    printf(",");
    names_of("channels", channel_names, CHANNELS);
    printf(",");
    names_of("metrics", metric_names, METRICS);
    printf(",\"touchpoints\":%d}\n", TOUCHPOINTS);
}

static _Noreturn void stop(const char *what)
{
    perror(what);
    exit(1);
}

static void make(const char *path, int64_t events, uint32_t persons, int64_t until_ms)
{
    int64_t from_ms = until_ms - (int64_t)SPAN_DAYS * DAY_MS;
    struct record *rows = calloc((size_t)events, sizeof *rows), *room = calloc((size_t)events, sizeof *room);
    if (rows == NULL || room == NULL) {
        stop("memory");
    }
    people_events(rows, events, persons, until_ms);
    struct record *ordered = sorted(rows, room, events, from_ms);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(ordered, sizeof *ordered, (size_t)events, file) != (size_t)events || fclose(file) != 0) {
        stop(path);
    }
    free(rows);
    free(room);
}

static void csv(const char *path)
{
    static struct record rows[4096];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        stop(path);
    }
    for (size_t got; (got = fread(rows, sizeof *rows, 4096, file)) > 0;) {
        for (size_t i = 0; i < got; i++) {
            const struct record *row = &rows[i];
            printf("%" PRId64 ",%" PRIu32 ",%" PRIu32 ",%d,%d,%d,%d,%d\n", row->at_ms, row->person, row->amount,
                   row->kind, row->channel, row->touchpoint, row->metric, row->score);
        }
    }
    fclose(file);
}

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "make") == 0) {
        int64_t events = strtoll(argv[3], NULL, 10), persons = strtoll(argv[4], NULL, 10);
        if (events >= persons && persons > 0 && persons < INT32_MAX) {
            make(argv[2], events, (uint32_t)persons, strtoll(argv[5], NULL, 10));
            return 0;
        }
    } else if (argc == 3 && strcmp(argv[1], "csv") == 0) {
        csv(argv[2]);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "names") == 0) {
        names();
        return 0;
    }
    fprintf(stderr, "bench_generate make FILE EVENTS PERSONS UNTIL_MS | csv FILE | names\n");
    return 2;
}
