/* What others need from the people's handlers. */
#pragma once

#include "api/app.h"
#include "http/http.h"

/* Finishes erasures that a crash interrupted. */
err people_finish_erasures(struct ctx *ctx, struct app *app);

/* ERR_NOT_FOUND where the asker is limited to places or departments and the person never was there: as if nobody
 * had that id or alias. */
err people_in_sight(struct request *request, i64 person);

/* A list whose rows are each about one person: `person` is the offset of the i64 that says who, 0 for nobody. */
struct rows_of_people {
    struct shape_list *list;
    i64 size, person;
};

/* Leaves those about people the asker may see. What is about nobody is only for who sees everything. */
err people_keep_seen(struct request *request, const struct rows_of_people *rows);
#define KEEP_SEEN(request, list_, type, member)                                                                        \
    people_keep_seen((request), &(struct rows_of_people){(list_), (i64)sizeof(type), (i64)offsetof(type, member)})
