#include "journey/tally.h"

void tally_add(struct tally *tally, struct scale scale, f64 answer)
{
    switch (tally->metric) {
    case METRIC_NPS: (void)!nps_add(&tally->nps, answer); break;
    case METRIC_CSAT: (void)!csat_add(&tally->csat, scale, answer); break;
    case METRIC_CES: (void)!ces_add(&tally->ces, answer); break;
    default:
        moments_add(&tally->other, answer);
        tally->scale = scale;
        break;
    }
}

void tally_merge(struct tally *into, const struct tally *more)
{
    nps_merge(&into->nps, &more->nps);
    csat_merge(&into->csat, &more->csat);
    ces_merge(&into->ces, &more->ces);
    moments_merge(&into->other, &more->other);
}

void tally_add_many(struct tally *tally, struct scale scale, f64 answer, i64 times)
{
    struct tally power = {.metric = tally->metric}; // 1, 2, 4 … of it
    tally_add(&power, scale, answer);
    if (tally->metric == METRIC_NONE) {
        tally->scale = scale;
    }
    for (; times > 0; times >>= 1) {
        if ((times & 1) != 0) {
            tally_merge(tally, &power);
        }
        struct tally same = power;
        tally_merge(&power, &same);
    }
}

static struct score score_nps(const struct nps_tally *tally)
{
    struct nps_score score;
    if (nps_score(tally, &score) != OK) {
        return (struct score){0};
    }
    return (struct score){score.answer_count, true, score.points, score.low, score.high, {0}};
}

static struct score score_csat(const struct csat_tally *tally)
{
    struct csat_score score;
    if (csat_score(tally, &score) != OK) {
        return (struct score){0};
    }
    return (struct score){score.answer_count, true, score.percent, score.low, score.high, score.mean};
}

static struct score score_ces(const struct ces_tally *tally)
{
    struct ces_score score;
    if (ces_score(tally, &score) != OK) {
        return (struct score){0};
    }
    return (struct score){score.answer_count, true, score.mean, score.low, score.high, {score.mean, true}};
}

struct score tally_score(const struct tally *tally)
{
    struct interval mean;
    switch (tally->metric) {
    case METRIC_NPS: return score_nps(&tally->nps);
    case METRIC_CSAT: return score_csat(&tally->csat);
    case METRIC_CES: return score_ces(&tally->ces);
    default:
        if (interval_mean(&tally->other, tally->scale.low, tally->scale.high, &mean) != OK) {
            return (struct score){0};
        }
        return (struct score){tally->other.count, true, mean.value, mean.low, mean.high, {mean.value, true}};
    }
}

static void write_counts(struct json_writer *writer, const struct tally *tally)
{
    json_key(writer, STR("counts"));
    json_object(writer);
    if (tally->metric == METRIC_NPS) {
        json_pair_i64(writer, "promoters", tally->nps.promoters);
        json_pair_i64(writer, "passives", tally->nps.passives);
        json_pair_i64(writer, "detractors", tally->nps.detractors);
    } else if (tally->metric == METRIC_CSAT) {
        json_pair_i64(writer, "top", tally->csat.top);
        json_pair_i64(writer, "other", tally->csat.other);
    } else if (tally->metric == METRIC_CES) {
        json_pair_i64(writer, "easy", tally->ces.easy);
        json_pair_i64(writer, "other", tally->ces.other);
    }
    json_object_end(writer);
}

void json_pair_number(struct json_writer *writer, const char *name, bool is, f64 number)
{
    if (is) {
        json_pair_f64(writer, name, number);
    } else {
        json_key(writer, str_from(name));
        json_put_null(writer);
    }
}

static void write_figures(struct json_writer *writer, const struct score *score)
{
    json_pair_i64(writer, "n", score->n);
    json_pair_number(writer, "score", score->is, score->score);
    json_pair_number(writer, "low", score->is, score->low);
    json_pair_number(writer, "high", score->is, score->high);
}

void tally_write(struct json_writer *writer, const struct tally *tally, i64 minimum_n)
{
    struct score score = tally_score(tally);
    write_figures(writer, &score);
    if (tally->metric != METRIC_NPS) {
        json_pair_number(writer, "mean", score.mean.is, score.mean.value);
    }
    write_counts(writer, tally);
    json_pair_bool(writer, "few", score.n < minimum_n);
}

void score_write(struct json_writer *writer, const struct score *score)
{
    json_object(writer);
    write_figures(writer, score);
    json_object_end(writer);
}
