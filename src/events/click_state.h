/* What the files of the client share; nobody outside this room includes it. */
#pragma once

#include "events/clickhouse.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
    CLICK_HOSTS_MAX = 64,
    CLICK_LINES_MAX = 32, /* statements at once; more are refused, not kept waiting */

    CLICK_CONNECT_MS =
        3000, /* a server of the own network answers within a few milliseconds, over a slow line in 1 s */
    CLICK_PING_AFTER_MS = 2000, /* a statement that runs as long is watched: does its server answer a ping? */
    CLICK_PING_MS = 5000,       /* and a ping waits so long */
    CLICK_WRITE_S = 30,         /* an insert, a small look-up */
    CLICK_DDL_S = 600,          /* making tables, waiting for a deletion to reach all parts */
    CLICK_ASK_S = 300,          /* a question */
    CLICK_AWAY_MS = 1000,       /* for so long after a failure others are refused at once */
    CLICK_RETRY_S = 2,          /* what senders are told */
    CLICK_ANSWER_MAX = 1 << 30, /* bytes of one answer */
};

struct click_server {
    str name;                           /* "host:port" */
    str url;                            /* "http://host:port/" */
    _Atomic i64 away_until_ns;          /* somebody found it away; 0: it answered last time */
    _Atomic enum click_trouble trouble; /* of the last attempt */
};

/* A connection that is kept, with the second one that pings while the first waits. */
struct click_line {
    CURLM *multi;
    CURL *easy, *ping;
    i64 host; /* that it is for */
    struct click_line *next;
};

/* Settings that a release may or may not have. */
enum click_setting {
    SETTING_INSERT_QUORUM,
    SETTING_INSERT_QUORUM_PARALLEL,
    SETTING_INSERT_QUORUM_TIMEOUT,
    SETTING_SELECT_SEQUENTIAL,
    SETTING_DISTRIBUTED_SYNC,
    SETTING_DISTRIBUTED_FOREGROUND,
    SETTING_FSYNC_AFTER_INSERT,
    SETTING_ASYNC_INSERT,
    SETTING_INSERT_DEDUPLICATE,
    SETTING_MUTATIONS_SYNC,
    SETTING_COUNT_,
};

struct click_release {
    i64 version;
    bool knows[SETTING_COUNT_];
    i64 ask_readonly; /* of the asking user's profile: 0 may write, 1 only reads, 2 only reads but may have SETTINGS */
    i64 replicas;     /* of each shard; 1 without a cluster */
};

struct clickhouse {
    struct ctx ctx; /* of what lives as long as it */
    struct click_server servers[CLICK_HOSTS_MAX];
    i64 server_count;
    str user, password, ask_user, ask_password, database, ca;
    const char *cluster;
    bool tls;
    i64 ask_memory_mb;
    struct curl_slist *headers[2]; /* by enum click_as */

    pthread_mutex_t lock;
    struct click_line *idle;
    i64 lines;
    _Atomic i64 preferred; /* the host that answered last */
    _Atomic bool away;
    _Atomic bool learned;         /* `release` is filled in */
    pthread_mutex_t learning;     /* one at a time asks what the server is */
    struct click_release release; /* never changes after `learned` */
};

/* One request. */
struct click_call {
    enum click_as as;
    i64 host;    /* -1: any */
    str sql;     /* in the address when there are rows, else the body */
    str rows;    /* RowBinary */
    bool plain;  /* no settings: nothing is known of the release yet */
    bool format; /* wants rows back */
    i64 limit_s;
    struct buf body; /* what was answered */
    long status;
    enum click_fate fate;
};

/* clickhouse.c: sends it to the first host that answers. */
err click_send(struct ctx *ctx, struct clickhouse *ch, struct click_call *call);

/* click_url.c */
err click_read_url(struct ctx *ctx, struct clickhouse *ch, str url);

/* click_release.c: asks once what the server is. */
err click_learn(struct ctx *ctx, struct clickhouse *ch);
/* The settings of a call as parameters of its address: "&name=value…". */
void click_settings(const struct clickhouse *ch, const struct click_call *call, struct buf *url);

/* click_fault.c: what an answer that is no answer means. */
err click_fault(struct ctx *ctx, const struct clickhouse *ch, struct click_call *call);
err click_fail_away(struct ctx *ctx);
err click_fail_busy(struct ctx *ctx);
