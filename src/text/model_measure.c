#include "text/model_inside.h"

static f64 share(i64 part, i64 whole)
{
    return whole == 0 ? 0.0 : (f64)part / (f64)whole;
}

static void measure_label(const struct model_report *report, i64 label, struct model_label *out)
{
    i64 labels = report->label_count, hits = report->confusion[label * labels + label], said = 0;
    for (i64 truth = 0; truth < labels; truth++) {
        said += report->confusion[truth * labels + label];
        out->count += report->confusion[label * labels + truth];
    }
    out->precision = share(hits, said);
    out->recall = share(hits, out->count);
    out->f1 = share(2 * hits, said + out->count);
}

void model_measure(struct arena *arena, const struct model_texts *texts, struct model_report *report)
{
    i64 labels = texts->name_count, total = 0, hits = 0, most = 0, present = 0;
    report->label_count = labels;
    report->labels = arena_new(arena, struct model_label, labels);
    report->confusion = arena_new(arena, i64, labels * labels);
    for (i64 i = 0; i < texts->count; i++) {
        if (report->predicted[i] >= 0) {
            report->confusion[texts->labels[i] * labels + report->predicted[i]]++;
            hits += texts->labels[i] == report->predicted[i];
            total++;
        }
    }
    report->macro_f1 = report->weighted_f1 = 0.0;
    for (i64 label = 0; label < labels; label++) {
        struct model_label *row = &report->labels[label];
        row->name = texts->names[label];
        measure_label(report, label, row);
        most = greater(most, row->count);
        present += row->count > 0;
        report->macro_f1 += row->f1;
        report->weighted_f1 += row->f1 * share(row->count, total);
    }
    report->macro_f1 = present == 0 ? 0.0 : report->macro_f1 / (f64)present;
    report->accuracy = share(hits, total);
    report->most_common = share(most, total);
}
