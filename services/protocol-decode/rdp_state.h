/*
 * rdp_state - what is known of a connection's beginning until it is told, and the readers that fill it.
 *
 * Internal to rdp*.c. Plain bytes that stand in a table as they are.
 */
#ifndef ORTHRUS_DECODE_RDP_STATE_H
#define ORTHRUS_DECODE_RDP_STATE_H

#include "services/protocol-decode/rdp.h"

enum {
    RDP_CHANNELS_MAX = 31, /* MS-RDPBCGR 2.2.1.3.4 */
    RDP_CHANNEL_BYTES = 8,
    RDP_COOKIE_BYTES = 128,
    RDP_CLIENT_NAME_BYTES = 64,
    RDP_PRODUCT_BYTES = 128,
};

/* X.224 13: kinds of TPDU, without the credit in the low half. */
enum rdp_tpdu {
    RDP_CONNECTION_REQUEST = 0xe0,
    RDP_CONNECTION_CONFIRM = 0xd0,
    RDP_DATA = 0xf0,
};

struct rdp_connection {
    struct place place; /* of its first message */
    time_ns deadline;
    time_ns request_time;
    time_ns reply_time;
    uint64_t request_frame;
    uint64_t reply_frame;
    uint32_t requested_protocols;
    uint32_t failure_code;
    uint32_t client_build;
    uint32_t client_version;
    uint32_t keyboard_layout;
    uint32_t client_encryption_methods;
    uint32_t server_version;
    uint32_t encryption_method;
    uint32_t encryption_level;
    uint32_t channel_count;
    uint16_t desktop_width;
    uint16_t desktop_height;
    uint16_t color_depth;
    uint8_t request_flags;
    uint8_t response_flags;
    uint8_t security; /* enum rdp_security */
    uint8_t unread;   /* enum unread */
    bool negotiates;
    bool told;
    bool has_server_settings;
    char cookie[RDP_COOKIE_BYTES];
    char routing_token[RDP_COOKIE_BYTES];
    char client_name[RDP_CLIENT_NAME_BYTES];
    char product_id[RDP_PRODUCT_BYTES];
    char channels[RDP_CHANNELS_MAX][RDP_CHANNEL_BYTES + 1];
};

struct rdp_module {
    struct table *connections; /* flow -> rdp_connection; touched in the order of deadlines */
    struct tls_module *tls;
    time_ns timeout;
};

/* rdp_parse.c. False, with a literal reason and the offset in the packet, when it cannot be read. */
bool rdp_read_request(struct arena *arena, struct reader *r, struct rdp_connection *c, const char **reason);
bool rdp_read_confirm(struct reader *r, struct rdp_connection *c, const char **reason);
bool rdp_read_settings(struct arena *arena, struct reader *r, struct rdp_connection *c, const char **reason);

#endif
