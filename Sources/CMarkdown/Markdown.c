#define _GNU_SOURCE
#include "CMarkdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void add_extensions(cmark_parser *parser) {
    static const char *const names[] = {"table", "strikethrough", "autolink", "tasklist"};
    cmark_gfm_core_extensions_ensure_registered();
    for (size_t number = 0; number < sizeof names / sizeof names[0]; number++) {
        cmark_syntax_extension *extension = cmark_find_syntax_extension(names[number]);
        if (extension) cmark_parser_attach_syntax_extension(parser, extension);
    }
}

/// The text of a node without its marks, from malloc.
static char *plain_text(cmark_node *node) {
    size_t length = 0;
    char *text = calloc(1, 1);
    cmark_iter *iterator = cmark_iter_new(node);
    while (text && cmark_iter_next(iterator) != CMARK_EVENT_DONE) {
        const char *part = cmark_node_get_literal(cmark_iter_get_node(iterator));
        if (!part) continue;
        size_t more = strlen(part);
        char *longer = realloc(text, length + more + 1);
        if (!longer) break;
        text = longer;
        memcpy(text + length, part, more + 1);
        length += more;
    }
    cmark_iter_free(iterator);
    return text;
}

static void replace_code(cmark_node *node, const rs4_markdown_visitor *visitor) {
    const char *language = cmark_node_get_fence_info(node);
    char *html = visitor->code(visitor->context, language ? language : "", cmark_node_get_literal(node));
    if (!html) return;
    cmark_node *block = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK);
    cmark_node_set_on_enter(block, html);
    if (cmark_node_replace(node, block)) {
        cmark_node_free(node);
    } else {
        cmark_node_free(block);
    }
    free(html);
}

/// Puts a node that holds a text or HTML in place of another; 0 where none of this type may stand.
static int replace_by(cmark_node *node, cmark_node_type type, const char *content) {
    cmark_node *piece = cmark_node_new(type);
    if (type == CMARK_NODE_CUSTOM_INLINE) {
        cmark_node_set_on_enter(piece, content);
    } else {
        cmark_node_set_literal(piece, content);
    }
    const int is_done = cmark_node_replace(node, piece);
    cmark_node_free(is_done ? node : piece);
    return is_done;
}

/// Puts what an image says instead of being seen in its place.
static void replace_by_words(cmark_node *image) {
    char *words = plain_text(image);
    replace_by(image, CMARK_NODE_TEXT, words ? words : "");
    free(words);
}

static int is_inside_link(cmark_node *node) {
    for (cmark_node *around = cmark_node_parent(node); around; around = cmark_node_parent(around)) {
        if (cmark_node_get_type(around) == CMARK_NODE_LINK) return 1;
    }
    return 0;
}

static void replace_span(cmark_node *node, const rs4_markdown_visitor *visitor) {
    if (is_inside_link(node)) return;
    char *html = visitor->span(visitor->context, cmark_node_get_literal(node));
    if (!html) return;
    replace_by(node, CMARK_NODE_CUSTOM_INLINE, html);
    free(html);
}

static void replace_link(cmark_node *node, const rs4_markdown_visitor *visitor) {
    char *address = visitor->link(visitor->context, cmark_node_get_url(node));
    if (!address) return;
    if (*address) {
        cmark_node_set_url(node, address);
    } else {
        cmark_node *child;
        while ((child = cmark_node_first_child(node))) cmark_node_insert_before(node, child);
        cmark_node_free(node);
    }
    free(address);
}

static void replace_image(cmark_node *node, const rs4_markdown_visitor *visitor) {
    char *alternative = plain_text(node);
    char *html = alternative ? visitor->image(visitor->context, cmark_node_get_url(node), alternative, is_inside_link(node)) : NULL;
    free(alternative);
    if (html) {
        // The cells of tables take no HTML.
        if (!replace_by(node, CMARK_NODE_CUSTOM_INLINE, html)) replace_by_words(node);
        free(html);
    } else {
        replace_link(node, visitor);
    }
}

/// Puts what a heading says between `<span id="…">` and `</span>`; the caller's identifier holds no markup.
static void name_heading(cmark_node *node, const rs4_markdown_visitor *visitor) {
    char *text = plain_text(node);
    char *name = text ? visitor->heading(visitor->context, cmark_node_get_heading_level(node), text) : NULL;
    free(text);
    if (!name) return;
    static const char head[] = "<span id=\"", tail[] = "\">";
    char *opening = malloc(sizeof head + strlen(name) + sizeof tail);
    if (opening) {
        strcpy(opening, head);
        strcat(opening, name);
        strcat(opening, tail);
        cmark_node *span = cmark_node_new(CMARK_NODE_CUSTOM_INLINE), *child;
        cmark_node_set_on_enter(span, opening);
        cmark_node_set_on_exit(span, "</span>");
        while ((child = cmark_node_first_child(node))) cmark_node_append_child(span, child);
        cmark_node_append_child(node, span);
        free(opening);
    }
    free(name);
}

static int is_visited(cmark_node *node) {
    cmark_node_type type = cmark_node_get_type(node);
    return type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_CODE || type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE
        || type == CMARK_NODE_HEADING;
}

