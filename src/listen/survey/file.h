/* Files that respondents send along.
 *
 * They arrive before the answer that names them, belong to nobody until then, and are removed after a day if nobody ever does.
 * What they are is read from their first bytes; what the sender says about that is not looked at. They are kept in the records,
 * so every process has them and an erasure finds them.
 */
#pragma once

#include "listen/survey/response.h"

enum {
    SURVEY_FILE_BYTES = 10 * 1024 * 1024, /* a photograph of a phone; a scan of some pages */
    SURVEY_FILE_NAME_MAX = 200,
    SURVEY_FILES_WAITING_MAX = 500, /* of one link, not yet part of an answer */
};

struct survey_file {
    i64 id, survey, link, response;
    str name, type;
    i64 size;
    i64 created_ms;
    str body;
};
extern const struct shape survey_file_shape; /* without the body */

/* Keeps a file. ERR_INVALID (error.survey.file) for one of a type that no question of the survey takes; ERR_BUSY when too
 * many wait. */
err survey_file_take(struct ctx *ctx, struct surveys *surveys, const struct gate *gate, str name, str body,
                     struct survey_file *out);

/* Makes the files that answers name part of a response. ERR_INVALID at the answer for one that is not there, belongs to another or
 * is of a type that the question does not take. Inside store_write. */
struct file_attaching {
    const struct survey_document *document;
    const struct survey_answer *answers;
    i64 link, response;
};
err survey_files_attach(struct ctx *ctx, struct surveys *surveys, const struct file_attaching *with);

err survey_file_get(struct ctx *ctx, struct surveys *surveys, i64 id, struct survey_file *out);
err survey_file_list(struct ctx *ctx, struct surveys *surveys, i64 response, struct shape_list *out);

/* Removes what waited for more than a day. */
err survey_files_clean(struct ctx *ctx, struct surveys *surveys);

/* The media type that the first bytes are; none for anything that we do not know. */
str survey_file_sniff(str body);
