#include "http/metrics.h"

#include "http/server.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

static const i32 statuses[STATUS_SLOTS] = {200, 201, 202, 204, 206, 304, 400, 401, 403, 404, 405, 408, 409,
                                           410, 412, 413, 414, 415, 416, 422, 429, 431, 500, 501, 503, 0};

/* Upper bounds in milliseconds; the last bucket holds the rest. */
static const i32 bounds_ms[DURATION_BUCKETS - 1] = {1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10000};

void counts_add(struct http *http, i64 route_index, i32 status, i64 took_ns)
{
    struct route_count *count = &http->counts[route_index];
    i32 slot = 0;
    while (slot < STATUS_SLOTS - 1 && statuses[slot] != status) {
        slot++;
    }
    i32 bucket = 0;
    while (bucket < DURATION_BUCKETS - 1 && took_ns > (i64)bounds_ms[bucket] * 1000000) {
        bucket++;
    }
    atomic_fetch_add_explicit(&count->by_status[slot], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&count->duration[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&count->duration_us, (u64)(took_ns / 1000), memory_order_relaxed);
}

void metric_write(struct buf *out, const struct metric *metric)
{
    char number[32];
    i64 len = f64_text(metric->value, number);
    buf_format(out, "# HELP %s %s\n# TYPE %s %s\n%s %.*s\n", metric->name, metric->help, metric->name,
               metric->counter ? "counter" : "gauge", metric->name, (int)len, number);
}

static void write_label(const struct http *http, struct buf *out, i64 index)
{
    static const char *const methods[HTTP_METHOD_COUNT_] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    if (index < http->routing_count) {
        const struct route *route = http->routings[index].route;
        buf_format(out, "method=\"%s\",route=\"%s\"", methods[route->method], route->path);
    } else {
        buf_format(out, "method=\"GET\",route=\"%s\"", index == http->routing_count ? "(page)" : "(none)");
    }
}

static void write_requests(const struct http *http, struct buf *out)
{
    buf_add(
        out,
        STR("# HELP cham_http_requests_total Answers by route and status.\n# TYPE cham_http_requests_total counter\n"));
    for (i64 i = 0; i < http->routing_count + 2; i++) {
        for (i32 k = 0; k < STATUS_SLOTS; k++) {
            u64 n = atomic_load_explicit(&http->counts[i].by_status[k], memory_order_relaxed);
            if (n > 0) {
                buf_add(out, STR("cham_http_requests_total{"));
                write_label(http, out, i);
                buf_format(out, ",status=\"%d\"} %lu\n", statuses[k], (unsigned long)n);
            }
        }
    }
}

static void write_duration(const struct http *http, struct buf *out, i64 index)
{
    const struct route_count *count = &http->counts[index];
    u64 sum = 0;
    for (i32 k = 0; k < DURATION_BUCKETS; k++) {
        sum += atomic_load_explicit(&count->duration[k], memory_order_relaxed);
        buf_add(out, STR("cham_http_request_duration_seconds_bucket{"));
        write_label(http, out, index);
        if (k < DURATION_BUCKETS - 1) {
            buf_format(out, ",le=\"%g\"} %lu\n", bounds_ms[k] / 1000.0, (unsigned long)sum);
        } else {
            buf_format(out, ",le=\"+Inf\"} %lu\n", (unsigned long)sum);
        }
    }
    buf_add(out, STR("cham_http_request_duration_seconds_sum{"));
    write_label(http, out, index);
    buf_format(out, "} %.6f\n", (f64)atomic_load(&count->duration_us) / 1e6);
    buf_add(out, STR("cham_http_request_duration_seconds_count{"));
    write_label(http, out, index);
    buf_format(out, "} %lu\n", (unsigned long)sum);
}

static bool was_asked(const struct route_count *count)
{
    u64 sum = 0;
    for (i32 k = 0; k < DURATION_BUCKETS; k++) {
        sum += atomic_load_explicit(&count->duration[k], memory_order_relaxed);
    }
    return sum > 0;
}

static f64 resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    char line[128] = "";
    if (file != NULL) {
        if (fgets(line, sizeof line, file) == NULL) {
            line[0] = 0;
        }
        fclose(file);
    }
    str rest = str_from(line);
    str_cut(&rest, ' ');
    i64 pages = 0;
    return str_i64(str_cut(&rest, ' '), &pages) ? (f64)(pages * sysconf(_SC_PAGESIZE)) : 0;
}

static f64 open_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    i64 count = 0;
    while (folder != NULL && readdir(folder) != NULL) {
        count++;
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return (f64)greater(count - 3, 0); // ".", ".." and the folder itself
}

static f64 cpu_seconds(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (f64)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (f64)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

void http_metrics(const struct http *http, struct buf *out)
{
    write_requests(http, out);
    buf_add(out, STR("# HELP cham_http_request_duration_seconds From the request line to the end of the answer.\n"
                     "# TYPE cham_http_request_duration_seconds histogram\n"));
    for (i64 i = 0; i < http->routing_count + 2; i++) {
        if (was_asked(&http->counts[i])) {
            write_duration(http, out, i);
        }
    }
    const struct metric metrics[] = {
        {"cham_http_connections", "Open connections.", false, (f64)http->conns.count},
        {"cham_http_connections_max", "Connections that may be open.", false, (f64)http->conns.max},
        {"cham_http_connections_total", "Connections accepted.", true, (f64)http->accepted},
        {"cham_http_evicted_total", "Idle connections closed to make room.", true, (f64)http->evicted},
        {"cham_http_timed_out_total", "Connections closed because they took too long.", true, (f64)http->timed_out},
        {"cham_http_refused_total", "Connections refused for lack of room.", true, (f64)http->refused},
        {"cham_http_active", "Requests being answered.", false, (f64)http->active},
        {"cham_http_waiting", "Requests waiting for a worker.", false, (f64)http->work.count},
        {"cham_http_streams", "Open streams of events.", false, (f64)http->streams},
        {"cham_http_body_bytes", "Memory held by request bodies.", false, (f64)http->body_bytes},
        {"cham_http_received_bytes_total", "Bytes of request bodies.", true, (f64)http->bytes_in},
        {"cham_http_sent_bytes_total", "Bytes of answers.", true, (f64)http->bytes_out},
        {"process_resident_memory_bytes", "Memory in use.", false, resident_bytes()},
        {"process_open_fds", "Open file descriptors.", false, open_files()},
        {"process_cpu_seconds_total", "Processor time.", true, cpu_seconds()},
    };
    for (i64 i = 0; i < countof(metrics); i++) {
        metric_write(out, &metrics[i]);
    }
}
