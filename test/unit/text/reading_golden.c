#include "test.h"

#include "base/buf.h"
#include "text/reading.h"

#include <stdio.h>
#include <stdlib.h>

/* Sentences with their class, from files; how many are read right is printed, and may not fall below what was reached. */

struct score {
    i64 decided, right; /* positive and negative sentences, an abstention counts as wrong */
    i64 answered;       /* those that were not read as neutral or none */
    i64 neutral, neutral_right;
};

static enum text_class class_named(str word)
{
    for (i32 i = 0; text_class_words[i] != NULL; i++) {
        if (str_eq(word, str_from(text_class_words[i]))) {
            return (enum text_class)i;
        }
    }
    fail_msg("no class: %.*s", STR_ARG(word));
    return CLASS_NONE;
}

static void add(struct score *score, str class_word, str text)
{
    struct reading reading;
    reading_of(text, &reading);
    enum text_class is = class_named(class_word);
    if (is == CLASS_NEUTRAL) {
        score->neutral++;
        score->neutral_right += reading.class == is;
        return;
    }
    score->decided++;
    score->right += reading.class == is;
    score->answered += reading.class == CLASS_POSITIVE || reading.class == CLASS_NEGATIVE;
    if (reading.class != is && getenv("SHOW_WRONG") != NULL) {
        print_message("%.*s, read as %s (%.2f): %.*s\n", STR_ARG(class_word), text_class_words[reading.class],
                      (double)reading.sentiment, STR_ARG(text));
    }
}

static struct score score_of(const char *path)
{
    struct score score = {0};
    FILE *file = fopen(test_source(path), "rbe");
    assert_non_null(file);
    char line[4096];
    while (fgets(line, sizeof line, file) != NULL) {
        str rest = str_trim(str_from(line));
        if (rest.len > 0 && rest.data[0] != '#') {
            str word = str_cut(&rest, '\t');
            add(&score, word, rest);
        }
    }
    (void)fclose(file);
    print_message("%s: %.1f %% right, coverage %.1f %% of %lld; neutral %lld of %lld\n", path,
                  100.0 * (double)score.right / (double)score.decided,
                  100.0 * (double)score.answered / (double)score.decided, (long long)score.decided,
                  (long long)score.neutral_right, (long long)score.neutral);
    return score;
}

TEST(vietnamese_sentences_are_read_as_people_mean_them)
{
    struct score score = score_of("test/golden/reading-vi.tsv");
    assert_true(score.right * 100 >= score.decided * 90);
}
