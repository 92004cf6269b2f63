/* What the handlers of links share: which of them the asker sees, and whose addresses. */
#pragma once

#include "api/app.h"
#include "http/http.h"
#include "listen/survey/link.h"
#include "listen/survey/sight.h"

/* What a look at many links of one survey needs to know. */
struct link_sight {
    struct survey survey;
    struct survey_sight sight;
};
err link_sight(struct request *request, i64 survey, struct link_sight *out);

/* Those that the asker sees, in place. Whoever has the address of a way that works once answers as that customer: it is left out
 * for who may not make such links, and an invitation's for everybody. */
void links_in_sight(const struct request *request, const struct link_sight *sight, struct shape_list *links);

/* The link that the path names; another survey's, or one out of sight, is not there (error.survey.no_link). */
err link_find(struct request *request, struct link_sight *sight, struct survey_link *out);
