/*
 * replay - runs a fuzz target over the files of the folders it is given, so that a corpus is an ordinary
 * test.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum {
    REPLAY_BYTES_MAX = 16 * 1024 * 1024,
};

static int replay_file(const char *path, uint8_t *bytes)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return 1;
    size_t size = fread(bytes, 1, REPLAY_BYTES_MAX, file);
    (void)fclose(file);
    /* A copy of exactly that size, so that a read past its end is seen by ASan. */
    uint8_t *exact = malloc(size ? size : 1);
    if (!exact)
        return 1;
    for (size_t i = 0; i < size; i++)
        exact[i] = bytes[i];
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 0;
}

int main(int argc, char **argv)
{
    uint8_t *bytes = malloc(REPLAY_BYTES_MAX);
    int failed = bytes == NULL, files = 0;
    for (int i = 1; i < argc && !failed; i++) {
        struct dirent **names = NULL;
        int count = scandir(argv[i], &names, NULL, alphasort);
        failed |= count < 0;
        for (int n = 0; n < count; n++) {
            char path[4096];
            (void)snprintf(path, sizeof(path), "%s/%s", argv[i], names[n]->d_name);
            if (names[n]->d_name[0] != '.') {
                failed |= replay_file(path, bytes);
                files++;
            }
            free(names[n]);
        }
        free(names);
    }
    free(bytes);
    printf("%d files replayed\n", files);
    /* A corpus that is empty tests nothing. */
    return failed || files == 0;
}
