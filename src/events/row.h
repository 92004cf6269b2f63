/* Between events and rows of the log, without a copy in between. */
#pragma once

#include "events/log.h"
#include "store/connection.h"

/* Inserts one event over the prepared statement; the connection's result code. */
int row_insert(sqlite3_stmt *insert, const struct event *event);

/* The present row; strings borrow from it. Columns are those of the statement for `columns`. */
struct event row_event(sqlite3_stmt *statement, enum event_columns columns);

/* The statement that reads a stretch with these columns. */
enum statement row_scan(enum event_columns columns);

/* Copies the strings into the arena. */
void event_keep(struct arena *arena, struct event *event);
