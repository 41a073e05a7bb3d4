/*
 * text_page - lines that fit the terminal.
 */
#include "services/orthrus/text_page.h"

#include "common/base/text.h"

enum {
    COLUMNS_STANDARD = 80,
    COLUMNS_LEAST = 40,
    COLUMNS_MOST = 160, /* longer lines are hard to read however wide the screen is */
};

struct page page_open(struct results *results, const struct text_style *style, struct writer *w)
{
    uint32_t columns = style->columns ? style->columns : COLUMNS_STANDARD;
    columns = columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns > COLUMNS_MOST ? COLUMNS_MOST : columns;
    return (struct page){.results = results, .style = style, .w = w, .columns = columns};
}

void page_close(struct page *page)
{
    writer_close(&page->line);
}

void page_color(struct page *page, const char *code)
{
    if (page->style->color)
        writer_text(page->w, code);
}

/* As wcwidth has it. */
static uint32_t width_of(uint32_t c)
{
    if (c >= 0x300 && c <= 0x36f)
        return 0;
    bool wide = (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
                (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
                (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
                (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3fffd);
    return wide ? 2 : 1;
}

uint32_t page_width(struct str s)
{
    uint32_t width = 0;
    const uint8_t *at = (const uint8_t *)(s.at ? s.at : ""), *end = at + s.size;
    while (at < end)
        width += width_of(text_next_utf8(&at, end));
    return width;
}

void page_spaces(struct page *page, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        writer_u8(page->w, ' ');
}

void page_add_str(struct page *page, struct str s)
{
    text_write_terminal(&page->line, s);
}

void page_wrap(struct page *page, uint32_t column, uint32_t indent)
{
    struct str text = writer_str(&page->line);
    bool row_is_empty = true;
    for (uint32_t i = 0; i < text.size;) {
        uint32_t end = i;
        while (end < text.size && text.at[end] != ' ')
            end++;
        struct str word = {.at = text.at + i, .size = end - i};
        uint32_t width = page_width(word);
        if (!row_is_empty && column + 1 + width > page->columns) {
            writer_u8(page->w, '\n');
            page_spaces(page, indent);
            column = indent;
            row_is_empty = true;
        }
        if (!row_is_empty) {
            writer_u8(page->w, ' ');
            column++;
        }
        writer_str_bytes(page->w, word);
        column += width;
        row_is_empty = false;
        i = end + 1;
    }
    writer_u8(page->w, '\n');
    writer_reset(&page->line);
}

void page_paragraph(struct page *page, uint32_t indent)
{
    page_spaces(page, indent);
    page_wrap(page, indent, indent);
}
