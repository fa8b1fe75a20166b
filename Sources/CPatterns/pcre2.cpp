#include "cpatterns.h"

#include <string.h>

#include <memory>

namespace {

// Enough for patterns that recurse into groups on lines of some kilobytes; only what is touched takes memory.
constexpr size_t stack_start = 16 << 10;
constexpr size_t stack_limit = 512 << 10;

/// One for all patterns of a thread: a match uses it only while it runs.
pcre2_jit_stack *thread_stack() {
    struct free_stack {
        void operator()(pcre2_jit_stack *stack) const { pcre2_jit_stack_free(stack); }
    };
    thread_local std::unique_ptr<pcre2_jit_stack, free_stack> stack(
        pcre2_jit_stack_create(stack_start, stack_limit, nullptr));
    return stack.get();
}

pcre2_jit_stack *stack_of_this_thread(void *) { return thread_stack(); }

pcre2_code *compile(const char *text, size_t length, bool utf) {
    pcre2_compile_context *context = pcre2_compile_context_create(nullptr);
    if (context == nullptr) {
        return nullptr;
    }
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    uint32_t options = PCRE2_ALT_CIRCUMFLEX | PCRE2_DOLLAR_ENDONLY | PCRE2_DOTALL | PCRE2_NEVER_BACKSLASH_C;
    options |= utf ? PCRE2_UTF : PCRE2_NEVER_UTF;
    int error = 0;
    size_t offset = 0;
    pcre2_code *code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text), length, options, &error, &offset, context);
    pcre2_compile_context_free(context);
    return code;
}

}  // namespace

pcre2_match_data_8 *cpatterns_captures_create(uint32_t pairs) { return pcre2_match_data_create(pairs, nullptr); }

void cpatterns_captures_free(pcre2_match_data_8 *captures) { pcre2_match_data_free(captures); }

bool cpatterns_jit_create(cpatterns_jit *pattern, const char *text, size_t length, bool utf, uint32_t pairs,
                          uint32_t match_limit) {
    *pattern = {compile(text, length, utf), nullptr};
    uint32_t groups = 0;
    if (pattern->code == nullptr || pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE) != 0 ||
        pcre2_pattern_info(pattern->code, PCRE2_INFO_CAPTURECOUNT, &groups) != 0 || groups + 1 != pairs) {
        cpatterns_jit_free(pattern);
        return false;
    }
    pattern->context = pcre2_match_context_create(nullptr);
    if (pattern->context == nullptr) {
        cpatterns_jit_free(pattern);
        return false;
    }
    pcre2_set_match_limit(pattern->context, match_limit);
    pcre2_jit_stack_assign(pattern->context, stack_of_this_thread, nullptr);
    return true;
}

void cpatterns_jit_free(cpatterns_jit *pattern) {
    pcre2_match_context_free(pattern->context);
    pcre2_code_free(pattern->code);
    *pattern = {nullptr, nullptr};
}
