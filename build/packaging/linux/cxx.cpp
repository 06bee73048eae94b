/* Two functions of the C++ library that the domestic desktops' version does not have yet.

   The input plugin for fcitx that Debian 13 has fits our Qt, but was compiled by GCC 14, whose headers call these two.
   debian.py makes the plugin ask for this small library in place of libstdc++.so.6, which this one brings along. */
#include <cxxabi.h>
#include <exception>
#include <new>

#define SHOWN __attribute__((visibility("default")))

namespace std {
[[noreturn]] SHOWN void __throw_bad_array_new_length() { throw bad_array_new_length(); }
} // namespace std

extern "C" [[noreturn]] SHOWN void __cxa_call_terminate(void *exception) noexcept {
    if (exception)
        __cxxabiv1::__cxa_begin_catch(exception);
    std::terminate();
}
