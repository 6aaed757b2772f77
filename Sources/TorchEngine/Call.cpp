// One door to every operator: arguments are matched with the operator's schema, boxed and dispatched.

#include <cstdlib>
#include <mutex>
#include <unordered_map>

#include "Boundary.hpp"

#include <ATen/ScalarOps.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>

using namespace ct;

namespace {

using Candidates = std::vector<c10::OperatorHandle>;

bool writes_to_out(const c10::FunctionSchema &schema) {
    for (const auto &argument : schema.arguments())
        if (argument.is_out()) return true;
    return false;
}

/// Overload names of every operator, gathered once.
const std::unordered_map<std::string, std::vector<std::string>> &overloads() {
    static const auto *table = [] {
        auto *all = new std::unordered_map<std::string, std::vector<std::string>>();
        for (const auto &name : c10::Dispatcher::singleton().getAllOpNames())
            (*all)[name.name].push_back(name.overload_name);
        for (auto &entry : *all) std::sort(entry.second.begin(), entry.second.end());
        return all;
    }();
    return *table;
}

Candidates find(const std::string &name) {
    Candidates found;
    std::string full = name.find("::") == std::string::npos ? "aten::" + name : name;
    auto point = full.find('.');
    auto &dispatcher = c10::Dispatcher::singleton();
    if (point != std::string::npos) {
        auto handle = dispatcher.findSchema({full.substr(0, point), full.substr(point + 1)});
        if (handle) found.push_back(*handle);
        return found;
    }
    auto entry = overloads().find(full);
    if (entry == overloads().end()) return found;
    for (const auto &overload : entry->second) {
        if (overload.find("name") == 0 || overload.find("Dimname") != std::string::npos) continue;
        auto handle = dispatcher.findSchema({full, overload});
        if (handle && !writes_to_out(handle->schema())) found.push_back(*handle);
    }
    return found;
}

const Candidates &candidates(const char *name) {
    thread_local std::unordered_map<std::string, Candidates> known;
    auto place = known.find(name);
    if (place == known.end()) place = known.emplace(name, find(name)).first;
    return place->second;
}

c10::Scalar scalar(const ct_value &value) {
    switch (value.tag) {
        case CT_DOUBLE: return c10::Scalar(value.number);
        case CT_BOOL: return c10::Scalar(value.integer != 0);
        default: return c10::Scalar(value.integer);
    }
}

bool is_number(const ct_value &value) {
    return value.tag == CT_INT || value.tag == CT_DOUBLE || value.tag == CT_BOOL;
}

/// Boxes a value as an argument of a type. False when it does not fit.
bool box(const ct_value &value, const c10::TypePtr &type, c10::optional<int32_t> repeat, c10::IValue &boxed) {
    switch (type->kind()) {
        case c10::TypeKind::OptionalType: {
            if (value.tag == CT_NONE) {
                boxed = c10::IValue();
                return true;
            }
            return box(value, type->castRaw<c10::OptionalType>()->getElementType(), repeat, boxed);
        }
        case c10::TypeKind::TensorType:
            if (value.tag == CT_TENSOR) {
                boxed = borrow(const_cast<void *>(value.pointer));
                return true;
            }
            if (is_number(value)) {
                boxed = at::native::wrapped_scalar_tensor(scalar(value));
                return true;
            }
            return false;
        case c10::TypeKind::IntType:
            if (value.tag != CT_INT) return false;
            boxed = value.integer;
            return true;
        case c10::TypeKind::FloatType:
            if (value.tag == CT_DOUBLE) boxed = value.number;
            else if (value.tag == CT_INT) boxed = static_cast<double>(value.integer);
            else return false;
            return true;
        case c10::TypeKind::BoolType:
            if (value.tag != CT_BOOL) return false;
            boxed = value.integer != 0;
            return true;
        case c10::TypeKind::NumberType:
            if (!is_number(value)) return false;
            boxed = scalar(value);
            return true;
        case c10::TypeKind::StringType:
            if (value.tag != CT_STRING) return false;
            boxed = std::string(static_cast<const char *>(value.pointer));
            return true;
        case c10::TypeKind::DeviceObjType:
            if (value.tag != CT_DEVICE) return false;
            boxed = c10::Device(static_cast<c10::DeviceType>(value.integer),
                                static_cast<c10::DeviceIndex>(value.number));
            return true;
        case c10::TypeKind::ListType: {
            auto element = type->castRaw<c10::ListType>()->getElementType();
            const auto *integers = static_cast<const int64_t *>(value.pointer);
            const auto *doubles = static_cast<const double *>(value.pointer);
            const auto *bools = static_cast<const bool *>(value.pointer);
            const auto *tensors = static_cast<const ct_tensor *>(value.pointer);
            // An empty list fits every element type.
            bool is_empty = value.integer == 0 && value.tag >= CT_INTS && value.tag <= CT_TENSORS;
            if (element->kind() == c10::TypeKind::IntType) {
                if (value.tag == CT_INT && repeat) {
                    boxed = std::vector<int64_t>(*repeat, value.integer);
                    return true;
                }
                if (value.tag != CT_INTS && !is_empty) return false;
                boxed = is_empty ? std::vector<int64_t>() : std::vector<int64_t>(integers, integers + value.integer);
                return true;
            }
            if (element->kind() == c10::TypeKind::FloatType) {
                if (value.tag == CT_INTS && !is_empty)
                    boxed = std::vector<double>(integers, integers + value.integer);
                else if (value.tag == CT_DOUBLES || is_empty)
                    boxed = is_empty ? std::vector<double>() : std::vector<double>(doubles, doubles + value.integer);
                else return false;
                return true;
            }
            if (element->kind() == c10::TypeKind::BoolType) {
                c10::List<bool> list;
                if (value.tag == CT_BOOL && repeat) {
                    for (int32_t index = 0; index < *repeat; ++index) list.push_back(value.integer != 0);
                } else if (value.tag == CT_BOOLS || is_empty) {
                    for (int64_t index = 0; index < value.integer; ++index) list.push_back(bools[index]);
                } else return false;
                boxed = std::move(list);
                return true;
            }
            if (element->kind() == c10::TypeKind::TensorType) {
                if (value.tag != CT_TENSORS && !is_empty) return false;
                c10::List<at::Tensor> list;
                for (int64_t index = 0; index < value.integer; ++index) {
                    if (tensors[index] == nullptr) return false;
                    list.push_back(borrow(tensors[index]));
                }
                boxed = std::move(list);
                return true;
            }
            if (element->kind() == c10::TypeKind::OptionalType) {
                if (value.tag != CT_TENSORS && !is_empty) return false;
                c10::List<c10::optional<at::Tensor>> list;
                for (int64_t index = 0; index < value.integer; ++index) {
                    if (tensors[index] == nullptr) list.push_back(c10::nullopt);
                    else list.push_back(borrow(tensors[index]));
                }
                boxed = std::move(list);
                return true;
            }
            if (element->kind() == c10::TypeKind::NumberType) {
                c10::List<c10::Scalar> list;
                return false;
            }
            return false;
        }
        default: return false;
    }
}

/// Puts the arguments on the stack in the schema's order. False, with the reason, when they do not fit.
bool bind(const c10::FunctionSchema &schema, const ct_value *arguments, int64_t count,
          std::vector<c10::IValue> &stack, std::string &reason) {
    const auto &parameters = schema.arguments();
    stack.clear();
    stack.reserve(parameters.size());
    int64_t positional = 0;
    while (positional < count && arguments[positional].name == nullptr) ++positional;
    if (positional > static_cast<int64_t>(parameters.size())) {
        reason = "takes at most " + std::to_string(parameters.size()) + " arguments, but " + std::to_string(count) +
                 " were given";
        return false;
    }
    int64_t named_used = 0;
    for (size_t index = 0; index < parameters.size(); ++index) {
        const auto &parameter = parameters[index];
        const ct_value *given = nullptr;
        if (static_cast<int64_t>(index) < positional) {
            given = &arguments[index];
        } else {
            for (int64_t other = positional; other < count; ++other)
                if (parameter.name() == arguments[other].name) {
                    given = &arguments[other];
                    ++named_used;
                }
        }
        c10::IValue boxed;
        if (given != nullptr) {
            if (!box(*given, parameter.type(), parameter.N(), boxed)) {
                reason = "argument `" + parameter.name() + "` must be " + parameter.type()->str() + ", but is not";
                return false;
            }
        } else if (parameter.default_value()) {
            boxed = *parameter.default_value();
        } else if (parameter.type()->kind() == c10::TypeKind::OptionalType) {
            boxed = c10::IValue();
        } else {
            reason = "argument `" + parameter.name() + "` is missing";
            return false;
        }
        stack.push_back(std::move(boxed));
    }
    if (named_used != count - positional) {
        reason = "was given a named argument that it does not have";
        return false;
    }
    return true;
}

ct_value plain(int32_t tag) {
    ct_value value{};
    value.tag = tag;
    return value;
}

void append(const c10::IValue &item, std::vector<ct_value> &out) {
    if (item.isTensor()) {
        ct_value value = plain(CT_TENSOR);
        value.pointer = give(item.toTensor());
        out.push_back(value);
    } else if (item.isTensorList()) {
        for (const at::Tensor &tensor : item.toTensorVector()) {
            ct_value value = plain(CT_TENSOR);
            value.pointer = give(tensor);
            out.push_back(value);
        }
    } else if (item.isInt()) {
        ct_value value = plain(CT_INT);
        value.integer = item.toInt();
        out.push_back(value);
    } else if (item.isDouble()) {
        ct_value value = plain(CT_DOUBLE);
        value.number = item.toDouble();
        out.push_back(value);
    } else if (item.isBool()) {
        ct_value value = plain(CT_BOOL);
        value.integer = item.toBool();
        out.push_back(value);
    } else {
        out.push_back(plain(CT_NONE));
    }
}

}  // namespace

