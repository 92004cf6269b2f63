/* How many different names a key may bring: events, properties, places.
 *
 * Names become columns and dictionaries, so a sender that makes them up (an id
 * in an event's name is the usual mistake) would fill the memory. Beyond the
 * limit an event with a new name is refused; known names go on.
 *
 * Processes that share their records tell each other the names they admit, as
 * hashes; those that several admit at the same moment may exceed the limit.
 */
#pragma once

#include "events/log.h"

struct names;

enum name_kind { NAME_EVENT, NAME_PROPERTY, NAME_WORD, NAME_KIND_COUNT_ };

struct processes;
struct names *names_open(struct processes *processes); /* NULL: nobody else collects */
void names_close(struct names *names);

/* Holds the lock for a whole request. */
void names_begin(struct names *names);
void names_end(struct names *names);

/* True when the source has used the name before or may use one more. */
bool names_admit(struct names *names, str source, enum name_kind kind, str name);

/* A name that the source has used before; between names_begin and names_end. */
void names_learn(struct names *names, str source, enum name_kind kind, str name);
