/*
 * listing - zip_next() until the end, or a limit.
 */
#include "common/io/listing.h"

static enum content look(struct zip *zip)
{
    uint8_t head[CONTENT_PEEK_BYTES];
    size_t size = 0;
    while (size < sizeof(head)) {
        size_t got = zip_read(zip, &head[size], sizeof(head) - size);
        if (got == 0)
            break;
        size += got;
    }
    return content_of((struct str){.at = (const char *)head, .size = (uint32_t)size});
}

static void read_entries(struct listing *listing, struct zip *zip)
{
    struct zip_entry entry;
    uint32_t sealed = 0;
    enum err err;
    while ((err = zip_next(zip, &entry)) == ERR_OK) {
        if (entry.number >= listing->entries_max) {
            trouble_set(&listing->trouble, TROUBLE_LIMIT, "has more than %u entries; the rest is not read",
                        listing->entries_max);
            return;
        }
        sealed += entry.is_sealed;
        if (entry.is_file && !entry.is_sealed)
            listing->found(listing->owner, &entry, look(zip));
    }
    if (err != ERR_END)
        trouble_set(&listing->trouble, TROUBLE_DAMAGED, "cannot be read as a zip archive: %s",
                    zip_failure(zip));
    else if (sealed > 0)
        trouble_set(&listing->trouble, TROUBLE_CONTENT,
                    "has %u entries that need a password; they are not read", sealed);
}

void listing_read(struct listing *listing, struct descriptors *descriptors, const char *path)
{
    struct file file;
    if (file_open(&file, descriptors, path) != ERR_OK) {
        trouble_set(&listing->trouble, TROUBLE_OPEN, "cannot be opened: %s", file_failure(&file));
        return;
    }
    struct zip *zip = NULL;
    enum err err = zip_open(&zip, &file);
    if (err == ERR_OK)
        read_entries(listing, zip);
    else
        trouble_set(&listing->trouble, TROUBLE_DAMAGED, "cannot be read as a zip archive: %s",
                    zip ? zip_failure(zip) : err_text(err));
    zip_close(zip);
    file_close(&file);
}
