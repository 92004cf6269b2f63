#include "measure/quiet.h"

#include <gsl/gsl_errno.h>

void measure_quiet(void)
{
    (void)gsl_set_error_handler_off();
}
