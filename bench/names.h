/* What the codes of a record mean. JavaScript gets them from `bench_generate names`. */
#pragma once

#include "record.h"

static const char *const kind_names[KINDS] = {
    "Page Viewed",      "Products Searched", "Product Viewed",  "Product Added",  "Cart Viewed",
    "Checkout Started", "Order Completed",   "Order Delivered", "Order Returned", "Call Received",
    "Complaint Filed",  "Ticket Opened",     "Ticket Closed",   "Store Visited",  "Message Sent",
    "App Opened",       "Review Written",    "NPS Answered",    "CSAT Answered",  "CES Answered",
};
static const char *const channel_names[CHANNELS] = {"web",   "app",  "shop",     "phone",
                                                    "email", "zalo", "facebook", "kiosk"};
static const char *const metric_names[METRICS] = {"none", "nps", "csat", "ces"};
