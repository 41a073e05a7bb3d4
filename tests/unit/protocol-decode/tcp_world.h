/*
 * tcp_world - two hosts that talk, a tcp that listens, and a log of what it heard.
 *
 * The protocol they talk: 'M' or 'S', a zero, the size of the body in two bytes, the body. Of an 'S' message
 * only the first TCP_WORLD_SKIP_WANT bytes are read. Each call of the handler is a line of the log: >text
 * <text      a message to the server, to the client >lost 5           bytes that will never come end closed
 * 12     the flow ended so many milliseconds after the start
 */
#ifndef ORTHRUS_TEST_TCP_WORLD_H
#define ORTHRUS_TEST_TCP_WORLD_H

#include "common/base/writer.h"
#include "services/protocol-decode/tcp.h"

enum {
    FIN = 1,
    SYN = 2,
    RST = 4,
    ACK = 16,
    TCP_WORLD_HEADER = 4,
    TCP_WORLD_SKIP_WANT = 6,
    CLIENT_PORT = 50000,
    SERVER_PORT = 445,
};

#define TCP_WORLD_START ((time_ns)1600000000 * TIME_NS_S)

struct tcp_world {
    struct tcp_options options;
    struct tcp *tcp;
    struct arena arena;
    struct writer log;
    bool reload;  /* saves and loads into a new tcp after every segment */
    bool times;   /* messages and losses are logged with their time */
    bool frames;  /* messages are logged with the number of their frame */
    bool give_up; /* the handler wants nothing of any flow */
    bool swap;    /* the handler swaps at the first message of a flow caught in the middle */
    uint64_t messages;
    uint64_t frame;
    time_ns time;
    uint16_t client_port;
};

/* A segment between the hosts. */
struct tcp_sent {
    bool to_client;
    uint8_t flags;
    uint32_t sequence;
    uint32_t ack;
    struct str bytes;
    uint32_t cut_bytes;
};

void tcp_world_open(struct tcp_world *world);
/* The same with other options. */
void tcp_world_open_with(struct tcp_world *world, const struct tcp_options *options);
struct tcp_options tcp_world_options(void);
void tcp_world_close(struct tcp_world *world);
void tcp_world_send(struct tcp_world *world, const struct tcp_sent *sent);
/* SYN, SYN with ACK, ACK; the first bytes are then at client + 1 and server + 1. */
void tcp_world_handshake(struct tcp_world *world, uint32_t client, uint32_t server);
void tcp_world_to_server(struct tcp_world *world, uint32_t sequence, struct str bytes);
void tcp_world_to_client(struct tcp_world *world, uint32_t sequence, struct str bytes);
/* Only an acknowledgement, by the server. */
void tcp_world_server_acks(struct tcp_world *world, uint32_t sequence, uint32_t ack);
/* The input ends. */
void tcp_world_end(struct tcp_world *world);
/* What was logged since this was last asked, as text that ends in NUL. */
const char *tcp_world_log(struct tcp_world *world);
/* A message whose body is this text; in the arena of the world. */
struct str tcp_world_message(struct tcp_world *world, char kind, struct str body);
struct str str_part(struct str s, uint32_t from, uint32_t to);

#define MESSAGE(world, text) tcp_world_message((world), 'M', STR(text))

#endif
