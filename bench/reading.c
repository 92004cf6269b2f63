/* How many comments one thread reads in a second, all findings together.
 *
 *     reading FILE [COUNT]
 *
 * FILE holds sentences (a class, a tabulator, the text; test/golden/reading-vi.tsv). Comments are drawn from it, one to
 * five sentences each, about 120 bytes on average, before the clock starts. Prints one line of JSON.
 */
#include "text/reading.h"
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SENTENCES_MAX = 2000, COMMENTS = 20000, ROOM = 600, AIM = 120 };

static u64 state = 88172645463325252u;

static u64 draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static i64 read_sentences(struct arena *arena, const char *path, str *out)
{
    FILE *file = fopen(path, "rbe");
    char line[4096];
    i64 count = 0;
    while (file != NULL && count < SENTENCES_MAX && fgets(line, sizeof line, file) != NULL) {
        str rest = str_trim(str_from(line));
        if (rest.len > 0 && rest.data[0] != '#') {
            (void)str_cut(&rest, '\t');
            out[count++] = str_copy(arena, rest);
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return count;
}

/* Sentences until the length that was drawn is reached. */
static str comment(struct arena *arena, const str *sentences, i64 count)
{
    char *text = arena_new(arena, char, ROOM);
    i64 len = 0, aim = (i64)(draw() % (AIM * 2 - 60)) + 10;
    do {
        str one = sentences[draw() % (u64)count];
        if (len + one.len + 2 > ROOM) {
            break;
        }
        memcpy(text + len, one.data, (size_t)one.len);
        memcpy(text + len + one.len, ". ", 2);
        len += one.len + 2;
    } while (len < aim);
    return (str){text, len};
}

int main(int count, char **arguments)
{
    struct arena arena = {0};
    str *sentences = arena_new(&arena, str, SENTENCES_MAX), *comments = arena_new(&arena, str, COMMENTS);
    i64 known = count > 1 ? read_sentences(&arena, arguments[1], sentences) : 0;
    i64 wanted = 1000000;
    if (known == 0 || (count > 2 && !str_i64(str_from(arguments[2]), &wanted))) {
        (void)fputs("reading FILE [COUNT]\n", stderr);
        return EXIT_FAILURE;
    }
    i64 bytes = 0, findings = 0;
    for (i64 i = 0; i < COMMENTS; i++) {
        comments[i] = comment(&arena, sentences, known);
    }
    i64 begun = clock_steady_ns();
    clock_t before = clock();
    for (i64 i = 0; i < wanted; i++) {
        struct reading reading;
        reading_of(comments[i % COMMENTS], &reading);
        bytes += comments[i % COMMENTS].len;
        findings += reading.topic_count + reading.because_count + (reading.class != CLASS_NONE);
    }
    f64 processor = (f64)(clock() - before) / CLOCKS_PER_SEC;
    f64 seconds = (f64)(clock_steady_ns() - begun) / 1e9;
    printf("{\"comments\":%lld,\"mean_bytes\":%.1f,\"findings\":%lld,\"seconds\":%.3f,\"per_second\":%.0f,"
           "\"per_processor_second\":%.0f}\n",
           (long long)wanted, (f64)bytes / (f64)wanted, (long long)findings, seconds, (f64)wanted / seconds,
           (f64)wanted / processor);
    arena_free(&arena);
    return EXIT_SUCCESS;
}
