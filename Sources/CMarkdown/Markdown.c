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

/// Puts a node that holds a text or HTML in place of another, which is detached; 0 where none of this type may stand.
static int replace_by(cmark_node *node, cmark_node_type type, const char *content) {
    cmark_node *piece = cmark_node_new(type);
    if (type == CMARK_NODE_CUSTOM_INLINE || type == CMARK_NODE_CUSTOM_BLOCK) {
        cmark_node_set_on_enter(piece, content);
    } else {
        cmark_node_set_literal(piece, content);
    }
    if (cmark_node_replace(node, piece)) return 1;
    cmark_node_free(piece);
    return 0;
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

static int is_inside(cmark_node *node, cmark_node *outer) {
    while (node && node != outer) node = cmark_node_parent(node);
    return node != NULL;
}

static void replace_code(cmark_node *node, const rs4_markdown_visitor *visitor) {
    const char *language = cmark_node_get_fence_info(node);
    char *html = visitor->code(visitor->context, language ? language : "", cmark_node_get_literal(node));
    if (!html) return;
    replace_by(node, CMARK_NODE_CUSTOM_BLOCK, html);
    free(html);
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
        cmark_node_unlink(node);
    }
    free(address);
}

/// Tells whether something else stands in the image's place now.
static int replace_image(cmark_node *node, const rs4_markdown_visitor *visitor) {
    char *alternative = plain_text(node);
    char *html = alternative ? visitor->image(visitor->context, cmark_node_get_url(node), alternative, is_inside_link(node)) : NULL;
    free(alternative);
    if (html) {
        // The cells of tables take no HTML.
        if (!replace_by(node, CMARK_NODE_CUSTOM_INLINE, html)) replace_by_words(node);
        free(html);
        return 1;
    }
    replace_link(node, visitor);
    return 0;
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

/// The nodes of the kinds that `wanted` names, gathered before anything changes the tree.
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

/// Frees the list, and those of its nodes that were detached: not sooner, because one may stand inside another.
static void end(cmark_node **nodes, size_t count) {
    size_t left = 0;
    for (size_t number = 0; number < count; number++) {
        if (!cmark_node_parent(nodes[number])) nodes[left++] = nodes[number];
    }
    for (size_t number = 0; number < left; number++) cmark_node_free(nodes[number]);
    free(nodes);
}

/// The Unicode character that a text begins with, or ends with; 0 where there is none.
static unsigned character(const char *text, int is_last) {
    const unsigned char *place = (const unsigned char *)text;
    if (!place || !*place) return 0;
    if (is_last) {
        place += strlen(text) - 1;
        while (place > (const unsigned char *)text && (*place & 0xC0) == 0x80) place--;
    }
    if (*place < 0x80) return *place;
    int more = *place >= 0xF0 ? 3 : *place >= 0xE0 ? 2 : 1;
    unsigned found = *place & (0x3F >> more);
    while (more-- && (*++place & 0xC0) == 0x80) found = found << 6 | (*place & 0x3F);
    return found;
}

/// The character next to a line end: that which a node begins with, or ends with, through whatever it is wrapped in.
static unsigned edge(cmark_node *node, int is_last) {
    while (node && cmark_node_first_child(node)) node = is_last ? cmark_node_last_child(node) : cmark_node_first_child(node);
    return node && cmark_node_get_type(node) == CMARK_NODE_TEXT ? character(cmark_node_get_literal(node), is_last) : 0;
}

/// Kana, ideographs, and the marks that stand between them: writing that knows no spaces between words.
static int is_spaceless(unsigned letter) {
    return (letter >= 0x3000 && letter <= 0x30FF) || (letter >= 0x31F0 && letter <= 0x31FF) || (letter >= 0x3400 && letter <= 0x9FFF)
        || (letter >= 0xF900 && letter <= 0xFAFF) || (letter >= 0xFF00 && letter <= 0xFFEF) || (letter >= 0x20000 && letter <= 0x3FFFF);
}

static int is_line_end(cmark_node *node) { return cmark_node_get_type(node) == CMARK_NODE_SOFTBREAK; }

/// Takes away the line ends between letters of a writing without spaces, because a browser would show each as a space.
static void join_lines(cmark_node *document) {
    size_t count;
    cmark_node **nodes = gather(document, is_line_end, &count);
    for (size_t number = 0; number < count; number++) {
        unsigned before = edge(cmark_node_previous(nodes[number]), 1), after = edge(cmark_node_next(nodes[number]), 0);
        if (is_spaceless(before) && is_spaceless(after)) cmark_node_unlink(nodes[number]);
    }
    end(nodes, count);
}

static void visit(cmark_node *document, const rs4_markdown_visitor *visitor) {
    size_t count;
    cmark_node **nodes = gather(document, is_visited, &count);
    cmark_node *replaced = NULL;
    for (size_t number = 0; number < count; number++) {
        cmark_node *node = nodes[number];
        // Of images inside an image nothing is seen, and each would take as much room as the whole.
        if (replaced && is_inside(node, replaced)) continue;
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_CODE_BLOCK) {
            replace_code(node, visitor);
        } else if (type == CMARK_NODE_CODE) {
            replace_span(node, visitor);
        } else if (type == CMARK_NODE_HEADING) {
            name_heading(node, visitor);
        } else if (type == CMARK_NODE_IMAGE) {
            if (replace_image(node, visitor)) replaced = node;
        } else {
            replace_link(node, visitor);
        }
    }
    end(nodes, count);
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

/// The end of the paragraph that a place of a text lies in.
static const char *end_of_paragraph(const char *place, const char *end) {
    int is_blank = 0;
    for (; place < end; place++) {
        if (*place == '\n') {
            if (is_blank) return place;
            is_blank = 1;
        } else if (*place != ' ' && *place != '\t' && *place != '\r') {
            is_blank = 0;
        }
    }
    return end;
}

/// Whether addresses with names could take more room than a page has: every use of a name is a copy of its address and its
/// title, and cmark-gfm, which ends the process when it runs out of room, knows no bound.
static int repeats_too_much(const char *text, size_t length) {
    static const size_t most = 64 << 20;
    const char *end = text + length;
    size_t uses = 0, longest = 0;
    for (const char *place = text; (place = memchr(place, '[', end - place)); place++) uses++;
    for (const char *place = text; (place = memmem(place, end - place, "]:", 2));) {
        const char *last = end_of_paragraph(place, end);
        if ((size_t)(last - place) > longest) longest = last - place;
        place = last;
    }
    return longest > 0 && uses > most / longest;
}

static cmark_node *parse(const char *text, size_t length, const char *more, cmark_parser **parser) {
    *parser = repeats_too_much(text, length) ? NULL : cmark_parser_new(CMARK_OPT_VALIDATE_UTF8);
    if (!*parser) return NULL;
    add_extensions(*parser);
    cmark_parser_feed(*parser, text, length);
    if (more) cmark_parser_feed(*parser, more, strlen(more));
    return cmark_parser_finish(*parser);
}

/// Whether a line may give a name to an address, `[name]: address`; in lists and quotations as well.
static int may_name_addresses(const char *text, size_t length) {
    if (!memmem(text, length, "]:", 2)) return 0;
    int is_start = 1;
    for (size_t place = 0; place < length; place++) {
        if (is_start && text[place] == '[') return 1;
        is_start = text[place] == '\n' || (is_start && memchr(" \t>-+*.)0123456789", text[place], 18));
    }
    return 0;
}

/// Whether what follows a text would be read by itself: no block of code stays open, and no address is given a name.
static int ends_by_itself(const char *text, size_t length) {
    if (may_name_addresses(text, length)) return 0;
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

/// Changes what a page could run; tells how much of that there was.
static size_t tame_all(cmark_node *document) {
    size_t count;
    cmark_node **nodes = gather(document, is_dangerous, &count);
    for (size_t number = 0; number < count; number++) tame(nodes[number]);
    end(nodes, count);
    return count;
}

/// Whether a text holds nothing that a page could run, and ends by itself.
static int is_tame(const char *text, size_t length) {
    cmark_parser *parser;
    cmark_node *document = parse(text, length, NULL, &parser);
    const int is_harmless = document && tame_all(document) == 0;
    if (document) cmark_node_free(document);
    if (parser) cmark_parser_free(parser);
    return is_harmless && ends_by_itself(text, length);
}

char *rs4_markdown_tame(const char *text, size_t length) {
    char *result = NULL;
    if (is_tame(text, length)) {
        if ((result = malloc(length + 1))) {
            memcpy(result, text, length);
            result[length] = 0;
        }
        return result;
    }
    cmark_parser *parser;
    cmark_node *document = parse(text, length, NULL, &parser);
    if (document) {
        tame_all(document);
        result = cmark_render_commonmark(document, CMARK_OPT_DEFAULT, 0);
        cmark_node_free(document);
    }
    if (parser) cmark_parser_free(parser);
    // Markdown that was written anew is read once more: some trees have no text that gives them back.
    if (result && !is_tame(result, strlen(result))) {
        free(result);
        result = NULL;
    }
    return result;
}

char *rs4_markdown_html(const char *text, size_t length, const rs4_markdown_visitor *visitor) {
    // Without CMARK_OPT_UNSAFE raw HTML is left out, and so are addresses that could run something.
    const int options = CMARK_OPT_VALIDATE_UTF8;
    cmark_parser *parser;
    cmark_node *document = parse(text, length, NULL, &parser);
    char *html = NULL;
    if (document) {
        join_lines(document);
        visit(document, visitor);
        html = cmark_render_html(document, options, cmark_parser_get_syntax_extensions(parser));
        cmark_node_free(document);
    }
    if (parser) cmark_parser_free(parser);
    return html;
}
