#include "base/config.h"

static const char *const languages[] = {"vi", "en", NULL};
static const char *const levels[] = {"debug", "info", "warn", "error", NULL};

static const char *const switches[] = {"on", "off", NULL};

#define AT(member) offsetof(struct config, member)

const struct config_key config_keys[] = {
    {"data", CONFIG_TEXT, AT(data), "./data", .help = "config.data"},
    {"records", CONFIG_TEXT, AT(records), "", .help = "config.records"},
    {"events", CONFIG_TEXT, AT(events), "", .help = "config.events"},
    {"listen", CONFIG_TEXT, AT(listen), "127.0.0.1:8080", .help = "config.listen"},
    {"public_url", CONFIG_TEXT, AT(public_url), "", .help = "config.public_url"},
    {"trusted_proxies", CONFIG_TEXT, AT(trusted_proxies), "", .help = "config.trusted_proxies"},
    {"zone", CONFIG_TEXT, AT(zone), "Asia/Ho_Chi_Minh", .help = "config.zone"},
    {"language", CONFIG_WORD, AT(language), "vi", .words = languages, .help = "config.language"},
    {"log_level", CONFIG_WORD, AT(log_level), "info", .words = levels, .help = "config.log_level"},
    {"threads", CONFIG_NUMBER, AT(threads), "0", 0, 64, .help = "config.threads"},
    {"dedupe_days", CONFIG_NUMBER, AT(dedupe_days), "90", 1, 3650, .help = "config.dedupe_days"},
    {"reserve_mb", CONFIG_NUMBER, AT(reserve_mb), "64", 0, 1 << 20, .help = "config.reserve_mb"},
    {"fsync", CONFIG_WORD, AT(fsync), "on", .words = switches, .help = "config.fsync"},
    {"queue_events", CONFIG_NUMBER, AT(queue_events), "200000", 1, 10000000, .help = "config.queue_events"},
    {"ask_threads", CONFIG_NUMBER, AT(ask_threads), "0", 0, 64, .help = "config.ask_threads"},
    {"ask_memory_mb", CONFIG_NUMBER, AT(ask_memory_mb), "512", 1, 1 << 20, .help = "config.ask_memory_mb"},
    {"upload_mb", CONFIG_NUMBER, AT(upload_mb), "2048", 1, 1 << 20, .help = "config.upload_mb"},
    {"session_idle_h", CONFIG_NUMBER, AT(session_idle_h), "72", 1, 8760, .help = "config.session_idle_h"},
    {"session_days", CONFIG_NUMBER, AT(session_days), "30", 1, 3650, .help = "config.session_days"},
    {"smtp", CONFIG_TEXT, AT(smtp), "", .help = "config.smtp"},
    {"smtp_user", CONFIG_TEXT, AT(smtp_user), "", .help = "config.smtp_user"},
    {"smtp_password", CONFIG_TEXT, AT(smtp_password), "", .help = "config.smtp_password"},
    {"mail_from", CONFIG_TEXT, AT(mail_from), "", .help = "config.mail_from"},
    {"outbound_allow", CONFIG_TEXT, AT(outbound_allow), "", .help = "config.outbound_allow"},
};
const i64 config_key_count = countof(config_keys);

static void *place(struct config *config, const struct config_key *key)
{
    return (char *)config + key->offset;
}

static bool same_name(str given, const char *name)
{
    str known = str_from(name);
    if (given.len != known.len) {
        return false;
    }
    for (i64 i = 0; i < known.len; i++) {
        char c = given.data[i] == '-' ? '_' : given.data[i];
        if (c != known.data[i]) {
            return false;
        }
    }
    return true;
}

static i64 find(str name)
{
    for (i64 i = 0; i < config_key_count; i++) {
        if (same_name(name, config_keys[i].name)) {
            return i;
        }
    }
    return -1;
}

