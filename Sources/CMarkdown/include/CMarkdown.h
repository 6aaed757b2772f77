/// Markdown to HTML through cmark-gfm: CommonMark with tables, strikethrough, task lists and bare addresses.
///
/// Raw HTML and dangerous addresses (`javascript:` and its kin) in the text never reach the result.
#pragma once
#include <stddef.h>

/// What the caller decides about a text's parts. Every returned string comes from malloc and is freed here.
typedef struct {
    /// Handed to every function below.
    void *context;
    /// HTML that stands in place of a block of code; NULL leaves the block as it is. `language` is what follows the fence.
    char *(*code)(void *context, const char *language, const char *text);
    /// HTML that stands in place of code inside a line, outside links; NULL leaves it as it is.
    char *(*span)(void *context, const char *text);
    /// The address in place of a link's or an image's; NULL leaves it, an empty one takes the link away and keeps its text.
    char *(*link)(void *context, const char *address);
    /// HTML that stands in place of an image; NULL treats its address as a link's. `inside_link` is not zero where the image is
    /// what a link shows.
    char *(*image)(void *context, const char *address, const char *alternative, int inside_link);
    /// The identifier of a heading, which fragments of addresses name; NULL gives it none. `level` counts from 1.
    char *(*heading)(void *context, int level, const char *text);
} rs4_markdown_visitor;

/// The same text without what a page could run, to be freed by the caller; NULL where that cannot be written. Raw HTML
/// is shown as text and dangerous addresses go; and nothing reaches into a text that follows: blocks of code are closed,
/// names of addresses are replaced by these. A text with nothing of the kind stays as it is.
char *rs4_markdown_tame(const char *text, size_t length);

/// The HTML of a text in UTF-8, to be freed by the caller; NULL when there is no memory for it, or it could take too much.
char *rs4_markdown_html(const char *text, size_t length, const rs4_markdown_visitor *visitor);
