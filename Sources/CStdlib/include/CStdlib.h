#pragma once
#include <stddef.h>

/// One file of the library that is written in RS4 itself, as it was when the program was built.
typedef struct {
    const char *name;
    const char *text;
    size_t length;
} rs4_library_file;

/// How many files there are, and each of them (`number` must be below the count).
size_t rs4_library_file_count(void);
rs4_library_file rs4_library_file_at(size_t number);

/// The pages of docs in the same form; the name of each is its path there without `.md`: `language/grammar`.
size_t rs4_page_count(void);
rs4_library_file rs4_page_at(size_t number);