void config_defaults(struct config *config)
{
    *config = (struct config){0};
    for (i64 i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        str otherwise = str_from(key->otherwise);
        if (key->type == CONFIG_NUMBER) {
            (void)str_i64(otherwise, place(config, key));
        } else if (otherwise.len > 0) {
            *(str *)place(config, key) = otherwise;
        }
    }
}

static err unknown(struct ctx *ctx, str name)
{
    struct buf allowed = buf_in(&ctx->arena);
    for (i64 i = 0; i < config_key_count; i++) {
        buf_add(&allowed, i == 0 ? STR("") : STR(", "));
        buf_add(&allowed, str_from(config_keys[i].name));
    }
    return FAIL(ctx, ERR_INVALID, "", "error.config_key", {"key", name}, {"allowed", buf_str(&allowed)});
}

static err set_number(struct ctx *ctx, const struct config_key *key, str value, i64 *out)
{
    if (!str_i64(value, out) || *out < key->min || *out > key->max) {
        return FAIL(ctx, ERR_INVALID, key->name, "error.config_number", {"key", str_from(key->name)},
                    {"low", str_format(&ctx->arena, "%lld", (long long)key->min)},
                    {"high", str_format(&ctx->arena, "%lld", (long long)key->max)});
    }
    return OK;
}

static err check_word(struct ctx *ctx, const struct config_key *key, str value)
{
    struct buf allowed = buf_in(&ctx->arena);
    for (i64 i = 0; key->words[i] != NULL; i++) {
        if (str_eq(value, str_from(key->words[i]))) {
            return OK;
        }
        buf_add(&allowed, i == 0 ? STR("") : STR(", "));
        buf_add(&allowed, str_from(key->words[i]));
    }
    return FAIL(ctx, ERR_INVALID, key->name, "error.config_word", {"key", str_from(key->name)},
                {"allowed", buf_str(&allowed)});
}

err config_set(struct ctx *ctx, struct config *config, str name, str value)
{
    i64 index = find(name);
    if (index < 0) {
        return unknown(ctx, name);
    }
    const struct config_key *key = &config_keys[index];
    if (key->type == CONFIG_NUMBER) {
        TRY(set_number(ctx, key, value, place(config, key)));
    } else {
        if (key->type == CONFIG_WORD) {
            TRY(check_word(ctx, key, value));
        }
        *(str *)place(config, key) = value.len == 0 ? STR_NONE : str_copy(&ctx->arena, value);
    }
    config->given |= (u64)1 << index;
    return OK;
}

err config_text(struct ctx *ctx, struct config *config, str text)
{
    str rest = text;
    for (i64 number = 1; str_is(rest); number++) {
        str line = str_cut(&rest, '\n');
        line = str_trim(str_cut(&line, '#'));
        if (line.len == 0) {
            continue;
        }
        ctx->pointer = str_format(&ctx->arena, "/%lld", (long long)number);
        if (str_find_char(line, '=') < 0) {
            return FAIL(ctx, ERR_INVALID, "", "error.config_line",
                        {"line", str_slice(ctx->pointer, 1, ctx->pointer.len)});
        }
        str value = line;
        str name = str_trim(str_cut(&value, '='));
        TRY(config_set(ctx, config, name, str_trim(value)));
    }
    ctx->pointer = STR_NONE;
    return OK;
}

err config_environment(struct ctx *ctx, struct config *config, char *const *environment)
{
    for (; *environment != NULL; environment++) {
        str value = str_from(*environment);
        str name = str_cut(&value, '=');
        if (!str_starts(name, STR("CHAM_")) || str_eq(name, STR("CHAM_BIN"))) {
            continue;
        }
        str key = str_lower_ascii(&ctx->arena, str_slice(name, 5, name.len));
        TRY(config_set(ctx, config, key, value));
    }
    return OK;
}

bool config_given(const struct config *config, const char *name)
{
    i64 index = find(str_from(name));
    return index >= 0 && (config->given >> index & 1) != 0;
}
