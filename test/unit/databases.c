#include "databases.h"

#include <grp.h>
#include <postgresql/libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { URL_LEN = 400, URLS_MAX = 4000, STARTING_MS = 60000 };

static const char *const folders[] = {"/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin",
                                      "/usr/lib/postgresql/17/bin", "/usr/local/bin"};

static struct {
    enum { NOT_TRIED, THERE, NOT_THERE } state;
    char base[URL_LEN];   /* of the database "postgres" */
    const char *programs; /* NULL: the server is not ours */
    const char *folder;
    pid_t pid;
} server;

static const char *find_programs(void)
{
    for (i64 i = 0; i < countof(folders); i++) {
        char path[200];
        snprintf(path, sizeof path, "%s/initdb", folders[i]);
        if (access(path, X_OK) == 0) {
            return folders[i];
        }
    }
    return NULL;
}

/* In the child: PostgreSQL refuses to run as root, and ends with us. */
static void become_ordinary(void)
{
    const struct passwd *nobody = getuid() == 0 ? getpwnam("nobody") : NULL;
    if (nobody != NULL && (setgroups(0, NULL) != 0 || setgid(nobody->pw_gid) != 0 || setuid(nobody->pw_uid) != 0)) {
        _exit(126);
    }
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    (void)!chdir("/");
    (void)!freopen("/dev/null", "w", stdout);
    if (getenv("CHAM_TEST_LOUD") == NULL) {
        (void)!freopen("/dev/null", "w", stderr);
    }
    unsetenv("ASAN_OPTIONS");
}

static pid_t run_program(const char *name, const char *const *arguments)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", server.programs, name);
    pid_t pid = fork();
    if (pid == 0) {
        become_ordinary();
        execv(path, (char *const *)arguments);
        _exit(127);
    }
    return pid;
}

static bool make_cluster(void)
{
    server.folder = test_folder();
    const struct passwd *nobody = getuid() == 0 ? getpwnam("nobody") : NULL;
    if (nobody != NULL && chown(server.folder, nobody->pw_uid, nobody->pw_gid) != 0) {
        return false;
    }
    char data[100];
    snprintf(data, sizeof data, "%s/data", server.folder);
    const char *const arguments[] = {"initdb",    "-D",
                                     data,        "-U",
                                     "cham",      "-A",
                                     "trust",     "-E",
                                     "UTF8",      "--locale=C.UTF-8",
                                     "--no-sync", "--no-instructions",
                                     NULL};
    int status;
    pid_t pid = run_program("initdb", arguments);
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

void postgres_start(void)
{
    char data[100], sockets[120];
    snprintf(data, sizeof data, "%s/data", server.folder);
    snprintf(sockets, sizeof sockets, "unix_socket_directories=%s", server.folder);
    const char *const arguments[] = {"postgres",
                                     "-D",
                                     data,
                                     "-c",
                                     sockets,
                                     "-c",
                                     "listen_addresses=",
                                     "-c",
                                     "fsync=off",
                                     "-c",
                                     "shared_buffers=16MB",
                                     "-c",
                                     "max_connections=60",
                                     NULL};
    server.pid = run_program("postgres", arguments);
    for (int i = 0; i < STARTING_MS / 20 && PQping(server.base) != PQPING_OK; i++) {
        usleep(20000);
    }
}

bool postgres_stop(void)
{
    if (server.pid <= 0) {
        return false;
    }
    kill(server.pid, SIGQUIT);
    waitpid(server.pid, NULL, 0);
    server.pid = 0;
    return true;
}

static void stop_at_exit(void)
{
    (void)postgres_stop();
}

static bool begin(void)
{
    const char *url = getenv("CHAM_TEST_POSTGRES");
    if (url != NULL && url[0] != '\0') {
        snprintf(server.base, sizeof server.base, "%s", url);
        return true;
    }
    server.programs = find_programs();
    if (server.programs == NULL || !make_cluster()) {
        return false;
    }
    snprintf(server.base, sizeof server.base, "postgres://cham@/postgres?host=%s", server.folder);
    atexit(stop_at_exit);
    postgres_start();
    return true;
}

bool postgres_there(void)
{
    if (server.state == NOT_TRIED) {
        server.state = begin() && PQping(server.base) == PQPING_OK ? THERE : NOT_THERE;
    }
    return server.state == THERE;
}

/* The same address with another database. */
static void put_url(char out[URL_LEN], const char *database)
{
    const char *host = strstr(server.base, "://");
    const char *path = host == NULL ? NULL : strchr(host + 3, '/');
    const char *question = strchr(server.base, '?');
    size_t before = path != NULL ? (size_t)(path - server.base) : strcspn(server.base, "?");
    snprintf(out, URL_LEN, "%.*s/%s%s", (int)before, server.base, database, question == NULL ? "" : question);
}

const char *postgres_do(str url, const char *sql)
{
    static char answer[4000];
    char text[URL_LEN];
    snprintf(text, sizeof text, "%.*s", STR_ARG(url));
    PGconn *link = PQconnectdb(text);
    PGresult *result = PQexec(link, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        print_error("%s: %s\n", sql, PQerrorMessage(link));
        fail();
    }
    snprintf(answer, sizeof answer, "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    PQfinish(link);
    return answer;
}

str postgres_new(void)
{
    static char urls[URLS_MAX][URL_LEN];
    static int count;
    assert_true(postgres_there() && count < URLS_MAX);
    char name[60], sql[160];
    snprintf(name, sizeof name, "cham_test_%d_%d", (int)getpid(), count);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8'", name);
    postgres_do(str_from(server.base), sql);
    put_url(urls[count], name);
    return str_from(urls[count++]);
}

struct store_options database_new(enum database database)
{
    if (database == IN_POSTGRES) {
        return (struct store_options){.url = postgres_new()};
    }
    return (struct store_options){.folder = str_from(test_folder())};
}
