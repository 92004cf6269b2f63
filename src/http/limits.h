/* Every limit of the HTTP server, each with its reason. Tests: test/api/limits, wire, slow,
 * input and stop. */
#pragma once

enum {
    /* Headers and request line. MHD keeps them in the connection's memory; raising that memory above 64 KB made
     * bodies of 21 KB 3.5 times slower (measured), and nobody needs more. */
    LIMIT_CONNECTION_MEMORY = 64 * 1024,
    LIMIT_URL = 8 * 1024,           /* RFC 9110 4.1 recommends at least 8000 octets; longer: 414 */
    LIMIT_HEADERS = 100,            /* browsers send about 20, proxies add a few; more: 431 */
    LIMIT_HEADER_BYTES = 16 * 1024, /* all headers together, what nginx and Apache take; more: 431 */
    LIMIT_SEGMENTS = 16,            /* parts of a path; our longest route has 6 */
    LIMIT_PARAMS = 8,               /* :params of a route */

    /* Bodies. A route may name its own limit. */
    LIMIT_BODY = 1024 * 1024,        /* our own JSON: the largest journey map is a tenth of it; more: 413 */
    LIMIT_BODY_FIRST = 16 * 1024,    /* a body of unknown length begins with this much memory */
    LIMIT_BODIES = 64 * 1024 * 1024, /* all bodies in memory together; more: 503, try again in a second */

    /* Connections. */
    LIMIT_CONNECTIONS = 8192,       /* lowered to what the process may open, less the reserve */
    LIMIT_DESCRIPTORS_RESERVE = 64, /* for databases, imports, backups: never used for connections */
    LIMIT_REQUEST_S = 30,       /* a request that is not complete by then is closed: slow headers, bodies, readers */
    LIMIT_REQUEST_FILE_S = 600, /* uploads and downloads of files, over slow lines */
    LIMIT_DRAIN_S = 10,         /* a stopping server finishes what it began within this time */

    /* Work. */
    LIMIT_WORKERS = 4,   /* threads that run handlers which may wait (disk, questions, passwords) */
    LIMIT_ASKERS = 2,    /* threads that look up who asks where the records are on another machine */
    LIMIT_WAITING = 512, /* requests that wait for a worker; more: 503, try again in a second */

    /* Lists. */
    LIMIT_PAGE = 200, /* items of one page of a list */
    LIMIT_PAGE_DEFAULT = 50,

    /* Server-sent events. */
    LIMIT_STREAMS = 200, /* open streams; a browser tab has one or two; more: 503 */
    LIMIT_STREAM_BYTES = 256 *
                         1024, /* unread bytes of one stream; a reader slower than that is closed and comes back */
    LIMIT_STREAM_ALIVE_S = 15, /* a comment this often keeps proxies from closing the stream */
};
