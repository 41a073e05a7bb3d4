/*
 * base - texts of errors and the end of the line for our own mistakes.
 */
#include "common/base/base.h"

/* Where a broken promise was noticed: found here by a debugger or in a core file, because a pure library
 * has nowhere to print. */
struct require_note {
    const char *condition;
    const char *file;
    int line;
};

extern volatile struct require_note require_note;
volatile struct require_note require_note;

_Noreturn void require_failed(const char *condition, const char *file, int line)
{
    require_note.condition = condition;
    require_note.file = file;
    require_note.line = line;
    abort();
}

const char *err_text(enum err err)
{
    switch (err) {
    case ERR_OK:
        return "no error";
    case ERR_MEMORY:
        return "not enough memory";
    case ERR_IO:
        return "cannot be read or written";
    case ERR_NOT_FOUND:
        return "not found";
    case ERR_FORMAT:
        return "is not in a form that can be read";
    case ERR_LIMIT:
        return "goes over a limit";
    case ERR_CONFLICT:
        return "was changed by another";
    case ERR_UNSUPPORTED:
        return "is of a kind that is not supported";
    case ERR_END:
        return "has ended";
    }
    return "unknown error";
}
