"""Markdown as a reader shows it that takes raw HTML as it comes: through libcmark-gfm, which RS4 stands on as well."""

import ctypes
import ctypes.util

UNSAFE = 1 << 17


def library():
    for name in ("libcmark-gfm.so", ctypes.util.find_library("cmark-gfm"), "libcmark-gfm.so.0.29.0.gfm.6"):
        if name:
            try:
                return ctypes.CDLL(name)
            except OSError:
                continue
    return None


def html(text):
    """None where the library is not found."""
    found = library()
    if found is None:
        return None
    found.cmark_markdown_to_html.restype = ctypes.c_void_p
    found.cmark_markdown_to_html.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]
    data = text.encode()
    return ctypes.string_at(found.cmark_markdown_to_html(data, len(data), UNSAFE)).decode()
