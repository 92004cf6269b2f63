#include "text/regress.h"

#include "base/arena.h"

#include <linear.h>
#include <math.h>
#include <pthread.h>

#define NEVER (-30.0F) /* log odds of a label without rows */

static void say_nothing([[maybe_unused]] const char *text)
{
}

static void silence(void)
{
    set_print_string_function(say_nothing);
}

/* Rows as liblinear takes them: features from 1, the bias as the last one, an end. */
static struct feature_node *nodes_of(const struct regress_rows *rows, struct feature_node **each)
{
    struct feature_node *nodes = mem_new((rows->start[rows->count] + 2 * rows->count) *
                                         (i64)sizeof(struct feature_node));
    struct feature_node *next = nodes;
    for (i64 row = 0; row < rows->count; row++) {
        each[row] = next;
        for (i64 i = rows->start[row]; i < rows->start[row + 1]; i++) {
            *next++ = (struct feature_node){rows->places[i] + 1, (f64)rows->values[i]};
        }
        *next++ = (struct feature_node){(int)rows->feature_count + 1, 1.0};
        *next++ = (struct feature_node){-1, 0.0};
    }
    return nodes;
}

static void weigh_labels(const struct regress_rows *rows, f64 balance, struct parameter *parameter)
{
    i64 *counts = mem_new(rows->label_count * (i64)sizeof(i64));
    for (i64 row = 0; row < rows->count; row++) {
        counts[rows->labels[row]]++;
    }
    parameter->weight = mem_new(rows->label_count * (i64)sizeof(f64));
    parameter->weight_label = mem_new(rows->label_count * (i64)sizeof(int));
    for (i64 label = 0; label < rows->label_count; label++) {
        if (counts[label] > 0) {
            f64 mean = (f64)rows->count / (f64)rows->label_count;
            parameter->weight[parameter->nr_weight] = pow(mean / (f64)counts[label], balance);
            parameter->weight_label[parameter->nr_weight++] = (int)label;
        }
    }
    mem_free(counts);
}

/* One column a label; of two labels liblinear keeps a single one, which speaks for the first. */
static void take_weights(const struct model *trained, const struct regress_rows *rows, f32 *weights, f32 *bias)
{
    i64 columns = trained->nr_class == 2 ? 1 : trained->nr_class, labels = rows->label_count;
    for (i64 label = 0; label < labels; label++) {
        bias[label] = NEVER;
    }
    for (i64 class = 0; class < trained->nr_class; class ++) {
        i64 label = trained->label[class], column = columns == 1 ? 0 : class;
        f64 sign = columns == 1 && class == 1 ? -1.0 : 1.0;
        for (i64 feature = 0; feature < rows->feature_count; feature++) {
            weights[feature * labels + label] = (f32)(sign * trained->w[feature * columns + column]);
        }
        bias[label] = (f32)(sign * trained->w[rows->feature_count * columns + column]);
    }
}

void regress(const struct regress_rows *rows, const struct regress_options *options, f32 *weights, f32 *bias)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, silence);
    struct feature_node **each = mem_new((rows->count + 1) * (i64)sizeof(struct feature_node *));
    struct feature_node *nodes = nodes_of(rows, each);
    f64 *labels = mem_new((rows->count + 1) * (i64)sizeof(f64));
    for (i64 row = 0; row < rows->count; row++) {
        labels[row] = (f64)rows->labels[row];
    }
    struct problem problem = {
        .l = (int)rows->count, .n = (int)rows->feature_count + 1, .y = labels, .x = each, .bias = 1.0};
    struct parameter parameter = {.solver_type = L2R_LR, .eps = options->stop, .C = options->strength};
    weigh_labels(rows, options->balance, &parameter);
    struct model *trained = train(&problem, &parameter);
    take_weights(trained, rows, weights, bias);
    free_and_destroy_model(&trained);
    mem_free(parameter.weight);
    mem_free(parameter.weight_label);
    mem_free(labels);
    mem_free(nodes);
    mem_free(each);
}
