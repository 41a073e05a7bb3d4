/*
 * words - the names stand in one table, so that the manual and the code cannot differ.
 */
#include "services/alerting/detections/words.h"

#include "common/base/text.h"

static struct str part(struct str text, uint32_t from, uint32_t size)
{
    return (struct str){.at = text.at + from, .size = size};
}

bool words_begin(struct str text, const char *word)
{
    struct str wanted = str_of(word);
    return text.size >= wanted.size && text_equal_nocase(part(text, 0, wanted.size), wanted);
}

bool words_have(struct str text, const char *word)
{
    struct str wanted = str_of(word);
    for (uint32_t i = 0; i + wanted.size <= text.size; i++)
        if (text_equal_nocase(part(text, i, wanted.size), wanted))
            return true;
    return false;
}

const char *words_interpreter(struct str command)
{
    static const char *const words[] = {"cmd.exe",  "%comspec%", "cmd /",    "powershell", "pwsh",
                                        "mshta",    "rundll32",  "regsvr32", "wscript",    "cscript",
                                        "certutil", "bitsadmin", "msbuild",  "wmic",       "installutil"};
    if (text_equal_nocase(command, STR("cmd")) || words_begin(command, "cmd "))
        return "cmd";
    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (words_have(command, words[i]))
            return words[i];
    return NULL;
}

bool words_admin_share(struct str share)
{
    uint32_t from = share.size;
    while (from > 0 && share.at[from - 1] != '\\')
        from--;
    struct str last = part(share, from, share.size - from);
    if (last.size == 2 && last.at[1] == '$')
        return (last.at[0] | 0x20) >= 'a' && (last.at[0] | 0x20) <= 'z';
    return text_equal_nocase(last, STR("ADMIN$"));
}
