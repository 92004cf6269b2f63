/* What imports keep of people outside the log, and how it is removed when somebody is erased.
 *
 * In lists of refused lines the text of every line that names the person is
 * overwritten with stars; line numbers and reasons stay. Uploads of imports that
 * are not finished are removed when they name the person or cannot be read as
 * plain text; such an import cannot go on and says so.
 */
#pragma once

#include "listen/upload.h"

/* Both wherever they are kept; `texts` are values that name the person. */
err traces_erase(struct ctx *ctx, const struct uploads *uploads, const struct str_list *texts);
