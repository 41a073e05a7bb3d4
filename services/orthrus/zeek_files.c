/*
 * zeek_files - one stream a log.
 */
#include "services/orthrus/zeek_files.h"

#include <errno.h>
#include <sys/stat.h>

#include "services/orthrus/command.h"

static bool refuse(struct zeek_files *f, const char *log)
{
    (void)snprintf(f->problem, sizeof(f->problem), "%s%s%s%s: %s", f->folder, log ? "/" : "", log ? log : "",
                   log ? ".log" : "", strerror(errno));
    return false;
}

bool zeek_files_open(struct zeek_files *f, const char *folder)
{
    *f = (struct zeek_files){.folder = folder};
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return refuse(f, NULL);
    return true;
}

static bool open_log(struct zeek_files *f, uint32_t log, time_ns opened, struct writer *w)
{
    char path[4096];
    int size = snprintf(path, sizeof(path), "%s/%s.log", f->folder, zeek_log_path(log));
    if (size < 0 || (size_t)size >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return false;
    }
    f->files[log] = fopen(path, "wb");
    if (f->files[log])
        zeek_write_header(log, opened, w);
    return f->files[log] != NULL;
}

bool zeek_files_feed(struct zeek_files *f, const struct batch *batch)
{
    struct writer w = {0};
    bool good = true;
    for (uint32_t i = 0; i < batch->count && good; i++) {
        const struct record *record = &batch->records[i];
        uint32_t logs = zeek_logs_of(record);
        for (uint32_t log = 0; logs >> log != 0 && good; log++) {
            if (!(logs >> log & 1))
                continue;
            good = f->files[log] || open_log(f, log, record->time, &w);
            zeek_write_line(log, record, &w);
            f->last[log] = record->time;
            good = good && command_write(f->files[log], &w);
            if (!good)
                (void)refuse(f, zeek_log_path(log));
        }
    }
    writer_close(&w);
    return good;
}

bool zeek_files_close(struct zeek_files *f)
{
    struct writer w = {0};
    bool good = f->problem[0] == '\0';
    for (uint32_t log = 0; log < ZEEK_LOGS_MAX; log++) {
        if (!f->files[log])
            continue;
        zeek_write_footer(f->last[log], &w);
        bool written = command_write(f->files[log], &w);
        if (fclose(f->files[log]) != 0 || !written)
            good = refuse(f, zeek_log_path(log));
        f->files[log] = NULL;
    }
    writer_close(&w);
    return good;
}
