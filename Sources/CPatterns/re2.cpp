#include "cpatterns.h"

#include <re2/re2.h>

#include <memory>
#include <new>
#include <string>
#include <vector>

struct cpatterns_re2 {
    std::unique_ptr<re2::RE2> expression;
    std::vector<re2::StringPiece> groups;
};

namespace {

// Go has no such budget; RE2's default of 8 MiB refuses some expressions that Go takes, so those get more.
constexpr int64_t large_budget = 64 << 20;

std::unique_ptr<re2::RE2> compile(re2::StringPiece text) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto expression = std::make_unique<re2::RE2>(text, options);
    if (expression->error_code() == re2::RE2::ErrorPatternTooLarge) {
        options.set_max_mem(large_budget);
        expression = std::make_unique<re2::RE2>(text, options);
    }
    return expression;
}

}  // namespace

cpatterns_re2 *cpatterns_re2_create(const char *text, size_t length) try {
    auto pattern = std::make_unique<cpatterns_re2>();
    pattern->expression = compile(re2::StringPiece(text, length));
    if (pattern->expression->ok()) {
        pattern->groups.resize(static_cast<size_t>(pattern->expression->NumberOfCapturingGroups()) + 1);
    }
    return pattern.release();
} catch (const std::bad_alloc &) {
    return nullptr;
}

void cpatterns_re2_free(cpatterns_re2 *pattern) { delete pattern; }

const char *cpatterns_re2_error(const cpatterns_re2 *pattern) {
    return pattern->expression->ok() ? nullptr : pattern->expression->error().c_str();
}

int cpatterns_re2_group_count(const cpatterns_re2 *pattern) {
    return pattern->expression->NumberOfCapturingGroups();
}

bool cpatterns_re2_match(cpatterns_re2 *pattern, const uint8_t *text, size_t length, size_t from, ptrdiff_t *captures,
                         int pairs) {
    const re2::StringPiece subject(reinterpret_cast<const char *>(text), length);
    re2::StringPiece *groups = pattern->groups.data();
    if (!pattern->expression->Match(subject, from, length, re2::RE2::UNANCHORED, groups, pairs)) {
        return false;
    }
    for (int group = 0; group < pairs; group++) {
        const char *start = groups[group].data();
        const ptrdiff_t begin = start == nullptr ? -1 : start - subject.data();
        captures[2 * group] = begin;
        captures[2 * group + 1] = start == nullptr ? -1 : begin + static_cast<ptrdiff_t>(groups[group].size());
    }
    return true;
}
