/*
 * stage - saving and loading, the same for every stage.
 */
#include "common/stream/stage.h"

void stage_save(const struct stage *stage, struct writer *w)
{
    struct table *tables[STAGE_TABLES_MAX];
    size_t count = stage->type->tables ? stage->type->tables(stage->self, tables) : 0;
    for (size_t i = 0; i < count; i++)
        table_save(tables[i], w);
    if (stage->type->save)
        stage->type->save(stage->self, w);
}

bool stage_load(const struct stage *stage, struct reader *r)
{
    struct table *tables[STAGE_TABLES_MAX];
    size_t count = stage->type->tables ? stage->type->tables(stage->self, tables) : 0;
    for (size_t i = 0; i < count; i++)
        if (!table_load(tables[i], r))
            return false;
    if (stage->type->load && !stage->type->load(stage->self, r))
        return false;
    return reader_ok(r) && reader_left(r) == 0;
}
