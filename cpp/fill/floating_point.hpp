// The floating-point environment that the kernels' values are defined in.
#pragma once

#include <cfenv>
#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace fast_init {

// Round to nearest even, subnormals kept, nothing trapped: whatever a library has set (flush to zero,
// another rounding), for as long as this lives, on this thread; then what was there before.
class DefaultFloatingPoint {
  public:
    DefaultFloatingPoint(const DefaultFloatingPoint&) = delete;
    DefaultFloatingPoint& operator=(const DefaultFloatingPoint&) = delete;
#if defined(__SSE2__)
    // The control register of vector and scalar code alike; the x87's has no say and would take 100 ns.
    DefaultFloatingPoint() : saved_(_mm_getcsr()) { _mm_setcsr(0x1f80); }
    ~DefaultFloatingPoint() { _mm_setcsr(saved_); }

  private:
    unsigned saved_;
#else
    DefaultFloatingPoint() {
        std::fegetenv(&saved_);
        std::fesetenv(FE_DFL_ENV);
    }
    ~DefaultFloatingPoint() { std::fesetenv(&saved_); }

  private:
    std::fenv_t saved_;
#endif
};

}  // namespace fast_init