int ct_call(const char *name, const ct_value *arguments, int64_t count, ct_results *results) {
    results->count = 0;
    results->many = nullptr;
    int status = CT_OK;
    int thrown = guarded([&] {
        const Candidates &all = candidates(name);
        if (all.empty()) {
            status = fail(CT_UNKNOWN_OPERATOR, std::string("libtorch has no operator `") + name + "`");
            return;
        }
        std::vector<c10::IValue> stack;
        std::string reason;
        for (const auto &handle : all) {
            std::string mismatch;
            if (!bind(handle.schema(), arguments, count, stack, mismatch)) {
                if (reason.empty()) reason = std::move(mismatch);
                continue;
            }
            handle.callBoxed(&stack);
            if (stack.size() == 1 && stack[0].isTensor()) {
                results->count = 1;
                results->single = plain(CT_TENSOR);
                results->single.pointer = give(std::move(stack[0]).toTensor());
                return;
            }
            std::vector<ct_value> out;
            for (const auto &item : stack) append(item, out);
            results->count = static_cast<int64_t>(out.size());
            if (out.size() == 1) {
                results->single = out[0];
            } else if (!out.empty()) {
                results->many = static_cast<ct_value *>(std::malloc(out.size() * sizeof(ct_value)));
                if (results->many == nullptr) throw std::bad_alloc();
                std::copy(out.begin(), out.end(), results->many);
            }
            return;
        }
        status = fail(CT_FAILED, std::string(name) + ": " + reason);
    });
    return thrown != CT_OK ? thrown : status;
}

void ct_results_free(ct_results *results) {
    std::free(results->many);
    results->many = nullptr;
}
