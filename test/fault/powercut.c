/* A disk that loses power: preloaded under a program, it lets every write through but remembers what was not yet synced.
 * At the chosen moment it puts the files back to what the disk is sure to have, lets a random part of the rest through,
 * torn at 512 bytes, and ends the process.
 *
 *     LD_PRELOAD=powercut.so PC_DIR=/data PC_AT=120 PC_SEED=7 program …
 *
 *     PC_DIR    only files in this folder (not below it); the -shm files of SQLite are memory and left out
 *     PC_AT     the power fails at this write, truncation or sync, counted from 1 (0 or absent: never)
 *     PC_SEED   what is lost
 *     PC_EIO    this fsync fails with EIO, and what it should have synced is lost for good unless it is written
 *               again: Linux drops the pages and reports it once
 *     PC_COUNT  a file that is given the number of operations when the process ends by itself
 *
 * The exit code is 99 after a power cut. What a lock protects here is the order of everything that touches the files.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { FDS_MAX = 4096, FILES_MAX = 256, SECTOR = 512, PAGE = 4096, EXIT_CUT = 99 };

/* One change that is not synced. */
struct change {
    struct change *before; /* the change before this one, or NULL */
    off_t at;              /* write: where; truncation: the new size */
    size_t len;            /* write: how much */
    off_t size_before;     /* of the file */
    char *now, *then;      /* write: what was written and what stood there; truncation: what was cut off */
    size_t then_len;
    bool cut;      /* a truncation */
    bool lost;     /* its sync failed: only pages written again can still reach the disk */
    uint8_t *safe; /* lost: by page, written again and synced since */
};

struct file {
    dev_t dev;
    ino_t ino;
    char path[512];
    struct change *newest;
    bool used, fresh; /* fresh: created, and its folder not synced yet */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct file files[FILES_MAX];
static struct file *by_fd[FDS_MAX];
static bool folder_fd[FDS_MAX];
static char folder[400];
static uint64_t operations, cut_at, syncs, eio_at, dice;

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pread)(int, void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_unlink)(const char *);

static uint64_t number(const char *name)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : 0;
}

static void *next(const char *name)
{
    void *function = dlsym(RTLD_NEXT, name);
    if (function == NULL) {
        abort();
    }
    return function;
}

__attribute__((constructor)) static void begin(void)
{
    *(void **)&real_open = next("open");
    *(void **)&real_close = next("close");
    *(void **)&real_write = next("write");
    *(void **)&real_pwrite = next("pwrite");
    *(void **)&real_pread = next("pread");
    *(void **)&real_ftruncate = next("ftruncate");
    *(void **)&real_fsync = next("fsync");
    *(void **)&real_unlink = next("unlink");
    const char *path = getenv("PC_DIR");
    snprintf(folder, sizeof folder, "%s", path ? path : "/nowhere");
    cut_at = number("PC_AT");
    eio_at = number("PC_EIO");
    dice = number("PC_SEED") * 2654435761u + 88172645463325252u;
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("PC_COUNT");
    FILE *out = path ? fopen(path, "w") : NULL;
    if (out) {
        fprintf(out, "%llu\n", (unsigned long long)operations);
        fclose(out);
    }
}

/* xorshift64 (Marsaglia 2003). */
static uint64_t roll(uint64_t below)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (dice >> 11) % below;
}

static void *keep(const void *bytes, size_t len)
{
    void *copy = malloc(len ? len : 1);
    if (copy == NULL) {
        abort();
    }
    if (bytes) {
        memcpy(copy, bytes, len);
    }
    return copy;
}

static void drop(struct change *change)
{
    free(change->now);
    free(change->then);
    free(change->safe);
    free(change);
}

static size_t pages(const struct change *change)
{
    return (size_t)((change->at + (off_t)change->len + PAGE - 1) / PAGE - change->at / PAGE);
}

/* Which files are ours. */

