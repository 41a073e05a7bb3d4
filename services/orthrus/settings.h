/*
 * settings - what the user may set: a YAML file, overridden by the environment.
 *
 *     capture:
 *       overlap: first
 *     identity:
 *       devices:
 *         - {address: 10.0.0.10, name: DC01, role: domain_controller}
 *     detections:
 *       password-spray: {enabled: yes, slow-accounts: 20}
 *
 * Each scalar key can be overridden by ORTHRUS_ and its path in capitals, as in
 * ORTHRUS_DETECTIONS_PASSWORD_SPRAY_SLOW_ACCOUNTS=20. A problem names the file, the line and the key.
 */
#ifndef ORTHRUS_SETTINGS_H
#define ORTHRUS_SETTINGS_H

#include "common/io/keytab.h"
#include "services/orthrus/chain.h"

struct settings {
    struct chain_options chain;
    struct identity_known *known; /* owned; chain.identity.known points here */
    uint32_t known_count;
    struct identity_network *networks; /* owned; chain.identity.networks points here */
    uint32_t network_count;
    struct keytab *keytab; /* owned; null when no keys were given; chain.decode.opener points into it */
    bool has_secret_key;   /* chain.decode.secret_key was given */
    struct arena texts;
    char problem[512]; /* in words, when a call failed */
};

void settings_open(struct settings *settings);
void settings_close(struct settings *settings);
/* Random bytes of this process: the seed of every table, and the key that secrets are fingerprinted with
 * where none was given. */
void settings_seed(struct settings *settings, struct hash_key seed, struct hash_key secret);
/* Each returns false and sets problem when something is wrong. */
bool settings_load_file(struct settings *settings, const char *path) MUST_CHECK;
/* A file with only the list of devices: the same form as identity.devices, or a map with the key devices. */
bool settings_load_devices(struct settings *settings, const char *path) MUST_CHECK;
bool settings_load_environment(struct settings *settings) MUST_CHECK;
/* The key that guessable secrets are fingerprinted with, from the bytes of a file (at least 16). */
bool settings_read_secret_key(struct settings *settings, const char *path) MUST_CHECK;
/* Adds the keys of a file in keytab format, which open what is sealed. */
bool settings_add_keytab(struct settings *settings, const char *path) MUST_CHECK;
/* "10.0.0.0/8,fd00::/8" */
bool settings_add_networks(struct settings *settings, const char *list) MUST_CHECK;
/* Every key with its default and meaning, as YAML with comments. */
void settings_write_reference(struct writer *w);

#endif
