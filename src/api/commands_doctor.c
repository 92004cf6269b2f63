#include "api/commands_local.h"
#include "api/doctor.h"
#include "base/clock.h"
#include "base/log.h"
#include "events/backup.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

static const char *const verdicts[] = {"ok", "warning", "wrong"};

static void say_line(struct doctor *doctor, enum verdict verdict, str text)
{
    static const char *const words[] = {"doctor.word.ok", "doctor.word.warning", "doctor.word.wrong"};
    enum { WIDTH = 10 };
    str word = sentence(doctor->cli->language, words[verdict]);
    i64 letters = 0;
    for (i64 at = 0; at < word.len; letters++) {
        (void)utf8_next(word, &at);
    }
    printf("%.*s%*s %.*s\n", STR_ARG(word), (int)greater(0, WIDTH - letters), "", STR_ARG(text));
    (void)fflush(stdout);
}

/* "doctor.disk.low" → "disk". */
static str check_of(const char *key)
{
    str rest = str_from(key);
    (void)str_cut(&rest, '.');
    return str_cut(&rest, '.');
}

void doctor_say(struct doctor *doctor, enum verdict verdict, const char *key, const struct fault_arg *args, i32 count)
{
    str text = sentence_fill(&doctor->cli->ctx.arena, doctor->cli->language, key, args, count);
    doctor->worst = greater(doctor->worst, (i32)verdict);
    if (!doctor->json) {
        say_line(doctor, verdict, text);
        return;
    }
    json_object(&doctor->list);
    json_pair_str(&doctor->list, "check", check_of(key));
    json_pair_str(&doctor->list, "verdict", str_from(verdicts[verdict]));
    json_pair_str(&doctor->list, "text", text);
    json_object_end(&doctor->list);
}

void doctor_clock(struct doctor *doctor, str server, i64 apart_ms)
{
    enum { LITTLE_MS = 2000, MUCH_MS = 30000 };
    i64 size = apart_ms < 0 ? -apart_ms : apart_ms;
    str seconds = str_format(&doctor->cli->ctx.arena, "%.1f", (f64)size / 1000);
    if (size <= LITTLE_MS) {
        DOCTOR_SAY(doctor, DOCTOR_OK, "doctor.clock.ok", {"server", server});
    } else {
        DOCTOR_SAY(doctor, size > MUCH_MS ? DOCTOR_WRONG : DOCTOR_WARNING, "doctor.clock.apart", {"server", server},
                   {"seconds", seconds});
    }
}

void doctor_disk(struct doctor *doctor, str where, f64 free, f64 total)
{
    static const f64 GB = 1e9, NEARLY = 0.1, FULL = 0.02;
    struct arena *arena = &doctor->cli->ctx.arena;
    str gb = str_format(arena, "%.1f", free / GB), percent = str_format(arena, "%.0f", 100 * free / fmax(total, 1));
    bool full = free < FULL * total && free < 20 * GB, low = free < NEARLY * total && free < 100 * GB;
    if (full || low) {
        DOCTOR_SAY(doctor, full ? DOCTOR_WRONG : DOCTOR_WARNING, "doctor.disk.low", {"where", where}, {"gb", gb},
                   {"percent", percent});
    } else {
        DOCTOR_SAY(doctor, DOCTOR_OK, "doctor.disk.ok", {"where", where}, {"gb", gb}, {"percent", percent});
    }
}

str doctor_problem(struct doctor *doctor, err code)
{
    struct ctx *ctx = &doctor->cli->ctx;
    const struct fault *fault = &ctx->fault;
    str text = fault->key == NULL
                   ? str_from(err_name(code))
                   : sentence_fill(&ctx->arena, doctor->cli->language, fault->key, fault->args, fault->arg_count);
    ctx_forgive(ctx);
    return text;
}

/* The machine: configuration, folder, disk. */

/* A password in a file that others may read. */
static void look_at_secrets(struct doctor *doctor)
{
    const struct config *config = &doctor->cli->config;
    str file = str_format(&doctor->cli->ctx.arena, "%.*s/cham.conf", STR_ARG(config->data));
    struct stat stat_;
    if (stat(file.data, &stat_) != 0 || config->records.len == 0) {
        return;
    }
    if ((stat_.st_mode & (S_IROTH | S_IWOTH)) != 0) {
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.secrets.open", {"file", file});
    } else {
        DOCTOR_SAY(doctor, DOCTOR_OK, "doctor.secrets.ok", {"file", file});
    }
}

