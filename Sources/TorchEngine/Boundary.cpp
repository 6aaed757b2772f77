#include "Boundary.hpp"

#include <new>

namespace {
thread_local std::string last_message;

std::string without_trace(std::string text) {
    for (const char *mark : {"\nException raised from", "\nException raised at"}) {
        auto place = text.find(mark);
        if (place != std::string::npos) text.resize(place);
    }
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    return text;
}

bool tells_of_memory(const std::string &text) {
    return text.find("can't allocate memory") != std::string::npos ||
           text.find("not enough memory") != std::string::npos || text.find("out of memory") != std::string::npos ||
           text.find("CUDA_ERROR_OUT_OF_MEMORY") != std::string::npos ||
           text.find("Storage size calculation overflowed") != std::string::npos;
}
}  // namespace

namespace ct {

int fail(int code, std::string message) {
    last_message = std::move(message);
    return code;
}

int fail_with_current_exception() noexcept {
    try {
        try {
            throw;
        } catch (const c10::NotImplementedError &error) {
            return fail(CT_NOT_IMPLEMENTED, without_trace(error.what_without_backtrace()));
        } catch (const c10::Error &error) {
            std::string text = without_trace(error.what_without_backtrace());
            int code = tells_of_memory(text) ? CT_OUT_OF_MEMORY : CT_FAILED;
            return fail(code, std::move(text));
        } catch (const std::bad_alloc &) {
            return fail(CT_OUT_OF_MEMORY, "not enough memory");
        } catch (const std::exception &error) {
            std::string text = without_trace(error.what());
            int code = tells_of_memory(text) ? CT_OUT_OF_MEMORY : CT_FAILED;
            return fail(code, std::move(text));
        } catch (...) {
            return fail(CT_FAILED, "libtorch failed without saying why");
        }
    } catch (...) {
        return CT_OUT_OF_MEMORY;
    }
}

}  // namespace ct

const char *ct_message(void) { return last_message.c_str(); }