static bool ours(const char *path)
{
    size_t len = strlen(folder);
    const char *name = strncmp(path, folder, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
    return name && !strchr(name, '/') && !strstr(name, "-shm");
}

static struct file *find(dev_t dev, ino_t ino)
{
    for (int i = 0; i < FILES_MAX; i++) {
        if (files[i].used && files[i].dev == dev && files[i].ino == ino) {
            return &files[i];
        }
    }
    return NULL;
}

static struct file *add(const struct stat *stat_, const char *path, bool fresh)
{
    for (int i = 0; i < FILES_MAX; i++) {
        if (!files[i].used) {
            files[i] = (struct file){.dev = stat_->st_dev, .ino = stat_->st_ino, .used = true, .fresh = fresh};
            snprintf(files[i].path, sizeof files[i].path, "%s", path);
            return &files[i];
        }
    }
    abort();
}

static void opened(int fd, const char *path, bool existed)
{
    struct stat stat_;
    if (fd < 0 || fd >= FDS_MAX || fstat(fd, &stat_) != 0) {
        return;
    }
    by_fd[fd] = NULL;
    folder_fd[fd] = S_ISDIR(stat_.st_mode) && strcmp(path, folder) == 0;
    if (S_ISREG(stat_.st_mode) && ours(path)) {
        struct file *file = find(stat_.st_dev, stat_.st_ino);
        by_fd[fd] = file ? file : add(&stat_, path, !existed);
    }
}

/* The end. */

/* Takes back one change. What a lost change wrote into pages that were synced later stays. */
static void take_back(int fd, const struct change *change)
{
    if (change->cut) {
        real_ftruncate(fd, change->size_before);
        real_pwrite(fd, change->then, change->then_len, change->at);
        return;
    }
    for (size_t i = 0; i < change->then_len; i++) {
        off_t at = change->at + (off_t)i;
        if (!change->lost || !change->safe[at / PAGE - change->at / PAGE]) {
            size_t run = (size_t)(PAGE - at % PAGE);
            run = run < change->then_len - i ? run : change->then_len - i;
            real_pwrite(fd, change->then + i, run, at);
            i += run - 1;
        } else {
            i += (size_t)(PAGE - at % PAGE) - 1;
        }
    }
    bool kept = false;
    for (size_t i = 0; change->lost && i < pages(change); i++) {
        kept = kept || change->safe[i];
    }
    if (!kept) {
        struct stat stat_;
        // A lost change may lie below what was synced after it.
        if (!change->lost || (fstat(fd, &stat_) == 0 && stat_.st_size <= change->at + (off_t)change->len)) {
            real_ftruncate(fd, change->size_before);
        }
    }
}

/* A change that may have reached the disk: not at all, whole, or some of its sectors. */
static void let_through(int fd, const struct change *change)
{
    uint64_t fate = roll(3);
    if (change->lost || fate == 0) {
        return;
    }
    if (change->cut) {
        real_ftruncate(fd, change->at);
        return;
    }
    for (size_t i = 0; i < change->len;) {
        size_t run = SECTOR - (size_t)((change->at + (off_t)i) % SECTOR);
        run = run < change->len - i ? run : change->len - i;
        if (fate == 1 || roll(2)) {
            real_pwrite(fd, change->now + i, run, change->at + (off_t)i);
        }
        i += run;
    }
}

static void fail_file(struct file *file)
{
    if (file->fresh && roll(2)) {
        real_unlink(file->path); // its name had not reached the disk
        return;
    }
    int fd = real_open(file->path, O_RDWR);
    if (fd < 0) {
        return; // deleted meanwhile
    }
    struct change *oldest_first = NULL;
    for (struct change *change = file->newest; change; change = change->before) {
        take_back(fd, change);
    }
    while (file->newest) { // turn the list round
        struct change *change = file->newest;
        file->newest = change->before;
        change->before = oldest_first;
        oldest_first = change;
    }
    for (struct change *change = oldest_first; change; change = change->before) {
        let_through(fd, change);
    }
    real_close(fd);
}

/* Called with the lock held before each operation; nobody else touches a file any more once the moment has come. */
static void count_operation(void)
{
    if (++operations != cut_at) {
        return;
    }
    for (int i = 0; i < FILES_MAX; i++) {
        if (files[i].used) {
            fail_file(&files[i]);
        }
    }
    _exit(EXIT_CUT);
}

/* Remembering. */

static void remember_write(struct file *file, int fd, const void *bytes, size_t len, off_t at)
{
    struct stat stat_;
    struct change *change = calloc(1, sizeof *change);
    if (change == NULL || fstat(fd, &stat_) != 0) {
        abort();
    }
    *change = (struct change){.before = file->newest, .at = at, .len = len, .size_before = stat_.st_size};
    change->now = keep(bytes, len);
    if (at < stat_.st_size) {
        off_t there = stat_.st_size - at;
        change->then_len = there < (off_t)len ? (size_t)there : len;
        change->then = keep(NULL, change->then_len);
        real_pread(fd, change->then, change->then_len, at);
    }
    file->newest = change;
}

static void remember_cut(struct file *file, int fd, off_t size)
{
    struct stat stat_;
    struct change *change = calloc(1, sizeof *change);
    if (change == NULL || fstat(fd, &stat_) != 0) {
        abort();
    }
    *change = (struct change){.before = file->newest, .at = size, .size_before = stat_.st_size, .cut = true};
    if (size < stat_.st_size) {
        change->then_len = (size_t)(stat_.st_size - size);
        change->then = keep(NULL, change->then_len);
        real_pread(fd, change->then, change->then_len, size);
    }
    file->newest = change;
}

/* `later` was synced: pages it wrote took what a lost change left in them along. */
static void rescue(struct change *lost, const struct change *later)
{
    for (size_t i = 0; i < pages(lost); i++) {
        off_t page = (lost->at / PAGE + (off_t)i) * PAGE;
        bool written = !later->cut && later->at < page + PAGE && later->at + (off_t)later->len > page;
        bool beyond = later->cut && later->at <= page;
        if (written || beyond) {
            lost->safe[i] = 1;
        }
    }
}

/* Everything but what was lost is on the disk now. */
static void synced(struct file *file)
{
    struct change *kept = NULL, *walk = file->newest;
    for (struct change *later = file->newest; later; later = later->before) {
        for (struct change *lost = later->before; !later->lost && lost; lost = lost->before) {
            if (lost->lost && !lost->cut) {
                rescue(lost, later);
            }
        }
    }
    struct change **link = &kept;
    while (walk) {
        struct change *change = walk;
        walk = change->before;
        if (change->lost) {
            *link = change;
            link = &change->before;
        } else {
            drop(change);
        }
    }
    *link = NULL;
    file->newest = kept;
}

static void lose(struct file *file)
{
    for (struct change *change = file->newest; change; change = change->before) {
        if (!change->lost) {
            change->lost = true;
            change->safe = calloc(pages(change) + 1, 1);
        }
    }
}

/* What the program calls. */

static int open_any(const char *path, int flags, mode_t mode)
{
    pthread_mutex_lock(&lock);
    bool existed = access(path, F_OK) == 0;
    int fd = real_open(path, flags, mode);
    opened(fd, path, existed);
    pthread_mutex_unlock(&lock);
    return fd;
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_any(path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int close(int fd)
{
    pthread_mutex_lock(&lock);
    if (fd >= 0 && fd < FDS_MAX) {
        by_fd[fd] = NULL;
        folder_fd[fd] = false;
    }
    int code = real_close(fd);
    pthread_mutex_unlock(&lock);
    return code;
}

static struct file *file_of(int fd)
{
    return fd >= 0 && fd < FDS_MAX ? by_fd[fd] : NULL;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    pthread_mutex_lock(&lock);
    struct file *file = file_of(fd);
    if (file) {
        count_operation();
        remember_write(file, fd, bytes, len, at);
    }
    ssize_t written = real_pwrite(fd, bytes, len, at);
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t at) __attribute__((alias("pwrite")));

ssize_t write(int fd, const void *bytes, size_t len)
{
    struct file *file = file_of(fd);
    if (file == NULL) {
        return real_write(fd, bytes, len); // without the lock: a pipe may wait
    }
    pthread_mutex_lock(&lock);
    count_operation();
    off_t at = lseek(fd, 0, SEEK_CUR);
    remember_write(file, fd, bytes, len, at);
    ssize_t written = real_write(fd, bytes, len);
    pthread_mutex_unlock(&lock);
    return written;
}

int ftruncate(int fd, off_t size)
{
    pthread_mutex_lock(&lock);
    struct file *file = file_of(fd);
    if (file) {
        count_operation();
        remember_cut(file, fd, size);
    }
    int code = real_ftruncate(fd, size);
    pthread_mutex_unlock(&lock);
    return code;
}

int ftruncate64(int fd, off_t size) __attribute__((alias("ftruncate")));

static int sync_folder(void)
{
    for (int i = 0; i < FILES_MAX; i++) {
        files[i].fresh = false;
    }
    return 0;
}

/* The disk of the machine is not asked: it is the shim that knows what is safe. */
static int sync_any(int fd)
{
    int code = 0;
    pthread_mutex_lock(&lock);
    struct file *file = file_of(fd);
    if (file) {
        count_operation();
        if (++syncs == eio_at) {
            lose(file);
            errno = EIO;
            code = -1;
        } else {
            synced(file);
        }
    } else if (fd >= 0 && fd < FDS_MAX && folder_fd[fd]) {
        count_operation();
        code = sync_folder();
    }
    pthread_mutex_unlock(&lock);
    return code;
}

int fsync(int fd)
{
    return sync_any(fd);
}

int fdatasync(int fd)
{
    return sync_any(fd);
}