static bool look_at_folder(struct doctor *doctor)
{
    const struct config *config = &doctor->cli->config;
    const char *path = str_c(&doctor->cli->ctx.arena, config->data);
    struct stat stat_;
    if (stat(path, &stat_) != 0) {
        DOCTOR_SAY(doctor, errno == ENOENT ? DOCTOR_WARNING : DOCTOR_WRONG, "doctor.folder.missing",
                   {"folder", config->data});
        return false;
    }
    if (access(path, R_OK | W_OK | X_OK) != 0) {
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.folder.rights", {"folder", config->data});
        return false;
    }
    if ((stat_.st_mode & 07) != 0) {
        DOCTOR_SAY(doctor, DOCTOR_WARNING, "doctor.folder.open", {"folder", config->data});
    } else {
        DOCTOR_SAY(doctor, DOCTOR_OK, "doctor.folder.ok", {"folder", config->data});
    }
    return true;
}

static void look_at_disk(struct doctor *doctor)
{
    const struct config *config = &doctor->cli->config;
    struct statvfs disk;
    if (statvfs(str_c(&doctor->cli->ctx.arena, config->data), &disk) != 0) {
        return;
    }
    f64 free = (f64)disk.f_bavail * (f64)disk.f_frsize;
    if (free < (f64)(config->reserve_mb << 20)) {
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.disk.reserve", {"where", config->data},
                   {"mb", str_format(&doctor->cli->ctx.arena, "%lld", (long long)config->reserve_mb)});
    } else {
        doctor_disk(doctor, config->data, free, (f64)disk.f_blocks * (f64)disk.f_frsize);
    }
}

/* Both files, when the stores are in the folder. A server that holds it has looked at them itself. */
static void look_at_files(struct doctor *doctor)
{
    struct ctx *ctx = &doctor->cli->ctx;
    err code = folder_check(ctx, doctor->cli->config.data);
    if (code == OK) {
        DOCTOR_SAY(doctor, DOCTOR_OK, "doctor.format.ok");
    } else {
        str problem = doctor_problem(doctor, code);
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.format.wrong", {"problem", problem});
    }
}

static void look_at_server(struct doctor *doctor)
{
    f64 share = 0;
    enum local_state state = local_state(&doctor->cli->ctx, doctor->cli->config.data, &share);
    ctx_forgive(&doctor->cli->ctx);
    const char *const keys[] = {
        [LOCAL_NONE] = "doctor.server.none",
        [LOCAL_STARTING] = "doctor.server.starting",
        [LOCAL_SERVES] = "doctor.server.ok",
    };
    DOCTOR_SAY(doctor, DOCTOR_OK, keys[state]);
}

static void look_at_stores(struct doctor *doctor)
{
    const struct config *config = &doctor->cli->config;
    bool records = config->records.len > 0, events = config->events.len > 0;
    if (records != events) {
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.stores.one", {"missing", records ? STR("events") : STR("records")});
    } else {
        DOCTOR_SAY(doctor, DOCTOR_OK, records ? "doctor.stores.large" : "doctor.stores.embedded");
    }
    if (records) {
        doctor_records(doctor);
    }
    if (events) {
        doctor_events(doctor);
    }
}

/* 0: well; 1: doubtful; 2: wrong. */
err doctor_command(struct cli *cli)
{
    struct doctor doctor = {.cli = cli, .json = str_is(cli->options[0]), .list = json_writer_in(&cli->ctx.arena)};
    log_level_set(LOG_ERROR); // the findings say it
    json_list(&doctor.list);
    look_at_secrets(&doctor);
    if (look_at_folder(&doctor)) {
        look_at_disk(&doctor);
        look_at_server(&doctor);
        if (cli->config.records.len == 0) {
            look_at_files(&doctor);
        }
    }
    look_at_stores(&doctor);
    json_list_end(&doctor.list);
    if (doctor.json) {
        commands_print(json_text(&doctor.list));
    }
    cli->status = doctor.worst;
    return OK;
}
