/* Runs a fuzz target over the files of its corpus and over a few inputs that every parser should have seen. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const always[] = {"", "\0", " ", "\n", "\"", "{", "[", "0", "-", "\xff", "\xc3", "\xef\xbb\xbf"};

/* The input lies in a block of exactly its length, so that reading behind it is noticed. */
static void run(const void *bytes, size_t len)
{
    u8 *copy = malloc(len);
    if (len > 0) {
        assert(copy != NULL);
        memcpy(copy, bytes, len);
    }
    LLVMFuzzerTestOneInput(copy, len);
    free(copy);
}

static void run_file(const char *folder, const char *name)
{
    fprintf(stderr, "# %s\n", name); /* the last one is the guilty one */
    char *path = NULL, *bytes = NULL;
    assert(asprintf(&path, "%s/%s", folder, name) > 0);
    FILE *file = fopen(path, "rb");
    assert(file != NULL);
    size_t len = 0, capacity = 0;
    for (size_t got = 1; got > 0; len += got) {
        if (len == capacity) {
            capacity = capacity == 0 ? 65536 : capacity * 2;
            bytes = realloc(bytes, capacity);
            assert(bytes != NULL);
        }
        got = fread(bytes + len, 1, capacity - len, file);
    }
    fclose(file);
    run(bytes, len);
    free(bytes);
    free(path);
}

int main(int count, char **arguments)
{
    assert(count == 2);
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
        run(always[i], i == 1 ? 1 : strlen(always[i]));
    }
    i64 files = 0;
    DIR *folder = opendir(arguments[1]);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.') {
            run_file(arguments[1], entry->d_name);
            files++;
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
    printf("1..1\nok 1 - the corpus breaks nothing (%lld files)\n", (long long)files);
    return 0;
}
