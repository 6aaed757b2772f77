#include "CMarkdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <stdlib.h>
#include <string.h>

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

static void replace_span(cmark_node *node, const rs4_markdown_visitor *visitor) {
    for (cmark_node *around = cmark_node_parent(node); around; around = cmark_node_parent(around)) {
        if (cmark_node_get_type(around) == CMARK_NODE_LINK) return;
    }
    char *html = visitor->span(visitor->context, cmark_node_get_literal(node));
    if (!html) return;
    cmark_node *piece = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
    cmark_node_set_on_enter(piece, html);
    if (cmark_node_replace(node, piece)) {
        cmark_node_free(node);
    } else {
        cmark_node_free(piece);
    }
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

static int is_visited(cmark_node_type type) {
    return type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_CODE || type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE
        || type == CMARK_NODE_HEADING;
}

/// Calls the visitor; the nodes are gathered first because the visits change the tree.
static void visit(cmark_node *document, const rs4_markdown_visitor *visitor) {
    size_t count = 0, room = 0;
    cmark_node **nodes = NULL;
    cmark_iter *iterator = cmark_iter_new(document);
    cmark_event_type event;
    while ((event = cmark_iter_next(iterator)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iterator);
        if (event != CMARK_EVENT_ENTER || !is_visited(cmark_node_get_type(node))) continue;
        if (count == room) {
            size_t wanted = room ? 2 * room : 64;
            cmark_node **more = realloc(nodes, wanted * sizeof *nodes);
            if (!more) break;
            nodes = more;
            room = wanted;
        }
        nodes[count++] = node;
    }
    cmark_iter_free(iterator);
    for (size_t number = 0; number < count; number++) {
        cmark_node *node = nodes[number];
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_CODE_BLOCK) {
            replace_code(node, visitor);
        } else if (type == CMARK_NODE_CODE) {
            replace_span(node, visitor);
        } else if (type == CMARK_NODE_HEADING) {
            name_heading(node, visitor);
        } else {
            replace_link(node, visitor);
        }
    }
    free(nodes);
}

char *rs4_markdown_html(const char *text, size_t length, const rs4_markdown_visitor *visitor) {
    // Without CMARK_OPT_UNSAFE raw HTML is left out, and so are addresses that could run something.
    const int options = CMARK_OPT_VALIDATE_UTF8;
    cmark_parser *parser = cmark_parser_new(options);
    if (!parser) return NULL;
    add_extensions(parser);
    cmark_parser_feed(parser, text, length);
    cmark_node *document = cmark_parser_finish(parser);
    char *html = NULL;
    if (document) {
        visit(document, visitor);
        html = cmark_render_html(document, options, cmark_parser_get_syntax_extensions(parser));
        cmark_node_free(document);
    }
    cmark_parser_free(parser);
    return html;
}
