#include "api/doctor.h"
#include "store/look.h"

enum { VERSION_MIN = 150000, CONNECTIONS_WANTED = 17 /* of one process: its pool and the one that listens */ };

static void look_at_format(struct doctor *doctor, const struct store_look *look)
{
    struct arena *arena = &doctor->cli->ctx.arena;
    str have = str_format(arena, "%lld", (long long)look->format);
    str known = str_format(arena, "%lld", (long long)look->known);
    if (look->foreign) {
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.records_format.foreign", {"server", look->server});
    } else if (look->format > look->known) {
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.records_format.newer", {"have", have}, {"known", known});
    } else if (look->format < look->known) {
        DOCTOR_SAY(doctor, DOCTOR_OK, "doctor.records_format.older", {"have", have}, {"known", known});
    } else {
        DOCTOR_SAY(doctor, DOCTOR_OK, "doctor.records_format.ok", {"have", have});
    }
}

static void look_at_rights(struct doctor *doctor, const struct store_look *look)
{
    if (!look->utf8) {
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.records_encoding.wrong", {"server", look->server});
    }
    if (look->standby) {
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.records_standby.wrong", {"server", look->server});
    }
    if (!look->may_create) {
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.records_rights.wrong", {"server", look->server});
    } else {
        DOCTOR_SAY(doctor, DOCTOR_OK, "doctor.records_rights.ok");
    }
}

static void look_at_connection(struct doctor *doctor, const struct store_look *look)
{
    str count = str_format(&doctor->cli->ctx.arena, "%lld", (long long)look->connections_free);
    bool enough = look->connections_free >= CONNECTIONS_WANTED;
    DOCTOR_SAY(doctor, enough ? DOCTOR_OK : DOCTOR_WARNING,
               enough ? "doctor.records_connections.ok" : "doctor.records_connections.few", {"count", count});
    if (!look->near && !look->verified) {
        DOCTOR_SAY(doctor, DOCTOR_WARNING, look->tls ? "doctor.tls.unverified" : "doctor.tls.off",
                   {"server", look->server});
    } else {
        DOCTOR_SAY(doctor, DOCTOR_OK, look->tls ? "doctor.tls.ok" : "doctor.tls.near", {"server", look->server});
    }
    if (!look->durable) {
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.records_durable.wrong", {"server", look->server});
    }
    if (!look->trigrams) {
        DOCTOR_SAY(doctor, DOCTOR_WARNING, "doctor.records_search.slow", {"server", look->server});
    }
}

/* Its lines behind one another. */
static str one_line(struct arena *arena, str text)
{
    struct buf line = buf_in(arena);
    while (text.len > 0) {
        str part = str_trim(str_cut(&text, '\n'));
        buf_format(&line, line.len > 0 ? "; %.*s" : "%.*s", STR_ARG(part));
    }
    return buf_str(&line);
}

/* Why PostgreSQL cannot be reached. libpq says it in English, with no code to know it by. */
static void say_away(struct doctor *doctor, err code)
{
    static const struct {
        const char *words, *key;
    } causes[] = {
        {"could not translate host name", "doctor.records.unknown_host"},
        {"password authentication failed", "doctor.records.password"},
        {"no password supplied", "doctor.records.password"},
        {"no pg_hba.conf entry", "doctor.records.not_let_in"},
        {"does not support SSL", "doctor.records.no_tls"},
        {"certificate", "doctor.records.certificate"},
        {"negotiation", "doctor.records.stranger"},
        {"expected authentication request", "doctor.records.stranger"},
        {"server closed the connection", "doctor.records.stranger"},
        {"database \"", "doctor.records.no_database"},
        {"Connection refused", "doctor.records.refused"},
        {"No such file", "doctor.records.refused"},
    };
    const struct fault *fault = &doctor->cli->ctx.fault;
    if (fault->key == NULL || strcmp(fault->key, "error.records_open") != 0) {
        str problem = doctor_problem(doctor, code);
        DOCTOR_SAY(doctor, DOCTOR_WRONG, "doctor.records.away", {"problem", problem});
        return;
    }
    str said = fault->args[0].value;
    const char *key = "doctor.records.silent";
    for (i64 i = 0; i < countof(causes); i++) {
        if (str_find(said, str_from(causes[i].words)) >= 0) {
            key = causes[i].key;
            break;
        }
    }
    str problem = one_line(&doctor->cli->ctx.arena, said);
    ctx_forgive(&doctor->cli->ctx);
    DOCTOR_SAY(doctor, DOCTOR_WRONG, key, {"problem", problem});
}

void doctor_records(struct doctor *doctor)
{
    struct ctx *ctx = &doctor->cli->ctx;
    struct store_look look;
    err code = store_look(ctx, doctor->cli->config.records, &look);
    if (code != OK) {
        say_away(doctor, code);
        return;
    }
    str version = str_format(&ctx->arena, "%lld.%lld", (long long)(look.version / 10000),
                             (long long)(look.version % 10000));
    bool new_enough = look.version >= VERSION_MIN;
    DOCTOR_SAY(doctor, new_enough ? DOCTOR_OK : DOCTOR_WRONG, new_enough ? "doctor.records.ok" : "doctor.records.old",
               {"server", look.server}, {"version", version},
               {"gb", str_format(&ctx->arena, "%.2f", (f64)look.bytes / 1e9)});
    look_at_rights(doctor, &look);
    look_at_format(doctor, &look);
    look_at_connection(doctor, &look);
    doctor_clock(doctor, look.server, look.now_ms - look.taken_ms);
}
