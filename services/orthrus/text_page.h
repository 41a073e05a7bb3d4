/*
 * text_page - text on its way to a terminal: escaped, wrapped between words, coloured where that is wanted.
 *
 * What is written first goes through text_write_terminal() into a line buffer, then is wrapped: nothing from
 * outside reaches the output by another way. Pure; one owner, no threads.
 */
#ifndef ORTHRUS_TEXT_PAGE_H
#define ORTHRUS_TEXT_PAGE_H

#include "common/base/writer.h"
#include "services/orthrus/results.h"
#include "services/orthrus/text_output.h"

#define CODE_RESET "\x1b[0m"
#define CODE_BOLD  "\x1b[1m"
#define CODE_DIM   "\x1b[2m"

enum {
    PAGE_INDENT = 2,
};

struct page {
    struct results *results;
    const struct text_style *style;
    struct writer *w;
    struct writer line; /* escaped, not yet wrapped */
    uint32_t columns;
};

/* Borrows all three. */
struct page page_open(struct results *results, const struct text_style *style, struct writer *w);
void page_close(struct page *page);

/* A colour's code, where colours are wanted. */
void page_color(struct page *page, const char *code);
void page_spaces(struct page *page, uint32_t count);
/* Adds to the line: text of ours by format, or text from outside. */
#define page_add(page, ...) writer_print(&(page)->line, __VA_ARGS__)
void page_add_str(struct page *page, struct str s);
/* Writes the line, wrapped between words; the first of its rows begins at column, the others at indent. A
 * word longer than a row stays whole, so that it can be copied. */
void page_wrap(struct page *page, uint32_t column, uint32_t indent);
/* The line as a paragraph. */
void page_paragraph(struct page *page, uint32_t indent);
/* Columns that a text takes: none for what combines, two for East Asian and pictures. */
uint32_t page_width(struct str s);

#endif
