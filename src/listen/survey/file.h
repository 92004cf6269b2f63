/* Files that respondents send along.
 *
 * They arrive before the answer that names them, belong to nobody until then, and are removed after a day if nobody ever does;
 * those of an unfinished response go when it cannot be continued any more. Anybody can send them, so what they take is bounded:
 *
 *     the installation   the setting answer_files_mb
 *     a link             as much as there is room left: alone half of all, so that junk of one link leaves room for the others
 *     not yet finished   a tenth of all for each link, and of that each sender as much as is left, so likewise
 *
 * (Dynamic thresholds: Choudhury and Hahne, 1998.) What they are is read from their first bytes; what the sender says about that is
 * not looked at. They are kept in the records, so every process has them and an erasure finds them.
 */
#pragma once

#include "listen/survey/response.h"

enum {
    SURVEY_FILE_BYTES = 10 * 1024 * 1024, /* a photograph of a phone; a scan of some pages */
    SURVEY_FILE_NAME_MAX = 200,
    SURVEY_FILE_EACH = 4096,       /* what a file takes beside its bytes: a page of the database */
    SURVEY_FILES_LOOSE_SHARE = 10, /* a tenth of all may be in no finished response yet, of one link */
    SURVEY_FILES_LOOSE_LEAST = 4 * SURVEY_FILE_BYTES,
    SURVEY_RESPONSE_FILES_MAX = 10 * SURVEY_FILE_BYTES, /* of one response */
};

struct survey_file {
    i64 id, survey, link, response;
    str name, type;
    i64 size;
    i64 created_ms;
    str body, sender;
};
extern const struct shape survey_file_shape; /* without the body */

/* Keeps a file. ERR_INVALID (error.survey.file) for one of a type that no question of the survey takes; ERR_BUSY
 * (error.survey.files_full) when there is no room for it. */
struct file_taking {
    const struct gate *gate;
    str name, address, body; /* address: of whoever sends it */
};
err survey_file_take(struct ctx *ctx, struct surveys *surveys, const struct file_taking *with, struct survey_file *out);

/* Makes the files that answers name part of a response, and no others. ERR_INVALID at the answer for one that is not there, belongs
 * to another or is of a type that the question does not take, and where it becomes more than a response may have. Inside
 * store_write. */
struct file_attaching {
    const struct survey_document *document;
    const struct survey_answer *answers;
    i64 link, response;
    bool finished;
};
err survey_files_attach(struct ctx *ctx, struct surveys *surveys, const struct file_attaching *with);

err survey_file_get(struct ctx *ctx, struct surveys *surveys, i64 id, struct survey_file *out);
err survey_file_list(struct ctx *ctx, struct surveys *surveys, i64 response, struct shape_list *out);

/* Removes what waited for more than a day, and what unfinished responses have that cannot be continued any more. */
err survey_files_clean(struct ctx *ctx, struct surveys *surveys);

/* The media type that the first bytes are; none for anything that we do not know. */
str survey_file_sniff(str body);