/// The nodes of the kinds that `wanted` names, gathered before anything changes the tree; free() ends the list.
static cmark_node **gather(cmark_node *document, int (*wanted)(cmark_node *node), size_t *count) {
    size_t room = 0;
    cmark_node **nodes = NULL;
    *count = 0;
    cmark_iter *iterator = cmark_iter_new(document);
    cmark_event_type event;
    while ((event = cmark_iter_next(iterator)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iterator);
        if (event != CMARK_EVENT_ENTER || !wanted(node)) continue;
        if (*count == room) {
            size_t more_room = room ? 2 * room : 64;
            cmark_node **more = realloc(nodes, more_room * sizeof *nodes);
            if (!more) break;
            nodes = more;
            room = more_room;
        }
        nodes[(*count)++] = node;
    }
    cmark_iter_free(iterator);
    return nodes;
}

static void visit(cmark_node *document, const rs4_markdown_visitor *visitor) {
    size_t count;
    cmark_node **nodes = gather(document, is_visited, &count);
    for (size_t number = 0; number < count; number++) {
        cmark_node *node = nodes[number];
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_CODE_BLOCK) {
            replace_code(node, visitor);
        } else if (type == CMARK_NODE_CODE) {
            replace_span(node, visitor);
        } else if (type == CMARK_NODE_HEADING) {
            name_heading(node, visitor);
        } else if (type == CMARK_NODE_IMAGE) {
            replace_image(node, visitor);
        } else {
            replace_link(node, visitor);
        }
    }
    free(nodes);
}

static int is_dangerous_address(const char *address) {
    static const char *const schemes[] = {"javascript:", "vbscript:", "file:", "data:"};
    while (*address && (unsigned char)*address <= ' ') address++;
    for (size_t number = 0; number < sizeof schemes / sizeof schemes[0]; number++) {
        if (strncasecmp(address, schemes[number], strlen(schemes[number])) == 0) return 1;
    }
    return 0;
}

static int is_dangerous(cmark_node *node) {
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE) return 1;
    return (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) && is_dangerous_address(cmark_node_get_url(node));
}

static void tame(cmark_node *node) {
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_LINK) {
        cmark_node_set_url(node, "");
    } else if (type == CMARK_NODE_IMAGE) {
        replace_by_words(node);
    } else {
        // Text is escaped when it is written; several lines of it can only be a block of code.
        const cmark_node_type shown = type == CMARK_NODE_HTML_BLOCK ? CMARK_NODE_CODE_BLOCK : CMARK_NODE_TEXT;
        if (!replace_by(node, shown, cmark_node_get_literal(node))) cmark_node_set_literal(node, "");
    }
}

static cmark_node *parse(const char *text, size_t length, const char *more, cmark_parser **parser) {
    *parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8);
    if (!*parser) return NULL;
    add_extensions(*parser);
    cmark_parser_feed(*parser, text, length);
    if (more) cmark_parser_feed(*parser, more, strlen(more));
    return cmark_parser_finish(*parser);
}

/// Whether what follows a text would be read by itself: no block of code stays open, and no address is given a name.
static int ends_by_itself(const char *text, size_t length) {
    if (memmem(text, length, "]:", 2)) return 0;
    cmark_parser *parser;
    cmark_node *document = parse(text, length, "\n\nend\n", &parser);
    int is_closed = 0;
    if (document) {
        cmark_node *last = cmark_node_last_child(document);
        cmark_node *words = last && cmark_node_get_type(last) == CMARK_NODE_PARAGRAPH ? cmark_node_first_child(last) : NULL;
        const char *literal = words ? cmark_node_get_literal(words) : NULL;
        is_closed = literal && strcmp(literal, "end") == 0;
        cmark_node_free(document);
    }
    if (parser) cmark_parser_free(parser);
    return is_closed;
}

char *rs4_markdown_tame(const char *text, size_t length) {
    cmark_parser *parser;
    cmark_node *document = parse(text, length, NULL, &parser);
    char *result = NULL;
    if (document) {
        size_t count;
        cmark_node **nodes = gather(document, is_dangerous, &count);
        for (size_t number = 0; number < count; number++) tame(nodes[number]);
        free(nodes);
        if (count > 0 || !ends_by_itself(text, length)) {
            result = cmark_render_commonmark(document, CMARK_OPT_DEFAULT, 0);
        } else if ((result = malloc(length + 1))) {
            memcpy(result, text, length);
            result[length] = 0;
        }
        cmark_node_free(document);
    }
    if (parser) cmark_parser_free(parser);
    return result;
}

char *rs4_markdown_html(const char *text, size_t length, const rs4_markdown_visitor *visitor) {
    // Without CMARK_OPT_UNSAFE raw HTML is left out, and so are addresses that could run something.
    const int options = CMARK_OPT_VALIDATE_UTF8;
    cmark_parser *parser;
    cmark_node *document = parse(text, length, NULL, &parser);
    char *html = NULL;
    if (document) {
        visit(document, visitor);
        html = cmark_render_html(document, options, cmark_parser_get_syntax_extensions(parser));
        cmark_node_free(document);
    }
    if (parser) cmark_parser_free(parser);
    return html;
}
