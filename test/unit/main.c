/* The main function of every unit test program: runs what registered itself. An argument runs only the
 * tests whose "file: name" contains it. */
#include "test.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TESTS_MAX = 4000, FOLDERS_MAX = 4000, PATH_LEN = 512 };

static struct CMUnitTest tests[TESTS_MAX];
static char names[TESTS_MAX][160];
static size_t test_count;

static char folders[FOLDERS_MAX][64];
static size_t folder_count;

void test_add(const struct test_case *test)
{
    if (test_count == TESTS_MAX) {
        fprintf(stderr, "more than %d tests in one program\n", TESTS_MAX);
        abort();
    }
    const char *file = strrchr(test->file, '/');
    char *name = names[test_count];
    snprintf(name, sizeof names[0], "%s: %s", file ? file + 1 : test->file, test->name);
    tests[test_count++] = (struct CMUnitTest){
        .name = name,
        .test_func = test->run,
        .setup_func = test->before,
        .teardown_func = test->after,
    };
}

const char *test_folder(void)
{
    if (folder_count == FOLDERS_MAX) {
        fprintf(stderr, "more than %d folders in one program\n", FOLDERS_MAX);
        abort();
    }
    char *folder = folders[folder_count++];
    snprintf(folder, sizeof folders[0], "/tmp/cham-test-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        perror("mkdtemp");
        abort();
    }
    return folder;
}

const char *test_source(const char *path)
{
    static char full[PATH_LEN];
    const char *root = getenv("CHAM_SOURCE");
    snprintf(full, sizeof full, "%s/%s", root ? root : ".", path);
    return full;
}

void test_near(double is, double should, double slack, const char *file, int line)
{
    double apart = is > should ? is - should : should - is;
    if (!(apart <= slack)) {
        print_error("%.17g is not within %g of %.17g\n", is, slack, should);
        _fail(file, line);
    }
}

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *walk)
{
    (void)stat;
    (void)type;
    (void)walk;
    return remove(path);
}

static void remove_folders(void)
{
    for (size_t i = 0; i < folder_count; i++) {
        nftw(folders[i], remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
}

/* Keeps the tests whose name contains `part`, in their order. */
static void keep_matching(const char *part)
{
    size_t kept = 0;
    for (size_t i = 0; i < test_count; i++) {
        if (strstr(tests[i].name, part) != NULL) {
            tests[kept++] = tests[i];
        }
    }
    test_count = kept;
}

int main(int count, char **arguments)
{
    if (count > 1) {
        keep_matching(arguments[1]);
    }
    atexit(remove_folders);
    return _cmocka_run_group_tests("unit", tests, test_count, NULL, NULL) == 0 ? 0 : 1;
}
