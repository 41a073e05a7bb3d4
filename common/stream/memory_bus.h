/*
 * memory_bus - the in-memory twins of Kafka and Redis: logs in memory, and a store with compare-and-set.
 *
 * For one process and for tests. One owner, no threads.
 */
#ifndef ORTHRUS_STREAM_MEMORY_BUS_H
#define ORTHRUS_STREAM_MEMORY_BUS_H

#include "common/stream/bus.h"

struct memory_bus;

enum err memory_bus_create(struct memory_bus **bus) MUST_CHECK;
void memory_bus_free(struct memory_bus *bus);
/* Topics are made before use; name is borrowed. */
enum err memory_bus_topic(struct memory_bus *bus, const char *name, uint32_t partitions) MUST_CHECK;
struct bus memory_bus_interface(struct memory_bus *bus);
/* How many values a partition holds. */
uint64_t memory_bus_end(const struct memory_bus *bus, const char *topic, uint32_t partition);

struct memory_store;

enum err memory_store_create(struct memory_store **store) MUST_CHECK;
void memory_store_free(struct memory_store *store);
struct store memory_store_interface(struct memory_store *store);

#endif
