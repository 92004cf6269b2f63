/* The mathematics library ends the process where a computation does not converge, unless it is told not to: a figure that cannot be
 * computed is no reason for a server to go. It is told once, at the start; what it cannot compute is then no number, and whoever
 * shows it says so. */
#pragma once

void measure_quiet(void);
